/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "network/guard/guard.h"
#include "network/subnet.h"

/* One that is there already has cut off nobody, and who comes from it may be a guest. */
static bool is_there(const struct guard *guard, const struct network *network)
{
    char bridge[BRIDGE_TEXT];

    guard_bridge(guard, network, bridge);
    return links_find(guard->links, bridge) != NULL;
}

static void check(const struct guard *guard, const struct network *network,
                  const struct subnet *mine, const char *address, const char *what)
{
    char text[SUBNET_TEXT];
    struct subnet theirs;

    if (!address || !subnet_parse(address, &theirs) || !subnet_overlaps(mine, &theirs))
        return;
    diagnostic_hint(diagnostics_error(guard->d, guard_position(network, mine->key),
                                      "network-path", "%s %s contains %s, %s host '%s'",
                                      mine->key, subnet_format(mine, text), address, what,
                                      host_name(guard->host->host)),
                    "choose another %s: what the host sends there would go to the guests",
                    mine->key);
}

static void check_gateways(const struct guard *guard, const struct network *network,
                           const struct subnet *mine, const json_t *routes)
{
    const json_t *route;
    size_t i;

    json_array_foreach (routes, i, route) {
        if (guard_is_main(route))
            check(guard, network, mine, json_string_value(json_object_get(route, "gateway")),
                  "a router of");
    }
}

void guard_path(const struct guard *guard)
{
    list_each(struct network, guard->site->cluster->networks, network)
    {
        struct subnet mine[2];
        size_t count = network_mode(network)->serves ? subnet_of(network, mine) : 0;

        if (count && is_there(guard, network))
            continue;
        for (size_t i = 0; i < count; i++) {
            check(guard, network, &mine[i], guard->facts->client,
                  "where the login comes from that works on");
            for (char **server = guard->facts->nameservers; *server; server++)
                check(guard, network, &mine[i], *server, "a name server of");
            check_gateways(guard, network, &mine[i],
                           mine[i].six ? guard->links->routes6 : guard->links->routes4);
        }
    }
}
