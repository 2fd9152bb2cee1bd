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
        auto_free char *name = context->arg_count > 1
                                   ? xasprintf("%s %s", context->args[0], context->args[1])
                                   : xstrdup(context->args[0]);

        command = command_find(name);
        if (!command && context->arg_count == 1 && command_is_family(name))
            return help_print_family(stdout, name);
        if (!command)
            return command_unknown(name, err);
    }
    return help_print(stdout, command);
}
