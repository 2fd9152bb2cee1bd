/* SPDX-License-Identifier: Apache-2.0 */
/* What a row says of itself, in words. */
#include "config/describe/place.h"
#include "config/schema/schema_types.h"

static const char *limits(const struct field *field, struct arena *arena)
{
    char least[SIZE_TEXT], most[SIZE_TEXT];

    if (field->min == 0 && field->max == 0)
        return "";
    if (field->type == FIELD_INTEGER)
        return arena_printf(arena, ", %lld to %lld", field->min, field->max);
    if (field->type == FIELD_SIZE)
        return arena_printf(arena, ", %s to %s", size_format_exact((uint64_t)field->min, least),
                            size_format_exact((uint64_t)field->max, most));
    if (field->type == FIELD_DURATION)
        return arena_printf(arena, ", %s to %s",
                            schema_duration_exact((uint64_t)field->min, least),
                            schema_duration_exact((uint64_t)field->max, most));
    return arena_printf(arena, ", at most %lld characters", field->max);
}

const char *field_value_text(const struct field *field, struct arena *arena)
{
    return arena_printf(arena, "%s%s", schema_type_text(field, arena), limits(field, arena));
}

const char *field_summary(const struct field *field, struct arena *arena)
{
    return field->only ? arena_printf(arena, "%s (only %s)", field->summary, field->only)
                       : field->summary;
}

const char *field_default_text(const struct field *field)
{
    if (field->flags & FIELD_REQUIRED)
        return "required";
    return field->default_text ? field->default_text : "";
}

const char *field_change_name(const struct field *field)
{
    static const char *const names[] = {
        [FIELD_CHANGE_FREE] = "free",
        [FIELD_CHANGE_LIVE] = "live",
        [FIELD_CHANGE_RESTART] = "restart",
        [FIELD_CHANGE_RECREATE] = "recreate",
    };

    return names[field->change];
}

const struct field *field_choice(const struct field *field)
{
    const struct schema *below = field->schema;

    if (below && field->type == FIELD_STRUCT && below->scalar_key)
        field = schema_field(below, below->scalar_key);
    return field->words ? field : NULL;
}

bool schema_has_changes(const struct schema *schema)
{
    schema_each (schema, field) {
        if (field->change != FIELD_CHANGE_FREE)
            return true;
    }
    return false;
}

bool schema_has_short_form(const struct schema *schema)
{
    return schema && (schema->short_form || schema->scalar_key);
}
