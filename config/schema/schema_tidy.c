/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema/schema_tidy.h"

#include <stdint.h>
#include <string.h>

#include "config/schema/schema_types.h"
#include "util/memory.h"

/* A scalar as the file has it; the caller frees it. */
static char *text_of(const json_t *value)
{
    if (json_is_boolean(value))
        return xstrdup(json_is_true(value) ? "true" : "false");
    if (json_is_integer(value))
        return xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return xstrdup_null(json_string_value(value));
}

static bool is_default(const struct field *field, const json_t *value)
{
    auto_free char *text = text_of(value);

    /* a switch that is said is not the same as one that is not */
    if (!text || (field->flags & (FIELD_REQUIRED | FIELD_KEY)) ||
        json_is_boolean(value) != (field->type == FIELD_BOOL))
        return false;
    if (field->default_text)
        return strcmp(text, field->default_text) == 0 ||
               (field->type == FIELD_ENUM && strcmp(text, "default") == 0);
    if (field->type == FIELD_BOOL)
        return json_is_false(value);
    return field->type == FIELD_ENUM && strcmp(text, field->words[0]) == 0;
}

static json_t *tidy_value(const struct field *field, json_t *value);

static json_t *tidy_items(const struct field *field, json_t *list)
{
    json_t *result = json_array();

    for (size_t i = 0; i < json_array_size(list); i++)
        json_array_append_new(result,
                              schema_tidy(field->schema, json_incref(json_array_get(list, i))));
    json_decref(list);
    if ((field->flags & FIELD_LONE) && json_array_size(result) == 1) {
        json_t *only = json_incref(json_array_get(result, 0));

        json_decref(result);
        return only;
    }
    return result;
}

static json_t *tidy_map(const struct field *field, json_t *map)
{
    json_t *result = json_object(), *item;
    const char *key;

    json_object_foreach (map, key, item)
        json_object_set_new(result, key, schema_tidy(field->schema, json_incref(item)));
    json_decref(map);
    return result;
}

/* NULL: nothing is left of it. */
static json_t *tidy_value(const struct field *field, json_t *value)
{
    if (field->type == FIELD_STRUCT && json_is_object(value)) {
        value = schema_tidy(field->schema, value);
        if (json_is_object(value) && json_object_size(value) == 0) {
            json_decref(value);
            return NULL;
        }
    } else if (field->type == FIELD_LIST && json_is_array(value)) {
        value = tidy_items(field, value);
    } else if ((field->flags & FIELD_LONE) && json_is_object(value)) {
        value = schema_tidy(field->schema, value);
    } else if (field->type == FIELD_MAP && json_is_object(value)) {
        value = tidy_map(field, value);
    }
    if (!is_default(field, value) && !(json_is_array(value) && json_array_size(value) == 0))
        return value;
    json_decref(value);
    return NULL;
}

/* A mapping of one key that can stand for itself; also the one whose every key is as usual. */
static json_t *shorten(const struct schema *schema, json_t *object, json_t *usual)
{
    json_t *scalar = schema->scalar_key ? json_object_get(object, schema->scalar_key) : NULL;

    const struct field *field =
        schema->scalar_key ? schema_field(schema, schema->scalar_key) : NULL;

    if (json_object_size(object) == 0 && usual)
        scalar = usual;
    if (json_object_size(object) == 0 && !usual && field && field->type == FIELD_ENUM) {
        json_decref(object);
        return json_string(field->words[0]);
    }
    if (!scalar || json_object_size(object) > 1)
        return object;
    json_incref(scalar);
    json_decref(object);
    return scalar;
}

json_t *schema_tidy(const struct schema *schema, json_t *value)
{
    json_t *result, *usual, *item;
    const char *key;

    if (!json_is_object(value))
        return value;
    result = json_object();
    usual = schema->scalar_key ? json_incref(json_object_get(value, schema->scalar_key)) : NULL;
    schema_each (schema, field) {
        json_t *tidy;

        item = json_object_get(value, field->key);
        tidy = item ? tidy_value(field, json_incref(item)) : NULL;
        if (tidy)
            json_object_set_new(result, field->key, tidy);
    }
    json_object_foreach (value, key, item) {
        if (!schema_field(schema, key))
            json_object_set(result, key, item);
    }
    json_decref(value);
    result = shorten(schema, result, usual);
    json_decref(usual);
    return result;
}
