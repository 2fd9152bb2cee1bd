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

const char *json_schema_description(const struct place *place, struct arena *arena)
{
    const struct field *field = place->field;
    auto_buffer struct buffer out = {0};

    buffer_printf(&out, "%s.", field->summary);
    if (field->only)
        buffer_printf(&out, " Only %s.", field->only);
    if (field->flags & FIELD_NOTE && field->default_text)
        buffer_printf(&out, " Default: %s.", field->default_text);
    for (size_t i = 0; field->notes && field->words[i]; i++)
        buffer_printf(&out, "\n%s: %s", field->words[i], field->notes[i]);
    if (schema_has_short_form(field->schema))
        buffer_printf(&out, "\nIn short: %s", field->schema->short_form_text);
    if (schema_has_changes(place->table))
        buffer_printf(&out, "\nA change: %s", field_change_name(field));
    return arena_strdup(arena, out.data);
}
