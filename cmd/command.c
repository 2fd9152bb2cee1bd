/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include <string.h>

#include "util/suggest.h"
#include "util/terminal.h"

const char *const command_group_titles[GROUP_COUNT] = {
    [GROUP_WRITE] = "Write and check the file",
    [GROUP_RUN] = "Run the cluster",
    [GROUP_REACH] = "Reach the nodes",
    [GROUP_SHOW] = "Help",
};

const struct command *command_find(const char *name)
{
    for (const struct command *command = commands; command->name; command++) {
        if (strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

int command_unknown(const char *name, struct error **err)
{
    auto_free char *safe = terminal_safe_line(name);
    struct suggest suggest = suggest_start(name);

    for (const struct command *command = commands; command->name; command++)
        suggest_offer(&suggest, command->name);
    error_set(err, ERROR_USAGE, "there is no command '%s'", safe);
    if (suggest_result(&suggest))
        return error_hint(err, "did you mean %s?", suggest_result(&suggest));
    return error_hint(err, "virtopo help lists the commands");
}
