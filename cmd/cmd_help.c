/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/commands.h"
#include "cmd/help.h"

int cmd_help(struct context *context, struct error **err)
{
    const struct help_options *options = context->options;
    const struct command *command = NULL;

    if (options->man) {
        help_print_man(stdout);
        return EXIT_DONE;
    }
    if (options->reference) {
        help_print_reference(stdout);
        return EXIT_DONE;
    }
    if (context->arg_count > 0) {
        command = command_find(context->args[0]);
        if (!command)
            return command_unknown(context->args[0], err);
    }
    return help_print(stdout, command);
}
