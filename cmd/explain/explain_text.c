/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "cmd/explain/explain.h"
#include "cmd/wrap.h"
#include "config/cluster.h"

#define LABEL 8 /* "a change" */

static void append_sentence(struct buffer *out, const char *text)
{
    wrap_append(out, text, 0, 0);
    out->data[out->length - 1] = '.';
    buffer_puts(out, "\n");
}

static bool is_of_node(const struct place *place)
{
    while (place && place->table != &node_schema)
        place = place->parent;
    return place != NULL;
}

static const char *what_a_change_costs(const struct place *place)
{
    static const char *const texts[] = {
        [FIELD_CHANGE_FREE] = "free: nothing is done on the host",
        [FIELD_CHANGE_LIVE] = "live: done while it runs",
        [FIELD_CHANGE_RESTART] = "restart: the node stops and starts",
        [FIELD_CHANGE_RECREATE] = "recreate: the node is made anew and loses its root disk",
    };

    if (place->field->change == FIELD_CHANGE_RECREATE && !is_of_node(place))
        return "recreate: it is made anew";
    return texts[place->field->change];
}

static void append_twins(const struct explain *explain, struct buffer *out)
{
    const struct place_list twins = explain_twins(explain);
    auto_buffer struct buffer text = {0};
    const struct place *twin;

    place_each (&twins, twin)
        buffer_printf(&text, "%s%s", text.length ? ", " : "", twin->path);
    if (text.length)
        wrap_append_row(out, "also at", LABEL, text.data);
}

/* A node's networks are not the file's networks. */
static void append_namesake(const struct explain *explain, struct buffer *out)
{
    const char *key = arena_printf(explain->arena, "nodes.%s", explain->place->key);
    const struct place *place;

    place_each (explain->all, place) {
        if (!strcmp(place->key, key))
            wrap_append_row(out, "see also", LABEL, key);
    }
}

static void append_facts(const struct explain *explain, struct buffer *out)
{
    const struct place *place = explain->place;
    const struct field *field = place->field;
    const char *given = field_default_text(field);

    wrap_append_row(out, "value", LABEL, field_value_text(field, explain->arena));
    if (schema_has_short_form(field->schema))
        wrap_append_row(out, "in short", LABEL, field->schema->short_form_text);
    if (field->flags & FIELD_REQUIRED)
        wrap_append_row(
            out, "required", LABEL,
            arena_printf(explain->arena, "yes%s",
                         place->table->required_note ? place->table->required_note : ""));
    else if (*given)
        wrap_append_row(out, "default", LABEL, given);
    if (field->only)
        wrap_append_row(out, "only", LABEL, field->only);
    if (schema_has_changes(place->table))
        wrap_append_row(out, "a change", LABEL, what_a_change_costs(place));
    append_twins(explain, out);
    append_namesake(explain, out);
}

static void append_words(const struct field *field, struct buffer *out)
{
    size_t width = 0;

    field = field_choice(field);
    if (!field || !field->notes)
        return;
    for (size_t i = 0; field->words[i]; i++)
        width = strlen(field->words[i]) > width ? strlen(field->words[i]) : width;
    buffer_puts(out, "\nWords:\n\n");
    for (size_t i = 0; field->words[i]; i++)
        wrap_append_row(out, field->words[i], width, field->notes[i]);
}

static size_t depth_below(const struct place *place, const struct place *above)
{
    size_t depth = 0;

    for (place = place->parent; place != above; place = place->parent)
        depth++;
    return depth;
}

/* Its key, indented as deep as it is; with what it takes when it can have keys of its own. */
static const char *label(const struct explain *explain, const struct place *place)
{
    size_t depth = explain->recursive ? depth_below(place, explain->place) : 0;

    return arena_printf(explain->arena, "%*s%s%s", (int)depth * 2, "", place->field->key,
                        explain->recursive ? place->inside + strlen(place->path) : "");
}

static const char *key_text(const struct explain *explain, const struct place *place)
{
    if (explain->recursive)
        return field_value_text(place->field, explain->arena);
    return arena_printf(explain->arena, "%s%s", field_summary(place->field, explain->arena),
                        place->field->flags & FIELD_REQUIRED ? " (required)" : "");
}

static const char *one_of(const struct explain *explain)
{
    const struct schema *table =
        explain->place ? explain->place->field->schema : &cluster_schema;
    auto_buffer struct buffer text = {0};

    if (!table->one_of)
        return "";
    for (const char *p = table->one_of; *p; p++)
        buffer_printf(&text, *p == ' ' ? ", " : "%c", *p);
    return arena_printf(explain->arena, ", exactly one of %s", text.data);
}

static void append_keys(const struct explain *explain, struct buffer *out)
{
    const struct place *place;
    size_t width = 0;

    if (explain->place && !explain->place->field->schema)
        return;
    place_each (explain->all, place) {
        if (explain_lists(explain, place) && strlen(label(explain, place)) > width)
            width = strlen(label(explain, place));
    }
    buffer_printf(out, "\nKeys%s%s%s:\n\n", explain->place ? " of " : "",
                  explain->place ? explain->place->inside : "", one_of(explain));
    place_each (explain->all, place) {
        if (explain_lists(explain, place))
            wrap_append_row(out, label(explain, place), width, key_text(explain, place));
    }
}

static void append_example(const struct explain *explain, struct buffer *out)
{
    char *rest = place_example(explain->place, explain->arena), *line;

    buffer_puts(out, "\nExample:\n\n");
    while ((line = strsep(&rest, "\n"))) {
        if (*line)
            buffer_printf(out, "  %s\n", line);
    }
}

void explain_text(const struct explain *explain, struct buffer *out)
{
    if (!explain->place) {
        buffer_puts(out, "One YAML file is one cluster: virtopo.yaml, or the one named with "
                         "-f.\n");
        append_keys(explain, out);
        buffer_puts(out, "\n`virtopo explain KEY` says more of one: nodes.memory, or memory "
                         "alone.\n");
        return;
    }
    buffer_printf(out, "%s\n\n", explain->place->path);
    append_sentence(out, explain->place->field->summary);
    buffer_puts(out, "\n");
    append_facts(explain, out);
    append_words(explain->place->field, out);
    append_keys(explain, out);
    append_example(explain, out);
}
