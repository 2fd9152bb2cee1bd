/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/cluster.h"

/* Nodes of one group share the array of what they depend on: each is moved once. */
static void move_dependencies(struct node *node, const struct node *old, size_t count,
                              struct node *nodes)
{
    for (size_t i = 0; i < node->dependency_count; i++) {
        struct node **other = &node->dependencies[i];

        if (*other >= old && *other < old + count)
            *other = nodes + (*other - old);
    }
}

static void copy_nics(struct cluster *cluster, struct node *node)
{
    struct nic *nics = arena_alloc(cluster->arena, (node->nics.count + 1) * sizeof *nics);

    if (node->nics.count)
        memcpy(nics, node->nics.items, node->nics.count * sizeof *nics);
    node->nics.items = nics;
    for (size_t i = 0; i < node->nics.count; i++) {
        nics[i].ip = 0;
        nics[i].ip6 = (struct ip6){0};
        nics[i].ip_explicit = nics[i].ip6_explicit = nics[i].mac_explicit = false;
        /* each port of the host leads to one node: the original's stay its own */
        nics[i].forwards = (struct list){0};
        nics[i].ssh_port = 0;
        /* nobody but the file knows which addresses are free on somebody else's LAN */
        nics[i].dynamic =
            nics[i].dynamic || (nics[i].net && !network_mode(nics[i].net)->serves);
    }
}

void cluster_add_clone(struct cluster *cluster, const char *of, const char *name)
{
    const struct node *source = cluster_node(cluster, of), *old = cluster->nodes;
    size_t count = cluster->node_count;
    struct node *nodes = arena_alloc(cluster->arena, (count + 1) * sizeof *nodes);
    struct node *clone = &nodes[count];

    memcpy(nodes, old, count * sizeof *nodes);
    *clone = *source;
    for (size_t i = 0; i < count; i++)
        move_dependencies(&nodes[i], old, count, nodes);
    clone->name = clone->group = arena_strdup(cluster->arena, name);
    clone->count = clone->index = 0;
    clone->clone_of = source->clone_of ? source->clone_of : source->name;
    clone->publish = (struct list){0};
    copy_nics(cluster, clone);
    cluster->nodes = nodes;
    cluster->node_count = count + 1;
}

/* False where it had no address, or one that the network has not any more. */
static bool read_nic(const struct cluster *cluster, const json_t *spec, struct nic *ret)
{
    const char *name = json_string_value(json_object_get(spec, "network"));
    const char *ip = json_string_value(json_object_get(spec, "ip"));
    const char *ip6 = json_string_value(json_object_get(spec, "ip6"));
    const char *mac = json_string_value(json_object_get(spec, "mac"));

    ret->net = name ? cluster_network(cluster, name) : NULL;
    if (!ret->net || !ip || ip4_parse(ip, &ret->ip, NULL) < 0 ||
        (network_mode(ret->net)->serves && !cidr_contains(ret->net->subnet, ret->ip)))
        return false;
    if (ip6 && ip6_parse(ip6, &ret->ip6, NULL) == 0 && !network_has_host6(ret->net, ret->ip6))
        ret->ip6 = (struct ip6){0};
    ret->network = ret->net->name;
    return mac && mac_parse(mac, &ret->mac, NULL) == 0;
}

void cluster_add_orphan(struct cluster *cluster, const char *of, const char *name,
                        const json_t *networks)
{
    size_t count = cluster->orphan_count;
    struct node *all = arena_alloc(cluster->arena, (count + 1) * sizeof *all);
    struct nic *nics =
        arena_alloc(cluster->arena, (json_array_size(networks) + 1) * sizeof *nics);
    struct node *orphan = &all[count];
    const json_t *item;
    size_t i;

    if (count)
        memcpy(all, cluster->orphans, count * sizeof *all);
    *orphan = (struct node){.name = arena_strdup(cluster->arena, name),
                            .clone_of = arena_strdup(cluster->arena, of)};
    orphan->nics.items = nics;
    json_array_foreach (networks, i, item) {
        nics[orphan->nics.count] = (struct nic){0};
        orphan->nics.count += read_nic(cluster, item, &nics[orphan->nics.count]);
    }
    cluster->orphans = all;
    cluster->orphan_count = count + 1;
}

void cluster_drop_clones(struct cluster *cluster)
{
    cluster->orphan_count = 0;
    while (cluster->node_count && cluster->nodes[cluster->node_count - 1].clone_of)
        cluster->node_count--;
}
