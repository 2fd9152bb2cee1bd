/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which way a node's published ports take: the host rewrites packets to its port, so the node
 * needs an address that it always has on a network whose gateway is the host.
 */
#ifndef CONFIG_PUBLISH_H
#define CONFIG_PUBLISH_H

#include "config/cluster.h"

struct publish_way {
    const struct nic *nic; /* NULL: there is none */
    /* Its answers go another way by themselves: what comes in must look as if the host itself
     * had sent it. */
    bool is_detour;
};

struct publish_way publish_way(const struct node *node);

#endif
