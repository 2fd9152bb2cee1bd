/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What else decides whether packets pass on a host: kernel settings, the firewall's policy,
 * who is there already, and who must stay reachable. Read through host/shell.h;
 * site_net_facts() does so once a run.
 */
#ifndef HOST_NET_FACTS_H
#define HOST_NET_FACTS_H

#include <jansson.h>

#include "host/host.h"

struct net_facts {
    json_t *values;     /* settings by their path below /proc/sys, and what else has a name */
    json_t *neighbours; /* as `ip -j neigh` has them: dst, lladdr, dev, state */
    /* Addresses as text: the name servers, and from where the login comes that gives the
     * commands (on a local host, that of whoever runs us). NULL-terminated. */
    char **nameservers;
    char *client; /* or NULL */
};

int net_facts_read(struct host *host, struct net_facts *ret, struct error **err) MUST_CHECK;
/* The same from the output of the command. */
int net_facts_parse(const char *text, struct net_facts *ret, struct error **err) MUST_CHECK;
void net_facts_done(struct net_facts *facts);

/* A setting's text ("net/ipv4/ip_forward": "1"), or NULL where the kernel has none. Also
 * "forward-policy": that of the firewall's FORWARD chain, "ACCEPT" or "DROP". */
const char *net_facts_value(const struct net_facts *facts, const char *name);
bool net_facts_is(const struct net_facts *facts, const char *name, const char *value);

#endif
