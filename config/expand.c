/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/loader.h"

static bool is_countable(struct loader *l)
{
    size_t total = 0;

    for (size_t i = 0; i < l->group_count; i++) {
        struct group *group = &l->groups[i];

        group->size = group->base.count ? (size_t)group->base.count : 1;
        total += group->size;
        if (total <= CLUSTER_MAX_NODES)
            continue;
        finding_error(l->d, loader_position(group->base.source, "count"), "node-limit",
                      "split it into several clusters", "the cluster has more than %d nodes",
                      CLUSTER_MAX_NODES);
        return false;
    }
    l->cluster->node_count = total;
    return true;
}

static void expand_nics(struct loader *l, struct node *node, size_t offset)
{
    struct nic *nics;

    if (node->nics.count == 0)
        return;
    nics = arena_alloc(l->arena, node->nics.count * sizeof *nics);
    memcpy(nics, node->nics.items, node->nics.count * sizeof *nics);
    node->nics.items = nics;
    for (size_t i = 0; i < node->nics.count; i++) {
        if (nics[i].ip_explicit)
            nics[i].ip += (uint32_t)offset;
        if (nics[i].ip6_explicit)
            nics[i].ip6 = ip6_add(nics[i].ip6, offset);
    }
}

bool expand_groups(struct loader *l)
{
    struct node *next;

    if (!is_countable(l))
        return false;
    next = arena_alloc(l->arena, l->cluster->node_count * sizeof *next);
    l->cluster->nodes = next;
    for (size_t i = 0; i < l->group_count; i++) {
        struct group *group = &l->groups[i];

        group->nodes = next;
        for (size_t k = 0; k < group->size; k++, next++) {
            *next = group->base;
            if (next->count) {
                next->index = (long long)k + 1;
                next->name = arena_printf(l->arena, "%s-%lld", next->group, next->index);
            } else {
                next->name = next->group;
            }
            expand_nics(l, next, k);
        }
    }
    return true;
}
