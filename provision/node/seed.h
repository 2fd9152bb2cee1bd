/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "seed": the NoCloud image that tells a guest who it is. Named by what it
 * says, so one is never changed: a node that must hear something new gets another, and the old
 * one goes once the node has let go of it.
 */
#ifndef PROVISION_SEED_H
#define PROVISION_SEED_H

#include "provision/node/machine.h"

extern const struct resource_kind seed_kind;

struct resource *seed_want(struct machine *m);

#endif
