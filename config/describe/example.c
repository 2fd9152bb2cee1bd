/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/describe/place.h"

/* Lines of block YAML. The first line of a list's item starts with a dash. */
struct block {
    struct buffer text;
    size_t indent;
    bool dash;
};

static void append_line(struct block *b, const char *key, const char *value)
{
    size_t blanks = b->dash ? b->indent - 2 : b->indent;

    buffer_printf(&b->text, "%*s%s%s:%s%s\n", (int)blanks, "", b->dash ? "- " : "", key,
                  *value ? " " : "", value);
    b->dash = false;
}

/* The name that a mapping's first item has in examples. */
static const char *item_name(const struct schema *schema)
{
    schema_each (schema, field) {
        if (field->flags & FIELD_KEY)
            return field->example;
    }
    return "NAME";
}

static void open_place(struct block *b, const struct place *place)
{
    append_line(b, place->field->key, "");
    b->indent += 2;
    if (place->field->type == FIELD_MAP) {
        append_line(b, item_name(place->field->schema), "");
        b->indent += 2;
    } else if (place->field->type == FIELD_LIST) {
        b->indent += 2;
        b->dash = true;
    }
}

/* Of the keys of which a table wants exactly one, the first; unless `field` is one of them. */
static const struct field *chosen(const struct place *place, struct arena *arena)
{
    const char *words = place->table->one_of;
    const char *padded = arena_printf(arena, " %s ", words ? words : "");

    if (!words || strstr(padded, arena_printf(arena, " %s ", place->field->key)))
        return NULL;
    return schema_field(place->table, arena_strndup(arena, words, strcspn(words, " ")));
}

/* A node's image may come from its defaults, and a fragment need not have the cluster's name.
 */
static void append_siblings(struct block *b, const struct place *place, struct arena *arena)
{
    const struct schema *table = place->table;
    const struct field *one = chosen(place, arena);

    if (!place->parent || table->required_note)
        return;
    schema_each (table, field) {
        if (field != place->field &&
            (field == one || (field->flags & FIELD_REQUIRED) ||
             ((field->flags & FIELD_BESIDE) && !(place->field && place->field->only))))
            append_line(b, field->key, field->example);
    }
}

static void append_above(struct block *b, const struct place *place, struct arena *arena)
{
    if (!place)
        return;
    append_above(b, place->parent, arena);
    append_siblings(b, place, arena);
    open_place(b, place);
}

char *place_example(const struct place *place, struct arena *arena)
{
    struct block b = {0};
    char *text;

    append_above(&b, place->parent, arena);
    append_siblings(&b, place, arena);
    append_line(&b, place->field->key, place->field->example);
    text = arena_strdup(arena, b.text.data);
    buffer_done(&b.text);
    return text;
}
