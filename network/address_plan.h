/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives every NIC its addresses: what the file says; then what the node had when it was
 * last applied; then the lowest free ones in the nodes' order, outside the dynamic range, those
 * last that nodes have which are not in the file any more. Where a network has IPv6 too, a free
 * address that looks like the IPv4 one goes before the lowest (address_plan6.h). MAC:
 * what the file says, else derived from cluster, node and network, so that it never changes.
 */
#ifndef NETWORK_ADDRESS_PLAN_H
#define NETWORK_ADDRESS_PLAN_H

#include "config/cluster.h"

/* An address that a node had before. */
struct address_record {
    const char *node;
    const char *network;
    uint32_t ip;    /* 0: it had none */
    struct ip6 ip6; /* all zero: likewise */
};

/* Fails when a subnet has no address left. */
int address_plan(struct cluster *cluster, const struct address_record *records, size_t count,
                 struct error **err) MUST_CHECK;

#endif
