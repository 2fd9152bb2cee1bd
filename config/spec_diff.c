/* SPDX-License-Identifier: Apache-2.0 */
#include "config/spec_diff.h"

#include <string.h>

#include "util/memory.h"

struct walk {
    void (*visit)(void *user, const struct spec_change *change);
    void *user;
};

struct level {
    const struct schema *schema;
    const char *path; /* NULL at the top */
    enum field_change cost;
};

static void walk_level(const struct walk *w, const struct level *level, const json_t *from,
                       const json_t *to);

static enum field_change cost_of(const struct level *level, const struct field *field)
{
    if (level->cost == FIELD_CHANGE_RECREATE || field->change == FIELD_CHANGE_FREE)
        return level->cost;
    return field->change;
}

/* A default that the row applies, or would have applied in another version. */
static bool is_default(const struct field *field, const json_t *value)
{
    auto_free char *text = NULL;

    if (!field->default_text || (field->flags & FIELD_NOTE))
        return false;
    text = json_is_string(value) ? xstrdup(json_string_value(value))
                                 : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    return text && strcmp(text, field->default_text) == 0;
}

static bool is_same(const struct field *field, const json_t *from, const json_t *to)
{
    if (from && to)
        return json_equal(from, to);
    return (!from && !to) || is_default(field, from ? from : to);
}

/* The mapping that a short form stands for. New reference; NULL for no value. */
static json_t *expanded(const struct schema *schema, const json_t *value)
{
    json_t *object;

    if (!value || json_is_object(value) || !schema->scalar_key)
        return json_incref((json_t *)value);
    object = json_object();
    json_object_set(object, schema->scalar_key, (json_t *)value);
    return object;
}

static void visit(const struct walk *w, const struct level *level, const struct field *field,
                  const char *path, const json_t *from, const json_t *to)
{
    const struct spec_change change = {
        .path = path, .field = field, .cost = cost_of(level, field), .from = from, .to = to};

    w->visit(w->user, &change);
}

static void walk_struct(const struct walk *w, const struct level *level,
                        const struct field *field, const char *path, const json_t *from,
                        const json_t *to)
{
    const struct level below = {field->schema, path, cost_of(level, field)};
    json_t *left = expanded(field->schema, from);
    json_t *right = expanded(field->schema, to);

    if ((left && right) || field->schema->scalar_key)
        walk_level(w, &below, left, right);
    else
        visit(w, level, field, path, from, to);
    json_decref(left);
    json_decref(right);
}

/* The item called `name` of a list of mappings. */
static json_t *item_named(const json_t *list, const char *name)
{
    json_t *item;
    size_t i;

    json_array_foreach (list, i, item) {
        const char *known = json_string_value(json_object_get(item, "name"));

        if (known && strcmp(known, name) == 0)
            return item;
    }
    return NULL;
}

static void walk_item(const struct walk *w, const struct level *level,
                      const struct field *field, const char *outer, const char *name,
                      const json_t *from, const json_t *to)
{
    const struct level below = {field->schema, NULL, cost_of(level, field)};
    auto_free char *path = xasprintf("%s.%s", outer, name);
    struct level named = below;
    json_t *left, *right;

    named.path = path;
    if (!from || !to) {
        visit(w, level, field, path, from, to);
        return;
    }
    left = expanded(field->schema, from);
    right = expanded(field->schema, to);
    walk_level(w, &named, left, right);
    json_decref(left);
    json_decref(right);
}

/* Lists of other lengths are other lists. */
static void walk_places(const struct walk *w, const struct level *level,
                        const struct field *field, const char *path, const json_t *from,
                        const json_t *to)
{
    if (json_array_size(from) != json_array_size(to)) {
        visit(w, level, field, path, from, to);
        return;
    }
    for (size_t i = 0; i < json_array_size(from); i++) {
        auto_free char *place = xasprintf("%zu", i);

        walk_item(w, level, field, path, place, json_array_get(from, i), json_array_get(to, i));
    }
}

static void walk_names(const struct walk *w, const struct level *level,
                       const struct field *field, const char *path, const json_t *from,
                       const json_t *to)
{
    const char *key;
    json_t *item;

    json_object_foreach ((json_t *)from, key, item)
        walk_item(w, level, field, path, key, item, json_object_get(to, key));
    json_object_foreach ((json_t *)to, key, item) {
        if (!json_object_get(from, key))
            walk_item(w, level, field, path, key, NULL, item);
    }
}

static void walk_list(const struct walk *w, const struct level *level,
                      const struct field *field, const char *path, const json_t *from,
                      const json_t *to)
{
    json_t *item;
    size_t i;

    json_array_foreach (from, i, item) {
        const char *name = json_string_value(json_object_get(item, "name"));

        if (name)
            walk_item(w, level, field, path, name, item, item_named(to, name));
    }
    json_array_foreach (to, i, item) {
        const char *name = json_string_value(json_object_get(item, "name"));

        if (name && !item_named(from, name))
            walk_item(w, level, field, path, name, NULL, item);
    }
}

static void walk_field(const struct walk *w, const struct level *level,
                       const struct field *field, const json_t *from, const json_t *to)
{
    bool is_scalar_key = level->path && level->schema->scalar_key &&
                         strcmp(level->schema->scalar_key, field->key) == 0;
    auto_free char *path = is_scalar_key ? xstrdup(level->path)
                           : level->path ? xasprintf("%s.%s", level->path, field->key)
                                         : xstrdup(field->key);

    if (field->type == FIELD_STRUCT)
        walk_struct(w, level, field, path, from, to);
    else if (field->type == FIELD_MAP)
        walk_names(w, level, field, path, from, to);
    else if (field->type == FIELD_LIST && schema_field(field->schema, "name"))
        walk_list(w, level, field, path, from, to);
    else if (field->flags & FIELD_PLACED)
        walk_places(w, level, field, path, from, to);
    else
        visit(w, level, field, path, from, to);
}

static void walk_level(const struct walk *w, const struct level *level, const json_t *from,
                       const json_t *to)
{
    schema_each (level->schema, field) {
        const json_t *left = json_object_get(from, field->key);
        const json_t *right = json_object_get(to, field->key);

        if (!(field->flags & (FIELD_KEY | FIELD_NO_SPEC | FIELD_DEFERRED)) &&
            !is_same(field, left, right))
            walk_field(w, level, field, left, right);
    }
}

void spec_diff(const struct schema *schema, const json_t *from, const json_t *to,
               void (*visit_change)(void *user, const struct spec_change *change), void *user)
{
    const struct walk w = {visit_change, user};
    const struct level top = {.schema = schema};

    walk_level(&w, &top, from, to);
}
