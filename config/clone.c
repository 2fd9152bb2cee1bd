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
        nics[i].ip_explicit = nics[i].mac_explicit = false;
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
    copy_nics(cluster, clone);
    cluster->nodes = nodes;
    cluster->node_count = count + 1;
}

void cluster_drop_clones(struct cluster *cluster)
{
    while (cluster->node_count && cluster->nodes[cluster->node_count - 1].clone_of)
        cluster->node_count--;
}
