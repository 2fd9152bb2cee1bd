/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/help.h"

#include <string.h>

#include "cmd/wrap.h"

static char *option_label(const struct command_option *option)
{
    auto_buffer struct buffer label = {0};

    if (option->short_name)
        buffer_printf(&label, "-%c, ", option->short_name);
    else
        buffer_puts(&label, "    ");
    buffer_printf(&label, "--%s%s%s", option->long_name, option->metavar ? " " : "",
                  option->metavar ? option->metavar : "");
    return buffer_take(&label);
}

static void append_options(struct buffer *out, const struct command_option *options)
{
    size_t width = 0;

    for (const struct command_option *option = options; option->long_name; option++) {
        auto_free char *label = option_label(option);

        if (!option->hidden && strlen(label) > width)
            width = strlen(label);
    }
    for (const struct command_option *option = options; option->long_name; option++) {
        auto_free char *label = option_label(option);

        if (!option->hidden)
            wrap_append_row(out, label, width, option->help);
    }
}

static bool has_options(const struct command *command)
{
    const struct command_option *option = command->options;

    while (option && option->long_name && option->hidden)
        option++;
    return option && option->long_name;
}

static void append_command(struct buffer *out, const struct command *command)
{
    bool options = has_options(command);

    buffer_printf(out, "Usage: virtopo %s%s%s%s\n\n", command->name,
                  options ? " [OPTIONS]" : "", *command->synopsis ? " " : "",
                  command->synopsis);
    wrap_append(out, command->description, 0, 0);
    if (options) {
        buffer_puts(out, "\nOptions:\n");
        append_options(out, command->options);
    }
    buffer_puts(out, "\n`virtopo help` lists the options that every command takes.\n");
}

static void append_all(struct buffer *out)
{
    buffer_puts(out, "virtopo makes a running cluster of virtual machines out of one YAML "
                     "file.\n\nUsage: virtopo [OPTIONS] COMMAND [ARGUMENTS]\n");
    for (int group = 0; group < GROUP_COUNT; group++) {
        buffer_printf(out, "\n%s:\n", command_group_titles[group]);
        commands_each(command)
        {
            if ((int)command->group == group)
                wrap_append_row(out, command->name, 8, command->summary);
        }
    }
    buffer_puts(out, "\nOptions, before or behind the command:\n");
    append_options(out, global_options);
    buffer_puts(out, "\nExit codes: 0 done, 1 failed, 2 wrong usage or file, 3 changes pending "
                     "(plan\n--exit-code), 4 some nodes failed and the rest are up.\n"
                     "\n`virtopo help COMMAND` says more about one.\n");
}

int help_print(FILE *f, const struct command *command)
{
    auto_buffer struct buffer out = {0};

    if (command)
        append_command(&out, command);
    else
        append_all(&out);
    fputs(out.data, f);
    return EXIT_DONE;
}

int help_print_family(FILE *f, const char *family)
{
    auto_buffer struct buffer out = {0};
    size_t width = 0;

    buffer_printf(&out, "Usage: virtopo %s COMMAND [OPTIONS] [ARGUMENTS]\n\n", family);
    commands_each(command)
    {
        if (command_is_member(command, family) && strlen(command->name) > width)
            width = strlen(command->name);
    }
    commands_each(command)
    {
        if (command_is_member(command, family))
            wrap_append_row(&out, command->name, width, command->summary);
    }
    buffer_printf(&out, "\n`virtopo help %s COMMAND` says more about one.\n", family);
    fputs(out.data, f);
    return EXIT_DONE;
}
