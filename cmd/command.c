/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include <string.h>

#include "util/buffer.h"
#include "util/suggest.h"
#include "util/terminal.h"

const char *const command_group_titles[GROUP_COUNT] = {
    [GROUP_WRITE] = "Write and check the file", [GROUP_RUN] = "Run the cluster",
    [GROUP_REACH] = "Reach the nodes",          [GROUP_IMAGES] = "Images",
    [GROUP_FAULTS] = "Faults on purpose",       [GROUP_SHOW] = "Pictures and help",
};

const struct command *const command_tables[] = {base_commands, image_commands, fault_commands,
                                                NULL};

static bool is_in(const struct command *table, const struct command *command)
{
    for (const struct command *row = table; row->name; row++) {
        if (row == command)
            return true;
    }
    return false;
}

const struct command *command_next(const struct command *command)
{
    const struct command *const *table = command_tables;

    if (!command)
        return *table;
    if (command[1].name)
        return command + 1;
    while (!is_in(*table, command))
        table++;
    return table[1];
}

const struct command *command_find(const char *name)
{
    commands_each(command)
    {
        if (strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

bool command_is_member(const struct command *command, const char *family)
{
    size_t length = strlen(family);

    return strncmp(command->name, family, length) == 0 && command->name[length] == ' ';
}

bool command_is_family(const char *word)
{
    commands_each(command)
    {
        if (command_is_member(command, word))
            return true;
    }
    return false;
}

int command_unknown(const char *name, struct error **err)
{
    auto_free char *safe = terminal_safe_line(name);
    struct suggest suggest = suggest_start(name);

    commands_each(command) suggest_offer(&suggest, command->name);
    error_set(err, ERROR_USAGE, "there is no command '%s'", safe);
    if (suggest_result(&suggest))
        return error_hint(err, "did you mean %s?", suggest_result(&suggest));
    return error_hint(err, "virtopo help lists the commands");
}

int command_family_alone(const char *family, struct error **err)
{
    auto_buffer struct buffer members = {0};

    commands_each(command)
    {
        if (command_is_member(command, family))
            buffer_printf(&members, "%s%s", members.length ? ", " : "",
                          command->name + strlen(family) + 1);
    }
    error_set(err, ERROR_USAGE, "'%s' needs another word: %s", family, members.data);
    return error_hint(err, "virtopo help lists what they do");
}
