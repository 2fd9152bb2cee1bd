/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/consent.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "util/terminal.h"

static int refuse(const struct consent *consent, bool yes, struct error **err)
{
    bool option = consent->option && !consent->option_given;
    auto_free char *needed = NULL;

    if (yes)
        needed = xstrdup(consent->option);
    else
        needed = xasprintf("--yes%s%s", option ? " and " : "", option ? consent->option : "");
    error_set(err, ERROR_CONSENT, "%s needs consent, and there is no terminal to ask on",
              consent->what);
    return error_hint(err, "add %s; nothing was changed", needed);
}

/* poll, as a read would be taken up again after a signal. */
static int read_answer(const struct context *context, char *answer, size_t size,
                       struct error **err)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    ssize_t length;

    while (poll(&in, 1, -1) < 0) {
        if (*context->cancel)
            return error_set(err, ERROR_CANCELLED, "interrupted; nothing was changed");
    }
    length = read(STDIN_FILENO, answer, size - 1);
    answer[length > 0 ? length : 0] = '\0';
    return 0;
}

int consent_ask(const struct context *context, const struct consent *consent,
                struct error **err)
{
    bool enough = context->globals.yes && (!consent->option || consent->option_given);
    auto_free char *question = NULL;
    char answer[64];

    if (enough)
        return 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return refuse(consent, context->globals.yes, err);
    question = terminal_safe_line(consent->question);
    fflush(stdout);
    fprintf(stderr, "%s [y/N] ", question);
    if (read_answer(context, answer, sizeof answer, err) < 0)
        return -1;
    answer[strcspn(answer, "\n")] = '\0';
    if (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0)
        return 0;
    return error_set(err, ERROR_CONSENT, "not confirmed; nothing was changed");
}
