/* SPDX-License-Identifier: Apache-2.0 */
/* A subnet of either family, as routes and addresses of a host are compared with networks. */
#ifndef NETWORK_SUBNET_H
#define NETWORK_SUBNET_H

#include "config/network/network.h"
#include "util/ip6.h"

#define SUBNET_TEXT CIDR6_TEXT

struct subnet {
    bool six;
    struct cidr four;
    struct cidr6 of6;
    const char *key; /* of the network: "subnet" or "subnet6" */
};

/* "10.0.0.0/24", "10.0.0.1", "fd00::/64", "fd00::1"; false for anything else. */
bool subnet_parse(const char *text, struct subnet *ret);
bool subnet_overlaps(const struct subnet *a, const struct subnet *b);
const char *subnet_format(const struct subnet *subnet, char out[SUBNET_TEXT]);
/* Those of a network, at most two. */
size_t subnet_of(const struct network *network, struct subnet ret[2]);

#endif
