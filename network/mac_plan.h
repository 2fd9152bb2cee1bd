/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The MAC of a NIC that is moved to another network: a guest knows its set-up by the MAC, which
 * is derived from the network's name. A NIC whose place in the node is the same, and whose
 * network the node has not any more, is the same NIC on another network: it keeps the MAC that
 * it had, for as long as it is there. The node's tag says so ("moved" beside the MAC).
 */
#ifndef NETWORK_MAC_PLAN_H
#define NETWORK_MAC_PLAN_H

#include "config/cluster.h"

/* After the addresses are planned. `applied` is what the node's tag says of its networks, or
 * NULL.
 */
void mac_plan(const char *cluster, struct node *node, const json_t *applied);

#endif
