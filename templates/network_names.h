/* SPDX-License-Identifier: Apache-2.0 */
/* The names that a network's DNS knows, by address: libvirt takes one entry an address. */
#ifndef TEMPLATES_NETWORK_NAMES_H
#define TEMPLATES_NETWORK_NAMES_H

#include "config/cluster.h"

struct network_host;

struct network_name {
    char address[IP6_TEXT]; /* of either family, canonical */
    const char *node;       /* whose address it is; NULL: of dns.records */
    char **names;           /* "web-1", "web-1.lab.test", then those of dns.records */
    size_t count;
};

struct network_names {
    struct network_name *items;
    size_t count;
};

/* Of nodes first, in the order of their hosts, then those of the file. Nothing where the
 * network has no DNS. */
void network_names(const struct network *network, const char *domain,
                   const struct network_host *hosts, size_t host_count,
                   struct network_names *ret);
void network_names_done(struct network_names *names);

#endif
