/* SPDX-License-Identifier: Apache-2.0 */
#include "network/guard/guard.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/identity.h"

static void (*const guards[])(const struct guard *) = {
    guard_route, guard_path, guard_mac, guard_neighbour, guard_mtu, guard_ipv6, guard_bridge_nf,
};

void guard_check(const struct guard *guard)
{
    for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
        guards[i](guard);
}

struct position guard_position(const struct network *network, const char *key)
{
    const struct document_node *value = document_get(network->source, key);

    return value                  ? value->position
           : network->source->key ? network->source->key_position
                                  : network->source->position;
}

void guard_bridge(const struct guard *guard, const struct network *network,
                  char out[BRIDGE_TEXT])
{
    if (network->bridge)
        snprintf(out, BRIDGE_TEXT, "%s", network->bridge);
    else
        identity_bridge(guard->site->cluster_name, network->name, out);
}

bool guard_is_main(const json_t *route)
{
    const char *table = json_string_value(json_object_get(route, "table"));
    const char *type = json_string_value(json_object_get(route, "type"));

    return (!table || strcmp(table, "main") == 0) && (!type || strcmp(type, "unicast") == 0);
}

const char *guard_way_out(const json_t *routes)
{
    const char *device = NULL;
    json_int_t lowest = LLONG_MAX;
    const json_t *route;
    size_t i;

    json_array_foreach (routes, i, route) {
        const char *to = json_string_value(json_object_get(route, "dst"));
        json_int_t metric = json_integer_value(json_object_get(route, "metric"));

        if (!to || strcmp(to, "default") != 0 || metric >= lowest || !guard_is_main(route))
            continue;
        lowest = metric;
        device = json_string_value(json_object_get(route, "dev"));
    }
    return device;
}

/* 1: the host takes no commands, 0: read. */
static int look(struct site_host *host, const struct links **links,
                const struct net_facts **facts, struct error **err)
{
    auto_error struct error *reason = NULL;

    if (host_is_mock(host->host))
        return 1;
    if (site_links(host, links, &reason) == 0 && site_net_facts(host, facts, &reason) == 0)
        return 0;
    if (reason->kind == ERROR_NOT_FOUND)
        return 1;
    error_move(err, TAKE(reason));
    return -1;
}

int guard_find(struct site *site, struct diagnostics *d, struct error **err)
{
    for (size_t i = 0; site->cluster->networks.count && i < site->host_count; i++) {
        struct guard guard = {.site = site, .host = &site->hosts[i], .d = d};
        int outcome = look(&site->hosts[i], &guard.links, &guard.facts, err);

        if (outcome < 0)
            return -1;
        if (outcome == 0)
            guard_check(&guard);
    }
    return 0;
}
