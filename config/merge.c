/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/loader.h"

static struct document_node *copy_of(struct arena *arena, const struct document_node *node)
{
    struct document_node *copy = arena_alloc(arena, sizeof *copy);

    *copy = *node;
    return copy;
}

/* `over` goes before `under`, mapping by mapping; lists and scalars are not mixed. */
static struct document_node *merge(struct arena *arena, const struct document_node *under,
                                   const struct document_node *over)
{
    struct document_node *merged = copy_of(arena, over);
    struct document_node *item;

    merged->items = arena_alloc(arena, (over->count + under->count + 1) * sizeof(void *));
    merged->count = 0;
    document_each (over, i, item) {
        const struct document_node *below = document_get(under, item->key);

        if (below && below->kind == DOCUMENT_MAPPING && item->kind == DOCUMENT_MAPPING)
            item = merge(arena, below, item);
        merged->items[merged->count++] = item;
    }
    document_each (under, i, item) {
        if (document_get(over, item->key))
            continue;
        item = copy_of(arena, item);
        item->origin = "defaults";
        merged->items[merged->count++] = item;
    }
    return merged;
}

const struct document_node *merge_defaults(struct arena *arena,
                                           const struct document_node *defaults,
                                           const struct document_node *node)
{
    struct document_node *empty;

    if (node->is_null) {
        empty = copy_of(arena, node);
        empty->kind = DOCUMENT_MAPPING;
        empty->is_null = false;
        node = empty;
    }
    if (node->kind != DOCUMENT_MAPPING || !defaults || defaults->kind != DOCUMENT_MAPPING)
        return node;
    return merge(arena, defaults, node);
}
