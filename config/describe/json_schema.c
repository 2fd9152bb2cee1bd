/* SPDX-License-Identifier: Apache-2.0 */
#include "config/describe/json_schema.h"

#include <string.h>

#include "config/cluster.h"

struct generator {
    struct arena *arena;
    struct place_list all;
    json_t *definitions;
};

/* "network of a node" is network-of-a-node. */
static const char *definition_name(struct generator *g, const struct schema *table)
{
    char *name = arena_strdup(g->arena, table->name);

    for (char *p = name; (p = strchr(p, ' '));)
        *p = '-';
    return name;
}

/* Mappings are put over those of profiles, of `defaults` and of included files: what one lacks
 * another may have, and null takes a key away. A list is replaced as a whole, but for an item
 * that stands alone for one. */
static bool is_merged(struct generator *g, const struct schema *table)
{
    const struct place *place;

    place_each (&g->all, place) {
        const struct place *above = place;

        if (place->field->schema != table)
            continue;
        while (above && (above->field->type != FIELD_LIST || above->field->flags & FIELD_LONE))
            above = above->parent;
        if (!above)
            return true;
    }
    return table == &cluster_schema;
}

/* Where a row of the table is described best. */
static const struct place *place_of_row(struct generator *g, const struct field *field)
{
    const struct place *place, *first = NULL;

    place_each (&g->all, place) {
        if (place->field != field)
            continue;
        if (!strncmp(place->key, "nodes.", strlen("nodes.")))
            return place;
        first = first ? first : place;
    }
    return first;
}

static void define_table(struct generator *g, const struct schema *table);
static json_t *shape(struct generator *g, const struct field *field);

static json_t *reference(const char *name)
{
    auto_free char *path = xasprintf("#/$defs/%s", name);

    return json_pack("{s:s}", "$ref", path);
}

/* The table's mapping, or what may stand for it. What is none of these gets to read `expected`:
 * in the definition, editors would say it of a wrong key too. */
static json_t *table_shape(struct generator *g, const struct schema *table,
                           const char *expected)
{
    const char *name = definition_name(g, table);
    json_t *mapping, *forms;

    if (!json_object_get(g->definitions, name))
        define_table(g, table);
    mapping = json_pack("{s:[{s:[s], s:s}, o]}", "allOf", "type", "object", "errorMessage",
                        expected, reference(name));
    if (!schema_has_short_form(table))
        return mapping;
    forms = json_pack("[o]", mapping);
    if (table->scalar_key)
        json_array_append_new(forms, shape(g, schema_field(table, table->scalar_key)));
    if (table->short_form_schema)
        json_array_append_new(forms, json_schema_parse(table->short_form_schema));
    return json_pack("{s:o}", "anyOf", forms);
}

static bool needs_nothing(struct generator *g, const struct schema *table)
{
    if (table->one_of && !is_merged(g, table))
        return false;
    schema_each (table, field) {
        if (field->flags & FIELD_REQUIRED && !table->required_note && !is_merged(g, table))
            return false;
    }
    return true;
}

/* An item that says nothing is an empty mapping; null takes away what an included file has. */
static json_t *item_shape(struct generator *g, const struct schema *table)
{
    const char *forms = table->short_form_text;
    json_t *item = table_shape(g, table, forms ? forms : "must be a mapping");

    return needs_nothing(g, table) ? json_schema_nullable(item) : item;
}

static const struct field *key_row(const struct schema *table)
{
    schema_each (table, field) {
        if (field->flags & FIELD_KEY)
            return field;
    }
    return NULL;
}

static json_t *list_shape(struct generator *g, const struct field *field)
{
    json_t *item = item_shape(g, field->schema);
    json_t *list = json_pack("{s:s, s:O}", "type", "array", "items", item);

    if (field->flags & FIELD_LONE)
        list = json_pack("{s:[O, o]}", "anyOf", item, list);
    json_decref(item);
    return list;
}

static json_t *shape(struct generator *g, const struct field *field)
{
    const struct field *key;

    if (field->type == FIELD_STRUCT)
        return table_shape(
            g, field->schema,
            arena_printf(g->arena, "must be %s", schema_type_text(field, g->arena)));
    if (field->type == FIELD_LIST)
        return list_shape(g, field);
    if (field->type != FIELD_MAP)
        return json_schema_value(field);
    key = key_row(field->schema);
    return json_pack("{s:s, s:o*, s:o}", "type", "object", "propertyNames",
                     key ? json_schema_names(key) : NULL, "additionalProperties",
                     item_shape(g, field->schema));
}

/* Null takes a key away, also one of a free mapping. */
static json_t *with_null(json_t *value)
{
    json_t *items = json_object_get(value, "additionalProperties");

    if (json_is_object(items)) {
        json_incref(items);
        json_object_set_new(value, "additionalProperties", json_schema_nullable(items));
    }
    return json_schema_nullable(value);
}

static json_t *property(struct generator *g, const struct field *field, bool nullable)
{
    json_t *value = shape(g, field);

    return json_schema_describe(place_of_row(g, field), nullable ? with_null(value) : value);
}

static void add_one_of(json_t *definition, const struct schema *table, struct arena *arena)
{
    char *rest = table->one_of ? arena_strdup(arena, table->one_of) : NULL, *word;
    json_t *list = json_array();

    while ((word = strsep(&rest, " ")))
        json_array_append_new(list, json_pack("{s:[s]}", "required", word));
    if (json_array_size(list) > 0)
        json_object_set(definition, "oneOf", list);
    json_decref(list);
}

/* What must be there, where no other file or mapping can have it. */
static void add_required(json_t *definition, const struct schema *table, struct arena *arena)
{
    json_t *required = json_array();

    schema_each (table, field) {
        if (field->flags & FIELD_REQUIRED)
            json_array_append_new(required, json_string(field->key));
    }
    if (json_array_size(required) > 0)
        json_object_set(definition, "required", required);
    json_decref(required);
    add_one_of(definition, table, arena);
}

static void fill_table(struct generator *g, const struct schema *table, json_t *definition)
{
    bool merged = is_merged(g, table);
    json_t *properties = json_object();

    schema_each (table, field) {
        if (field->flags & FIELD_KEY)
            continue;
        json_object_set_new(properties, field->key, property(g, field, merged));
    }
    json_object_set_new(definition, "properties", properties);
    if (!merged)
        add_required(definition, table, g->arena);
    json_object_set_new(definition, "additionalProperties", json_false());
}

/* Set before it is filled: a table may have itself below it. */
static void define_table(struct generator *g, const struct schema *table)
{
    const char *name = definition_name(g, table);
    json_t *definition = json_object(), *keys;

    json_object_set_new(g->definitions, name, definition);
    fill_table(g, table, definition);
    if (!table->short_form_schema)
        return;
    keys = json_array();
    schema_each (table, field) {
        if (!(field->flags & FIELD_KEY))
            json_array_append_new(keys, json_string(field->key));
    }
    json_object_set_new(g->definitions, arena_printf(g->arena, "%s-keys", name),
                        json_pack("{s:o}", "enum", keys));
}

/* What the mappings of a key must have. Not as "properties": editors would offer those keys
 * twice. */
static json_t *needs_of(struct generator *g, const struct place *above)
{
    const struct schema *table = above ? above->field->schema : &cluster_schema;
    json_t *needs = json_object(), *properties = json_object();
    const struct place *place;

    if (!table->required_note)
        add_required(needs, table, g->arena);
    place_each (&g->all, place) {
        bool has_mapping =
            place->field->type == FIELD_STRUCT || place->field->type == FIELD_MAP;
        json_t *below;

        if (place->parent != above || !has_mapping || place->field->schema == &node_schema)
            continue;
        below = needs_of(g, place);
        if (json_object_size(below) > 0 && place->field->type == FIELD_MAP)
            below = json_pack("{s:o}", "additionalProperties", below);
        if (json_object_size(below) > 0)
            json_object_set(properties, arena_printf(g->arena, "^%s$", place->field->key),
                            below);
        json_decref(below);
    }
    if (json_object_size(properties) > 0)
        json_object_set(needs, "patternProperties", properties);
    json_decref(properties);
    if (json_object_size(needs) > 0 && !schema_has_short_form(table))
        json_object_set_new(needs, "type", json_string("object"));
    return needs;
}

/* Other files may have what this one lacks, when it includes some. */
static void add_needs(struct generator *g, json_t *schema)
{
    json_object_set_new(schema, "if", json_pack("{s:[s]}", "required", "include"));
    json_object_set_new(schema, "else", needs_of(g, NULL));
}

json_t *json_schema(bool is_part)
{
    auto_arena struct arena *arena = arena_new();
    struct generator g = {
        .arena = arena, .all = place_all(arena), .definitions = json_object()};
    json_t *schema;

    schema = json_pack(
        "{s:s, s:s, s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema",
        "$id", "urn:virtopo:schema:" VIRTOPO_VERSION, "title", "virtopo cluster", "description",
        "A cluster of virtual machines for virtopo " VIRTOPO_VERSION);
    json_object_set_new(schema, "type", json_string("object"));
    fill_table(&g, &cluster_schema, schema);
    if (!is_part)
        add_needs(&g, schema);
    json_schema_add_values(g.definitions);
    json_object_set_new(schema, "$defs", g.definitions);
    return schema;
}
