/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include <stdlib.h>
#include <string.h>

#include "util/suggest.h"
#include "util/terminal.h"

struct parser {
    struct context *context;
    char **argv; /* what is left */
};

/* An option that was found, and the struct that its offset is in. */
struct found {
    const struct command_option *option;
    char *target;
};

static const struct command_option *find_in(const struct command_option *options,
                                            const char *name, size_t length, char short_name)
{
    for (; options && options->long_name; options++) {
        if (name ? strlen(options->long_name) == length &&
                       memcmp(options->long_name, name, length) == 0
                 : options->short_name == short_name)
            return options;
    }
    return NULL;
}

static bool find(const struct parser *parser, const char *name, size_t length, char short_name,
                 struct found *ret)
{
    struct context *context = parser->context;
    const struct command_option *own = context->command ? context->command->options : NULL;

    ret->target = context->options;
    ret->option = find_in(own, name, length, short_name);
    if (!ret->option) {
        ret->target = (char *)&context->globals;
        ret->option = find_in(global_options, name, length, short_name);
    }
    return ret->option;
}

static void offer_options(struct suggest *suggest, const struct command_option *options)
{
    for (; options && options->long_name; options++) {
        if (!options->hidden)
            suggest_offer(suggest, options->long_name);
    }
}

/* The command that has such an option, for who puts it in the wrong place. */
static const struct command *owner_of(const char *name, size_t length)
{
    commands_each(command)
    {
        if (find_in(command->options, name, length, 0))
            return command;
    }
    return NULL;
}

static int unknown_long(const struct parser *parser, const char *name, size_t length,
                        struct error **err)
{
    const struct command *command = parser->context->command, *owner;
    auto_free char *word = xstrndup(name, length);
    auto_free char *safe = terminal_safe_line(word);
    struct suggest suggest = suggest_start(word);

    if (command)
        error_set(err, ERROR_USAGE, "%s has no option '--%s'", command->name, safe);
    else
        error_set(err, ERROR_USAGE, "there is no option '--%s' before the command", safe);
    owner = owner_of(name, length);
    if (!command && owner)
        return error_hint(err, "it belongs to %s: write it behind the command", owner->name);
    offer_options(&suggest, command ? command->options : NULL);
    offer_options(&suggest, global_options);
    if (suggest_result(&suggest))
        return error_hint(err, "did you mean --%s?", suggest_result(&suggest));
    return error_hint(
        err, command ? "virtopo help %s lists its options" : "virtopo help lists the options%s",
        command ? command->name : "");
}

static int unknown_short(const struct parser *parser, const char *text, struct error **err)
{
    const struct command *command = parser->context->command;
    auto_free char *safe = terminal_safe_line(text);

    error_set(err, ERROR_USAGE, "unknown option in '%s'", safe);
    return error_hint(
        err, command ? "virtopo help %s lists its options" : "virtopo help lists the options%s",
        command ? command->name : "");
}

/* The value of an option: `attached`, or the next argument. */
static int take_value(struct parser *parser, const struct found *found, const char *attached,
                      struct error **err)
{
    const struct command_option *option = found->option;

    if (!attached) {
        if (!*parser->argv)
            return error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s", option->long_name,
                             option->long_name, option->metavar);
        attached = *parser->argv++;
    }
    return option_set(option, found->target, attached, err);
}

static int parse_long(struct parser *parser, const char *name, struct error **err)
{
    size_t length = strcspn(name, "=");
    struct found found;

    if (!find(parser, name, length, 0, &found))
        return unknown_long(parser, name, length, err);
    if (found.option->type != OPTION_FLAG)
        return take_value(parser, &found, name[length] ? name + length + 1 : NULL, err);
    if (name[length])
        return error_set(err, ERROR_USAGE, "--%s takes no value", found.option->long_name);
    return option_set(found.option, found.target, NULL, err);
}

static int parse_short(struct parser *parser, const char *text, struct error **err)
{
    for (const char *c = text + 1; *c; c++) {
        struct found found;

        if (!find(parser, NULL, 0, *c, &found))
            return unknown_short(parser, text, err);
        if (found.option->type != OPTION_FLAG)
            return take_value(parser, &found, c[1] ? c + 1 : NULL, err);
        if (option_set(found.option, found.target, NULL, err) < 0)
            return -1;
    }
    return 0;
}

static int parse_word_argument(struct parser *parser, const char *text, struct error **err)
{
    struct context *context = parser->context;
    auto_free char *name = NULL;

    if (context->command) {
        vector_push(context->args, context->arg_count, text);
        return 0;
    }
    if (!context->family && !command_find(text) && command_is_family(text)) {
        context->family = text;
        return 0;
    }
    if (context->family)
        name = xasprintf("%s %s", context->family, text);
    context->command = command_find(name ? name : text);
    if (!context->command)
        return command_unknown(name ? name : text, err);
    context->options =
        xcalloc(1, context->command->options_size ? context->command->options_size : 1);
    return 0;
}

static int too_many(const struct context *context, struct error **err)
{
    const struct command *command = context->command;
    const char *extra = context->args[command->max_args];
    auto_free char *safe = terminal_safe_line(extra);
    size_t length = strlen(extra);

    error_set(err, ERROR_USAGE, "%s takes no argument '%s'", command->name, safe);
    if (command->needs & NEEDS_REST)
        return error_hint(err, "put -- before the command to run there: -- %s", safe);
    if (length > 5 && strcmp(extra + length - 5, ".yaml") == 0)
        return error_hint(err, "name the file with -f %s", safe);
    return error_hint(err, "usage: virtopo %s%s%s", command->name,
                      *command->synopsis ? " " : "", command->synopsis);
}

static int check_arguments(const struct context *context, struct error **err)
{
    const struct command *command = context->command;

    if (!command || context->globals.help || context->globals.version)
        return 0;
    if (context->arg_count > command->max_args)
        return too_many(context, err);
    if (context->arg_count < command->min_args) {
        error_set(err, ERROR_USAGE, "%s needs %s", command->name, command->synopsis);
        return error_hint(err, "virtopo help %s says more", command->name);
    }
    for (const struct command_option *option = command->options; option && option->long_name;
         option++) {
        if (option->required && !*(const char **)((char *)context->options + option->offset))
            return error_set(err, ERROR_USAGE, "%s needs --%s %s", command->name,
                             option->long_name, option->metavar);
    }
    return 0;
}

static void take_rest(struct parser *parser)
{
    struct context *context = parser->context;
    bool apart = context->command && (context->command->needs & NEEDS_REST);

    for (; *parser->argv; parser->argv++) {
        if (apart)
            vector_push(context->rest, context->rest_count, *parser->argv);
        else
            vector_push(context->args, context->arg_count, *parser->argv);
    }
}

static void terminate(const char ***list, size_t *count)
{
    vector_push(*list, *count, NULL);
    (*count)--;
}

int options_parse(char **argv, struct context *context, struct error **err)
{
    struct parser parser = {.context = context, .argv = argv + (*argv ? 1 : 0)};
    int status = 0;

    while (status == 0 && *parser.argv) {
        const char *text = *parser.argv++;

        if (strcmp(text, "--") == 0) {
            take_rest(&parser);
            break;
        }
        if (strncmp(text, "--", 2) == 0)
            status = parse_long(&parser, text + 2, err);
        else if (text[0] == '-' && text[1])
            status = parse_short(&parser, text, err);
        else
            status = parse_word_argument(&parser, text, err);
    }
    terminate(&context->args, &context->arg_count);
    terminate(&context->rest, &context->rest_count);
    if (status == 0 && !context->command && context->family && !context->globals.help)
        return command_family_alone(context->family, err);
    return status < 0 ? -1 : check_arguments(context, err);
}

void options_done(struct context *context)
{
    const struct command_option *option = context->command ? context->command->options : NULL;

    for (; option && option->long_name; option++) {
        if (option->type == OPTION_REPEATED)
            free(((struct option_list *)((char *)context->options + option->offset))->items);
    }
    free(context->globals.set.items);
    free(context->options);
    free(context->args);
    free(context->rest);
}
