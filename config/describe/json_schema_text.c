/* SPDX-License-Identifier: Apache-2.0 */
/* What JSON Schema says for people: descriptions, defaults, examples. */
#include <string.h>

#include "config/describe/json_schema.h"

json_t *json_schema_parse(const char *text)
{
    auto_arena struct arena *arena = arena_new();
    auto_diagnostics struct diagnostics d = {0};
    const struct document_node *root = document_parse(arena, "", text, strlen(text), &d);

    return root ? document_json(root) : NULL;
}

json_t *json_schema_example(const struct field *field, const char *text)
{
    auto_free char *line = xasprintf("%s: %s", field->key, text);
    json_t *object = json_schema_parse(line);
    json_t *value = json_incref(json_object_get(object, field->key));

    json_decref(object);
    return value ? value : json_string(text);
}

static char *description(const struct place *place, bool has_example)
{
    const struct field *field = place->field;
    auto_buffer struct buffer out = {0};

    buffer_printf(&out, "%s.", field->summary);
    if (field->only)
        buffer_printf(&out, " Only %s.", field->only);
    if (field->flags & FIELD_NOTE && field->default_text)
        buffer_printf(&out, " Default: %s.", field->default_text);
    if (schema_has_short_form(field->schema))
        buffer_printf(&out, "\nIn short: %s", field->schema->short_form_text);
    if (!has_example)
        buffer_printf(&out, "\nFor example: %s", field->example);
    if (schema_has_changes(place->table))
        buffer_printf(&out, "\nA change: %s", field_change_name(field));
    return buffer_take(&out);
}

/* Editors offer examples as values, but make "[object Object]" of mappings. */
json_t *json_schema_describe(const struct place *place, json_t *schema)
{
    const struct field *field = place->field;
    json_t *example = json_schema_example(field, field->example);
    auto_free char *text = description(place, !json_is_object(example));
    json_t *described = json_pack("{s:s}", "description", text);
    bool is_text = field->type == FIELD_STRING || field->type == FIELD_ENUM;

    json_object_update(described, schema);
    json_decref(schema);
    if (field->default_text && !(field->flags & FIELD_NOTE))
        json_object_set_new(described, "default",
                            is_text ? json_string(field->default_text)
                                    : json_schema_example(field, field->default_text));
    if (json_is_object(example))
        json_decref(example);
    else
        json_object_set_new(described, "examples", json_pack("[o]", example));
    return described;
}
