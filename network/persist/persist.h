/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "persist": files that let a host's own network manager make a bridge of
 * ours again at boot (templates/persist/). They are found by their names and first lines, and
 * written after the bridge, from its network's record of what the uplink had. Its context is a
 * struct site.
 */
#ifndef NETWORK_PERSIST_H
#define NETWORK_PERSIST_H

#include "engine/resource.h"
#include "host/site.h"

extern const struct resource_kind persist_kind;

/* Adds the files of a wanted network as a wanted resource; nothing where none are asked for. */
void persist_want(struct resource_set *set, const struct site *site, struct resource *network);

#endif
