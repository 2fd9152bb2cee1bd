/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a network would break on its host, or what on the host would break the network: found
 * before anything is made, by what the kernel says (host/links.h, host/net_facts.h). Hosts that
 * take no commands are not looked at. A new guard is a file and a row in guard.c.
 */
#ifndef NETWORK_GUARD_H
#define NETWORK_GUARD_H

#include "host/identity.h"
#include "host/links.h"
#include "host/net_facts.h"
#include "host/site.h"
#include "util/diagnostic.h"

struct guard {
    const struct site *site;
    const struct site_host *host;
    const struct links *links;
    const struct net_facts *facts;
    struct diagnostics *d;
};

/* Adds a finding for each thing; -1 only when a host cannot be looked at. */
int guard_find(struct site *site, struct diagnostics *d, struct error **err) MUST_CHECK;
/* All guards, over facts that were read already. */
void guard_check(const struct guard *guard);

/* Of a key of the network, or of the network itself. */
struct position guard_position(const struct network *network, const char *key);
/* The bridge that the network has, or would get. */
void guard_bridge(const struct guard *guard, const struct network *network,
                  char out[BRIDGE_TEXT]);
/* Whether a packet may take the route by its address alone: it is in the main table, which `ip`
 * names only when it shows details. */
bool guard_is_main(const json_t *route);
/* The device of the default route with the lowest metric, or NULL. */
const char *guard_way_out(const json_t *routes);

/* Subnets and routes of the host, also those of containers. */
void guard_route(const struct guard *guard);
/* Addresses of the host on a bridge of ours that are somebody else's. */
void guard_address(const struct guard *guard);
/* Subnets that hold whom the host must still reach. */
void guard_path(const struct guard *guard);
/* MAC addresses of the file that somebody else's domain has. */
void guard_mac(const struct guard *guard);
/* Addresses that nodes get and somebody else there has. */
void guard_neighbour(const struct guard *guard);
/* Packets larger than what carries them. */
void guard_mtu(const struct guard *guard);
/* IPv6 routers whose word is not heard any more once the host forwards. */
void guard_ipv6(const struct guard *guard);
/* Bridged packets that go through a firewall which drops them. */
void guard_bridge_nf(const struct guard *guard);

#endif
