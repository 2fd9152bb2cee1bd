/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/starter.h"
#include "util/file.h"
#include "util/terminal.h"

#define NAME_LONGEST 32

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_name(const char *text)
{
    size_t length = strlen(text);

    if (length < 1 || length > NAME_LONGEST || !is_name_character(text[0]) ||
        !is_name_character(text[length - 1]))
        return false;
    for (; *text; text++) {
        if (!is_name_character(*text) && *text != '-')
            return false;
    }
    return true;
}

/* "My Lab (2)" is my-lab-2. Without anything of use in it: "lab". */
static char *name_of_folder(void)
{
    auto_free char *folder = getcwd(NULL, 0);
    const char *from = folder ? strrchr(folder, '/') : NULL;
    char name[NAME_LONGEST + 1];
    size_t length = 0;

    for (from = from ? from + 1 : ""; *from && length < NAME_LONGEST; from++) {
        char c = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;

        if (is_name_character(c))
            name[length++] = c;
        else if (length > 0 && name[length - 1] != '-')
            name[length++] = '-';
    }
    while (length > 0 && name[length - 1] == '-')
        length--;
    name[length] = '\0';
    return xstrdup(length > 0 ? name : "lab");
}

static int choose_name(const struct context *context, char **ret, struct error **err)
{
    auto_free char *safe = NULL;

    if (context->arg_count == 0) {
        *ret = name_of_folder();
        return 0;
    }
    if (is_name(context->args[0])) {
        *ret = xstrdup(context->args[0]);
        return 0;
    }
    safe = terminal_safe_line(context->args[0]);
    error_set(err, ERROR_USAGE, "'%s' cannot be the name of a cluster", safe);
    return error_hint(err,
                      "use up to %d of a-z, 0-9 and -, with a letter or digit at both ends",
                      NAME_LONGEST);
}

static int write_file(const char *file, const char *text, bool force, struct error **err)
{
    struct error *error = NULL;

    if (strcmp(file, "-") == 0) {
        fputs(text, stdout);
        return 0;
    }
    if (force)
        return file_publish(file, text, strlen(text), 0644, err);
    if (file_publish_new(file, text, strlen(text), 0644, &error) == 0)
        return 0;
    if (error->kind == ERROR_CONFLICT)
        error_hint(&error, "leave it, name another file with -f, or overwrite it with --force");
    return error_move(err, error);
}

int cmd_init(struct context *context, struct error **err)
{
    const struct init_options *options = context->options;
    const char *file = context->globals.file ? context->globals.file : "virtopo.yaml";
    auto_free char *name = NULL, *text = NULL, *safe = NULL;

    if (choose_name(context, &name, err) < 0)
        return -1;
    text = xasprintf(starter_text, name);
    if (write_file(file, text, options->force, err) < 0)
        return -1;
    if (strcmp(file, "-") == 0)
        return EXIT_DONE;
    safe = terminal_safe_line(file);
    if (context->globals.json)
        context_print_json("result", json_pack("{s:s, s:s}", "file", safe, "cluster", name));
    context_say(context, "wrote %s: cluster '%s'", safe, name);
    return EXIT_DONE;
}
