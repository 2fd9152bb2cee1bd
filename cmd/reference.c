/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cmd/help.h"
#include "config/cluster.h"
#include "config/schema/schema_types.h"
#include "util/buffer.h"
#include "util/memory.h"

#define DEEPEST 16 /* more mappings than the file's schema has */

/* A table and where its mapping stands in the file: "nodes.NAME.disks[]". */
struct place {
    const struct schema *schema;
    const char *path;
};

struct places {
    struct place items[DEEPEST];
    size_t count;
};

/* A cell of a Markdown table: "|" would end it. */
static void append_cell(struct buffer *out, const char *text, bool code)
{
    const char *quote = code && *text ? "`" : "";

    buffer_printf(out, " %s", quote);
    for (; *text; text++) {
        if (*text == '|' || (!code && (*text == '<' || *text == '*')))
            buffer_puts(out, "\\");
        buffer_append(out, text, 1);
    }
    buffer_printf(out, "%s |", quote);
}

static void append_limits(struct buffer *out, const struct field *field)
{
    char least[SIZE_TEXT], most[SIZE_TEXT];

    if (field->min == 0 && field->max == 0)
        return;
    if (field->type == FIELD_INTEGER)
        buffer_printf(out, ", %lld to %lld", field->min, field->max);
    else if (field->type == FIELD_SIZE)
        buffer_printf(out, ", %s to %s", size_format((uint64_t)field->min, least),
                      size_format((uint64_t)field->max, most));
    else if (field->type == FIELD_DURATION)
        buffer_printf(out, ", %s to %s", schema_duration_exact((uint64_t)field->min, least),
                      schema_duration_exact((uint64_t)field->max, most));
}

static const char *default_of(const struct field *field)
{
    if (field->flags & FIELD_REQUIRED)
        return "required";
    return field->default_text ? field->default_text : "";
}

static const char *change_of(const struct field *field)
{
    static const char *const names[] = {
        [FIELD_CHANGE_FREE] = "free",
        [FIELD_CHANGE_LIVE] = "live",
        [FIELD_CHANGE_RESTART] = "restart",
        [FIELD_CHANGE_RECREATE] = "recreate",
    };

    return names[field->change];
}

static bool has_changes(const struct schema *schema)
{
    schema_each (schema, field) {
        if (field->change != FIELD_CHANGE_FREE)
            return true;
    }
    return false;
}

static void append_row(struct buffer *out, const struct field *field, bool changes,
                       struct arena *arena)
{
    auto_buffer struct buffer type = {0};

    buffer_puts(&type, schema_type_text(field, arena));
    append_limits(&type, field);
    buffer_puts(out, "|");
    append_cell(out, field->key, true);
    append_cell(out, field->summary, false);
    append_cell(out, type.data, false);
    append_cell(out, default_of(field), false);
    if (changes)
        append_cell(out, change_of(field), false);
    append_cell(out, field->example ? field->example : "", true);
    buffer_puts(out, "\n");
}

/* Each table once, where the file first has it. */
static void add_place(struct places *places, const struct place *parent,
                      const struct field *field, struct arena *arena)
{
    const char *suffix = field->type == FIELD_MAP    ? ".NAME"
                         : field->type == FIELD_LIST ? "[]"
                                                     : "";

    for (size_t i = 0; i < places->count; i++) {
        if (places->items[i].schema == field->schema)
            return;
    }
    if (places->count < DEEPEST)
        places->items[places->count++] = (struct place){
            field->schema, arena_printf(arena, "%s%s%s%s", parent->path,
                                        *parent->path ? "." : "", field->key, suffix)};
}

static void append_place(struct buffer *out, const struct place *place, struct arena *arena)
{
    bool changes = has_changes(place->schema);

    if (*place->path)
        buffer_printf(out, "\n### `%s`\n\n", place->path);
    if (place->schema->short_form)
        buffer_printf(out, "In short, %s.\n\n", place->schema->short_form_text);
    buffer_printf(out, "| key | what it is | value | default |%s example |\n",
                  changes ? " a change |" : "");
    buffer_printf(out, "| --- | --- | --- | --- |%s --- |\n", changes ? " --- |" : "");
    schema_each (place->schema, field) {
        if (!(field->flags & FIELD_KEY))
            append_row(out, field, changes, arena);
    }
}

static void append_keys(struct buffer *out)
{
    auto_arena struct arena *arena = arena_new();
    struct places places = {.items = {{&cluster_schema, ""}}, .count = 1};

    for (size_t i = 0; i < places.count; i++) {
        const struct place place = places.items[i];

        append_place(out, &place, arena);
        schema_each (place.schema, field) {
            /* `defaults` takes what `nodes` takes. */
            if (field->schema &&
                !(field->flags & FIELD_DEFERRED && field->type == FIELD_STRUCT))
                add_place(&places, &place, field, arena);
        }
    }
}

static void append_options(struct buffer *out, const struct command_option *option)
{
    bool any = false;

    for (; option && option->long_name; option++) {
        auto_buffer struct buffer name = {0};

        if (option->hidden)
            continue;
        if (!any)
            buffer_puts(out, "\n| option | what it does |\n| --- | --- |\n");
        any = true;
        if (option->short_name)
            buffer_printf(&name, "-%c, ", option->short_name);
        buffer_printf(&name, "--%s%s%s", option->long_name, option->metavar ? " " : "",
                      option->metavar ? option->metavar : "");
        buffer_puts(out, "|");
        append_cell(out, name.data, true);
        append_cell(out, option->help, false);
        buffer_puts(out, "\n");
    }
}

static void append_commands(struct buffer *out)
{
    for (const struct command *command = commands; command->name; command++) {
        buffer_printf(out, "\n### `virtopo %s%s%s`\n\n%s\n", command->name,
                      *command->synopsis ? " " : "", command->synopsis, command->description);
        append_options(out, command->options);
    }
}

static const char head[] =
    "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
    "<!-- Written by `make docs` from the tables in the program: change those. -->\n"
    "# Reference\n\n"
    "## The file\n\n"
    "`virtopo.yaml`, or `-f FILE`; `-` is standard input. Unknown and repeated keys are "
    "errors. "
    "Relative paths\nstart at the file's folder; `~` is the home folder. Sizes take B, K, M, "
    "G, T "
    "(and KiB …), all binary, and\ntimes ms, s, m, h: a bare number is an error. Names are "
    "a-z, "
    "0-9 and -.\n\n"
    "*A change* is what changing the key costs a cluster that runs: `free` touches nothing on "
    "the "
    "host,\n`live` is done while the node runs, `restart` stops and starts it, `recreate` "
    "makes it "
    "anew and loses its root\ndisk. `virtopo plan` says it before anything is done.\n\n";

static const char tail[] =
    "\n## Exit codes\n\n"
    "| code | meaning |\n| --- | --- |\n"
    "| 0 | done |\n"
    "| 1 | failed, or consent was not given |\n"
    "| 2 | the command line or the file is wrong |\n"
    "| 3 | changes are pending (`plan --exit-code`) |\n"
    "| 4 | some nodes failed, the rest are up |\n"
    "\n## Environment\n\n"
    "| variable | meaning |\n| --- | --- |\n"
    "| `LIBVIRT_DEFAULT_URI` | libvirt on the host `local`, unless `--connect` says it |\n"
    "| `NO_COLOR` | no colour unless `--color always` |\n"
    "| `XDG_DATA_HOME` | keys made for clusters are in `virtopo/` there |\n"
    "| `XDG_CACHE_HOME` | caches are in `virtopo/` there; they may be deleted at any time |\n";

void help_print_reference(FILE *f)
{
    auto_buffer struct buffer out = {0};

    buffer_puts(&out, head);
    append_keys(&out);
    buffer_puts(&out,
                "\n## The commands\n\n`virtopo [OPTIONS] COMMAND [ARGUMENTS]`; options may "
                "stand before or behind the command.\n");
    append_options(&out, global_options);
    append_commands(&out);
    buffer_puts(&out, tail);
    fputs(out.data, f);
}
