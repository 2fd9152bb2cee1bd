/* SPDX-License-Identifier: Apache-2.0 */
#include "network/guard/guard.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/identity.h"

static void (*const guards[])(const struct guard *) = {
    guard_route,     guard_path, guard_address, guard_mac,
    guard_neighbour, guard_mtu,  guard_ipv6,    guard_bridge_nf,
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

static bool network_settled(const struct site *site, const struct site_host *host,
                            const struct network *network)
{
    const struct survey_network *found;
    char uuid[UUID_TEXT];

    if (!network_mode(network)->serves)
        return true;
    identity_network_uuid(site->cluster_name, network->name, uuid);
    found = survey_network(&host->survey, uuid);
    return found && found->active &&
           (!network->usable ||
            (cidr_network(found->view.subnet) == cidr_network(network->subnet) &&
             found->view.subnet.prefix == network->subnet.prefix)) &&
           (!network->usable6 || (found->view.subnet6.prefix == network->subnet6.prefix &&
                                  ip6_compare(cidr6_network(found->view.subnet6),
                                              cidr6_network(network->subnet6)) == 0));
}

/* What is there has broken nothing: a run that changes nothing need not ask again. */
static bool is_settled(const struct site *site, const struct site_host *host)
{
    const struct cluster *cluster = site->cluster;

    list_each(struct network, cluster->networks, network)
    {
        if (!network_settled(site, host, network))
            return false;
    }
    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];
        char uuid[UUID_TEXT];

        identity_domain_uuid(cluster->name, node->name, uuid);
        if (strcmp(node->host, host_name(host->host)) == 0 &&
            !survey_domain(&host->survey, uuid))
            return false;
    }
    return true;
}

int guard_find(struct site *site, struct diagnostics *d, struct error **err)
{
    for (size_t i = 0; site->cluster->networks.count && i < site->host_count; i++) {
        struct guard guard = {.site = site, .host = &site->hosts[i], .d = d};
        int outcome;

        if (is_settled(site, &site->hosts[i]))
            continue;
        outcome = look(&site->hosts[i], &guard.links, &guard.facts, err);
        if (outcome < 0)
            return -1;
        if (outcome == 0)
            guard_check(&guard);
    }
    return 0;
}
