/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "ready": waiting until a node answers SSH with its own key. Its being there
 * is a mark on the running domain, which goes when the domain stops: a second `up` does not
 * wait again, and no file says so.
 */
#ifndef PROVISION_READINESS_H
#define PROVISION_READINESS_H

#include "provision/node/machine.h"

extern const struct resource_kind readiness_kind;

struct resource *readiness_want(struct machine *m);

#endif
