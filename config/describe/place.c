/* SPDX-License-Identifier: Apache-2.0 */
#include "config/describe/place.h"

#include <string.h>

#include "config/cluster.h"

static const struct place *new_place(struct arena *arena, const struct place *parent,
                                     const struct schema *table, const struct field *field)
{
    struct place *place = arena_alloc(arena, sizeof *place);
    const char *suffix = field->type == FIELD_MAP    ? ".NAME"
                         : field->type == FIELD_LIST ? "[]"
                                                     : "";

    place->parent = parent;
    place->table = table;
    place->field = field;
    place->path = arena_printf(arena, "%s%s%s", parent ? parent->inside : "", parent ? "." : "",
                               field->key);
    place->inside = arena_printf(arena, "%s%s", place->path, suffix);
    place->key =
        arena_printf(arena, "%s%s%s", parent ? parent->key : "", parent ? "." : "", field->key);
    return place;
}

static bool stands_above(const struct schema *table, const struct place *place)
{
    while (place && place->table != table)
        place = place->parent;
    return place != NULL;
}

static void add_table(struct arena *arena, struct place_list *all, const struct place *parent,
                      const struct schema *table)
{
    schema_each (table, field) {
        const struct place *place;

        if (field->flags & FIELD_KEY)
            continue;
        place = new_place(arena, parent, table, field);
        arena_push(arena, all->items, all->count, place);
        if (field->schema && !stands_above(field->schema, place))
            add_table(arena, all, place, field->schema);
    }
}

struct place_list place_all(struct arena *arena)
{
    struct place_list all = {0};

    add_table(arena, &all, NULL, &cluster_schema);
    return all;
}

const struct place *place_of_table(const struct place_list *all, const struct schema *table)
{
    const struct place *place, *first = NULL;

    place_each (all, place) {
        const struct place *root = place;

        if (place->field->schema != table)
            continue;
        while (root->parent)
            root = root->parent;
        if (!strcmp(root->field->key, "nodes"))
            return place;
        first = first ? first : place;
    }
    return first;
}

bool place_is_below(const struct place *place, const struct place *above)
{
    do
        place = place->parent;
    while (place && place != above);
    return place == above;
}
