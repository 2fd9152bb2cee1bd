/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Networks that take another's place: renamed, or given a subnet or bridge that another network
 * of the cluster has until this run. libvirt cannot start one while the other is there, so the
 * old one goes first, also from under nodes that are restarted in this run anyway.
 */
#ifndef NETWORK_SUCCESSOR_H
#define NETWORK_SUCCESSOR_H

#include "engine/resource.h"

/* Of a set whose networks have been observed. */
void successor_find(struct resource_set *set);

#endif
