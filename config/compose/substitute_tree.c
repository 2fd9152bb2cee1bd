/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over the tree, with the tables: they say which texts are the guest's. */
#include <string.h>

#include "config/compose/variables.h"

/* What the tables know of a value. */
struct site {
    const struct schema *schema; /* of the mapping, or of each item; NULL: nothing */
    bool has_items;              /* names or a list, each item with that table */
    bool guest;
};

static struct site site_below(struct site site, const struct document_node *item)
{
    const struct field *field;

    if (site.has_items)
        return (struct site){.schema = site.schema, .guest = site.guest};
    field = site.schema && item->key ? schema_field(site.schema, item->key) : NULL;
    if (!field)
        return (struct site){.guest = site.guest};
    return (struct site){
        .schema = field->schema,
        .has_items = field->type == FIELD_MAP || field->type == FIELD_LIST,
        .guest = site.guest || (field->flags & FIELD_GUEST),
    };
}

static const struct document_node *expand(struct variables *v, struct site site,
                                          const struct document_node *node);

/* Trees are shared (aliases, files that are included twice): what changes is a copy. */
static const struct document_node *expand_items(struct variables *v, struct site site,
                                                const struct document_node *node)
{
    struct document_node *copy = NULL, *item;
    const struct document_node *expanded;

    document_each (node, i, item) {
        expanded = expand(v, site_below(site, item), item);
        if (expanded == item)
            continue;
        if (!copy) {
            copy = arena_alloc(v->l->arena, sizeof *copy);
            *copy = *node;
            copy->items = arena_alloc(v->l->arena, (node->count + 1) * sizeof(void *));
            memcpy(copy->items, node->items, node->count * sizeof(void *));
        }
        copy->items[i] = (struct document_node *)expanded;
    }
    return copy ? copy : node;
}

static const struct document_node *expand(struct variables *v, struct site site,
                                          const struct document_node *node)
{
    const struct document_node *expanded;
    struct document_node *bad;

    if (node->kind != DOCUMENT_SCALAR)
        return expand_items(v, site, node);
    expanded = variables_expand(v, node, site.guest);
    if (expanded)
        return expanded;
    bad = arena_alloc(v->l->arena, sizeof *bad);
    *bad = *node;
    bad->failed = true;
    return bad;
}

const struct document_node *variables_expand_tree(struct variables *v,
                                                  const struct document_node *root)
{
    struct document_node *copy = arena_alloc(v->l->arena, sizeof *copy), *item;

    *copy = *root;
    copy->items = arena_alloc(v->l->arena, (root->count + 1) * sizeof(void *));
    document_each (root, i, item) {
        const struct site top = {.schema = &cluster_schema};
        const struct document_node *expanded = item;

        /* These were expanded when they were read. */
        if (strcmp(item->key, "vars") != 0 && strcmp(item->key, "include") != 0)
            expanded = expand(v, site_below(top, item), item);
        copy->items[i] = (struct document_node *)expanded;
    }
    return copy;
}
