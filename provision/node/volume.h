/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "volume": a node's root overlay on its base image, and its extra disks.
 * Named "web-1/root", "web-1/data". They only grow; a running guest sees it at once.
 */
#ifndef PROVISION_VOLUME_H
#define PROVISION_VOLUME_H

#include "provision/node/machine.h"

extern const struct resource_kind volume_kind;

/* The root overlay (disk NULL) or an extra disk of a node. */
struct resource *volume_want(struct machine *m, const struct disk *disk);

#endif
