/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "network/guard/guard.h"
#include "network/subnet.h"

static void taken(const struct guard *guard, const struct network *network, const char *key,
                  const char *address, const char *whose)
{
    diagnostic_hint(diagnostics_error(guard->d, guard_position(network, key), "address-in-use",
                                      "%s %s is the one of %s host '%s'", key, address, whose,
                                      host_name(guard->host->host)),
                    "the bridge needs one that nobody else has, or none");
}

/* One word for each address that must stay somebody else's. */
static bool is_router(const json_t *routes, const char *address)
{
    const json_t *route;
    size_t i;

    json_array_foreach (routes, i, route) {
        const char *gateway = json_string_value(json_object_get(route, "gateway"));

        if (gateway && strcmp(gateway, address) == 0)
            return true;
    }
    return false;
}

static bool is_nameserver(const struct net_facts *facts, const char *address)
{
    for (char **server = facts->nameservers; *server; server++) {
        if (strcmp(*server, address) == 0)
            return true;
    }
    return false;
}

static const char *neighbour(const struct net_facts *facts, const char *address)
{
    const json_t *item;
    size_t i;

    json_array_foreach (facts->neighbours, i, item) {
        const char *to = json_string_value(json_object_get(item, "dst"));

        if (to && strcmp(to, address) == 0)
            return json_string_value(json_object_get(item, "lladdr"));
    }
    return NULL;
}

static void check(const struct guard *guard, const struct network *network, const char *key,
                  const struct subnet *subnet)
{
    char address[SUBNET_TEXT];
    const char *mac;

    if (subnet->six)
        ip6_format(subnet->of6.address, address);
    else
        ip4_format(subnet->four.address, address);
    mac = neighbour(guard->facts, address);
    if (is_router(subnet->six ? guard->links->routes6 : guard->links->routes4, address))
        taken(guard, network, key, address, "a router of");
    else if (is_nameserver(guard->facts, address))
        taken(guard, network, key, address, "a name server of");
    else if (guard->facts->client && strcmp(guard->facts->client, address) == 0)
        taken(guard, network, key, address, "whoever gives the command on");
    else if (mac)
        taken(guard, network, key, address, "a neighbour of");
}

void guard_address(const struct guard *guard)
{
    list_each(struct network, guard->site->cluster->networks, network)
    {
        struct subnet subnet;
        char bridge[BRIDGE_TEXT];

        guard_bridge(guard, network, bridge);
        if (!network_is_own_bridge(network) || links_find(guard->links, bridge))
            continue;
        if (network->address.prefix)
            check(guard, network, "address", &(struct subnet){.four = network->address});
        if (network->address6 && subnet_parse(network->address6, &subnet))
            check(guard, network, "address6", &subnet);
    }
}
