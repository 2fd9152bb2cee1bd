/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "util/size.h"
#include "util/terminal.h"

static int parse_integer(const struct command_option *option, const char *text, long long *ret,
                         struct error **err)
{
    auto_free char *safe = terminal_safe_line(text);
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < option->min || value > option->max)
        return error_set(err, ERROR_USAGE, "--%s '%s' is not a number from %lld to %lld",
                         option->long_name, safe, option->min, option->max);
    *ret = value;
    return 0;
}

static int parse_word(const struct command_option *option, const char *text, int *ret,
                      struct error **err)
{
    auto_free char *safe = terminal_safe_line(text);
    auto_free char *all = xstrdup("");

    for (int i = 0; option->words[i]; i++) {
        char *longer;

        if (strcmp(option->words[i], text) == 0) {
            *ret = i;
            return 0;
        }
        longer = xasprintf("%s%s%s", all, i ? ", " : "", option->words[i]);
        free(all);
        all = longer;
    }
    return error_set(err, ERROR_USAGE, "--%s '%s' is none of %s", option->long_name, safe, all);
}

static int parse_duration(const struct command_option *option, const char *text, uint64_t *ret,
                          struct error **err)
{
    if (duration_parse(text, ret, err) == 0)
        return 0;
    error_wrap(err, "--%s", option->long_name);
    if (err)
        (*err)->kind = ERROR_USAGE;
    return -1;
}

int option_set(const struct command_option *option, void *options, const char *text,
               struct error **err)
{
    void *target = (char *)options + option->offset;
    struct option_list *list;

    switch (option->type) {
    case OPTION_FLAG:
        *(bool *)target = true;
        return 0;
    case OPTION_STRING:
        if (!*text)
            return error_set(err, ERROR_USAGE, "--%s is empty", option->long_name);
        *(const char **)target = text;
        return 0;
    case OPTION_INTEGER:
        return parse_integer(option, text, target, err);
    case OPTION_DURATION:
        return parse_duration(option, text, target, err);
    case OPTION_ENUM:
        return parse_word(option, text, target, err);
    case OPTION_REPEATED:
        list = target;
        vector_push(list->items, list->count, text);
        return 0;
    }
    return 0;
}
