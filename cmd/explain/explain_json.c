/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cmd/explain/explain.h"
#include "config/cluster.h"

struct place_list explain_twins(const struct explain *explain)
{
    struct place_list twins = {0};
    const struct place *place;

    place_each (explain->all, place) {
        if (place != explain->place && place->field == explain->place->field)
            arena_push(explain->arena, twins.items, twins.count, place);
    }
    return twins;
}

bool explain_lists(const struct explain *explain, const struct place *place)
{
    return explain->recursive ? place_is_below(place, explain->place)
                              : place->parent == explain->place;
}

static json_t *words_json(const struct field *field)
{
    json_t *words = json_array();

    field = field_choice(field);
    for (size_t i = 0; field && field->words[i]; i++)
        json_array_append_new(words, json_pack("{s:s, s:s?}", "word", field->words[i], "note",
                                               field->notes ? field->notes[i] : NULL));
    return words;
}

/* What is said of every key. */
static json_t *key_json(const struct place *place, struct arena *arena)
{
    const struct field *field = place->field;
    bool changes = schema_has_changes(place->table);

    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s?, s:s?, s:s?, s:o, s:s}", "key", place->key,
                     "path", place->path, "summary", field->summary, "value",
                     field_value_text(field, arena), "required",
                     (field->flags & FIELD_REQUIRED) != 0, "default", field->default_text,
                     "only", field->only, "change", changes ? field_change_name(field) : NULL,
                     "words", words_json(field), "example", field->example);
}

static json_t *twins_json(const struct explain *explain)
{
    const struct place_list twins = explain_twins(explain);
    const struct place *twin;
    json_t *paths = json_array();

    place_each (&twins, twin)
        json_array_append_new(paths, json_string(twin->path));
    return paths;
}

static json_t *one_of_json(const struct schema *table, struct arena *arena)
{
    char *rest = table && table->one_of ? arena_strdup(arena, table->one_of) : NULL, *word;
    json_t *keys = json_array();

    while ((word = strsep(&rest, " ")))
        json_array_append_new(keys, json_string(word));
    return keys;
}

json_t *explain_json(const struct explain *explain)
{
    const struct place *place = explain->place, *other;
    const struct schema *below = place ? place->field->schema : &cluster_schema;
    json_t *result = place ? key_json(place, explain->arena) : json_object();
    json_t *keys = json_array();

    if (place) {
        json_object_set_new(result, "example",
                            json_string(place_example(place, explain->arena)));
        json_object_set_new(result, "short_form",
                            place && schema_has_short_form(below)
                                ? json_string(below->short_form_text)
                                : json_null());
        json_object_set_new(result, "also_at", twins_json(explain));
    }
    json_object_set_new(result, "one_of", one_of_json(below, explain->arena));
    place_each (explain->all, other) {
        if (explain_lists(explain, other))
            json_array_append_new(keys, key_json(other, explain->arena));
    }
    json_object_set_new(result, "keys", keys);
    return result;
}
