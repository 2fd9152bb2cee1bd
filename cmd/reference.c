/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cmd/help.h"
#include "config/cluster.h"
#include "config/describe/place.h"
#include "util/buffer.h"
#include "util/memory.h"

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

static void append_row(struct buffer *out, const struct field *field, bool changes,
                       struct arena *arena)
{
    buffer_puts(out, "|");
    append_cell(out, field->key, true);
    append_cell(out, field_summary(field, arena), false);
    append_cell(out, field_value_text(field, arena), false);
    append_cell(out, field_default_text(field), false);
    if (changes)
        append_cell(out, field_change_name(field), false);
    append_cell(out, field->example, true);
    buffer_puts(out, "\n");
}

/* What the words of its keys mean, where a key has such. */
static void append_words(struct buffer *out, const struct schema *table)
{
    schema_each (table, field) {
        if (!field->notes)
            continue;
        buffer_printf(out, "\n`%s`:\n\n", field->key);
        for (size_t w = 0; field->words[w]; w++)
            buffer_printf(out, "- `%s`: %s\n", field->words[w], field->notes[w]);
    }
}

static void append_table(struct buffer *out, const struct schema *table,
                         const struct place *place, struct arena *arena)
{
    bool changes = schema_has_changes(table);

    if (place)
        buffer_printf(out, "\n### `%s`\n\n", place->inside);
    if (schema_has_short_form(table))
        buffer_printf(out, "In short, %s.\n\n", table->short_form_text);
    buffer_printf(out, "| key | what it is | value | default |%s example |\n",
                  changes ? " a change |" : "");
    buffer_printf(out, "| --- | --- | --- | --- |%s --- |\n", changes ? " --- |" : "");
    schema_each (table, field) {
        if (!(field->flags & FIELD_KEY))
            append_row(out, field, changes, arena);
    }
    append_words(out, table);
}

/* Each table once, where it is best shown. */
static void append_keys(struct buffer *out)
{
    auto_arena struct arena *arena = arena_new();
    const struct place_list all = place_all(arena);
    const struct place *place;

    append_table(out, &cluster_schema, NULL, arena);
    place_each (&all, place) {
        if (place->field->schema && place == place_of_table(&all, place->field->schema))
            append_table(out, place->field->schema, place, arena);
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
    commands_each(command)
    {
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
    "Relative paths\nstart at the folder of the file that they are in; `~` is the home folder. "
    "Sizes take B, K, M, "
    "G, T "
    "(and KiB …), all binary, and\ntimes ms, s, m, h: a bare number is an error. Names are "
    "a-z, "
    "0-9 and -. [composing.md](composing.md) says how included files, defaults,\n"
    "profiles, variables and `--set` come together.\n\n"
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
