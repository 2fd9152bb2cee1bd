/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/compose/compose.h"

/* Mappings of more keys get an index. */
#define FEW 16

static struct document_node *copy_of(struct arena *arena, const struct document_node *node)
{
    struct document_node *copy = arena_alloc(arena, sizeof *copy);

    *copy = *node;
    return copy;
}

bool merge_is_null(const struct document_node *node)
{
    return node->is_null && *node->text;
}

/* An item of a mapping that came from somewhere came from there too. */
static struct document_node *adopt(struct arena *arena, struct document_node *item,
                                   const struct document_node *mapping)
{
    if (!mapping->origin || item->origin)
        return item;
    item = copy_of(arena, item);
    item->origin = mapping->origin;
    return item;
}

struct lookup {
    const struct document_node *mapping;
    struct names names;
};

static struct lookup lookup_start(const struct document_node *mapping)
{
    struct lookup lookup = {.mapping = mapping};
    struct document_node *item;

    if (mapping->count > FEW) {
        document_each (mapping, i, item)
            names_add(&lookup.names, item->key, item);
    }
    return lookup;
}

static struct document_node *lookup_get(const struct lookup *lookup, const char *key)
{
    return lookup->mapping->count > FEW ? names_find(&lookup->names, key)
                                        : document_get(lookup->mapping, key);
}

static const struct schema *schema_below(const struct schema *schema, const char *key)
{
    const struct field *field = schema ? schema_field(schema, key) : NULL;

    return field ? field->schema : NULL;
}

/* `cpus: 4` as { count: 4 }, to be merged with a mapping. */
static struct document_node *long_form(struct arena *arena, const struct schema *schema,
                                       struct document_node *scalar)
{
    struct document_node *mapping = copy_of(arena, scalar), *value = copy_of(arena, scalar);

    value->key = schema->scalar_key;
    *mapping = (struct document_node){.kind = DOCUMENT_MAPPING,
                                      .position = scalar->position,
                                      .key_position = scalar->key_position,
                                      .key = scalar->key,
                                      .origin = scalar->origin};
    arena_push(arena, mapping->items, mapping->count, value);
    return mapping;
}

/* What becomes of a key that both have; NULL: it is taken away. */
static struct document_node *merge_item(struct loader *l, const struct schema *schema,
                                        struct document_node *below, struct document_node *item)
{
    bool has_form = schema && schema->scalar_key;

    if (merge_is_null(item))
        return NULL;
    if (has_form && below->kind == DOCUMENT_SCALAR && item->kind == DOCUMENT_MAPPING &&
        !below->is_null)
        below = long_form(l->arena, schema, below);
    else if (has_form && below->kind == DOCUMENT_MAPPING && item->kind == DOCUMENT_SCALAR &&
             !item->is_null)
        item = long_form(l->arena, schema, item);
    if (below->kind == DOCUMENT_MAPPING && item->kind == DOCUMENT_MAPPING)
        return merge_mappings(l, schema, below, item);
    return item;
}

/* Nodes times keys: a small file could fill the memory. */
static bool admit(struct loader *l, const struct document_node *at, size_t count)
{
    bool is_first = l->merged <= COMPOSED_MAX_VALUES;

    l->merged += count;
    if (l->merged <= COMPOSED_MAX_VALUES)
        return true;
    if (is_first)
        finding_error(l->d, at->key ? at->key_position : at->position, "composed-size",
                      "take something out of 'defaults' and 'profiles'",
                      "with what they inherit, the nodes have more than %d values",
                      COMPOSED_MAX_VALUES);
    return false;
}

struct merge {
    struct loader *l;
    const struct schema *schema;
    const struct document_node *under, *over;
    struct lookup in_under, in_over;
    struct document_node *merged;
};

static void push(struct merge *m, struct document_node *item)
{
    if (item)
        m->merged->items[m->merged->count++] = item;
}

static struct document_node *merge_both(struct merge *m, struct document_node *below,
                                        struct document_node *item)
{
    return merge_item(m->l, schema_below(m->schema, item->key),
                      adopt(m->l->arena, below, m->under), adopt(m->l->arena, item, m->over));
}

/* What is only in one of the two; the keys of both go with that which comes first. */
static void push_from(struct merge *m, const struct document_node *from,
                      const struct lookup *other, bool is_first)
{
    struct document_node *item;

    document_each (from, i, item) {
        struct document_node *twin = lookup_get(other, item->key);

        if (!twin)
            push(m, adopt(m->l->arena, item, from));
        else if (is_first)
            push(m, from == m->over ? merge_both(m, twin, item) : merge_both(m, item, twin));
    }
}

struct document_node *merge_mappings(struct loader *l, const struct schema *schema,
                                     const struct document_node *under,
                                     const struct document_node *over)
{
    struct merge m = {.l = l,
                      .schema = schema,
                      .under = under,
                      .over = over,
                      .in_under = lookup_start(under),
                      .in_over = lookup_start(over),
                      .merged = copy_of(l->arena, over)};
    size_t count = over->count + under->count;

    m.merged->origin = NULL;
    m.merged->count = 0;
    m.merged->items = NULL;
    if (admit(l, over, count)) {
        m.merged->items = arena_alloc(l->arena, (count + 1) * sizeof(void *));
        if (l->merges_files)
            push_from(&m, under, &m.in_over, true);
        push_from(&m, over, &m.in_under, !l->merges_files);
        if (!l->merges_files)
            push_from(&m, under, &m.in_over, false);
    }
    names_done(&m.in_over.names);
    names_done(&m.in_under.names);
    return m.merged;
}

/* Free mappings (cloud_init) may mean their nulls. */
static bool is_pruned(const struct field *field)
{
    return field && (field->type == FIELD_LABELS || field->type == FIELD_STRUCT);
}

const struct document_node *merge_prune(struct arena *arena, const struct schema *schema,
                                        const struct document_node *node, bool all)
{
    struct document_node *pruned = NULL, *item;

    document_each (node, i, item) {
        const struct field *field = schema ? schema_field(schema, item->key) : NULL;
        bool whole = all || (item->origin && strcmp(item->origin, "defaults") != 0);
        bool drops = whole && merge_is_null(item) && (field || !schema);
        const struct document_node *kept = item;

        if (item->kind == DOCUMENT_MAPPING && is_pruned(field))
            kept = merge_prune(arena, field->schema, item, whole);
        if (!pruned && kept == item && !drops)
            continue;
        if (!pruned) {
            pruned = copy_of(arena, node);
            pruned->items = arena_alloc(arena, (node->count + 1) * sizeof(void *));
            memcpy(pruned->items, node->items, i * sizeof(void *));
            pruned->count = i;
        }
        if (!drops)
            pruned->items[pruned->count++] = (struct document_node *)kept;
    }
    return pruned ? pruned : node;
}
