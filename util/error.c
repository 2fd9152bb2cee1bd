/* SPDX-License-Identifier: Apache-2.0 */
#include "util/error.h"

#include <stdlib.h>
#include <string.h>

static int store(struct error **err, enum error_kind kind, int code, char *message)
{
    struct error *error;

    if (!err) {
        free(message);
        return -1;
    }
    error = xcalloc(1, sizeof *error);
    error->kind = kind;
    error->code = code;
    error->message = message;
    error_free(*err);
    *err = error;
    return -1;
}

int error_set(struct error **err, enum error_kind kind, const char *fmt, ...)
{
    char *message;
    va_list ap;

    va_start(ap, fmt);
    message = xvasprintf(fmt, ap);
    va_end(ap);
    return store(err, kind, 0, message);
}

int error_errno(struct error **err, int errnum, const char *fmt, ...)
{
    auto_free char *what = NULL;
    char text[128];
    va_list ap;

    va_start(ap, fmt);
    what = xvasprintf(fmt, ap);
    va_end(ap);
    return store(err, ERROR_SYSTEM, errnum,
                 xasprintf("%s: %s", what, strerror_r(errnum, text, sizeof text)));
}

int error_wrap(struct error **err, const char *fmt, ...)
{
    struct error *cause, *error;
    va_list ap;

    if (!err || !*err)
        return -1;
    cause = *err;
    error = xcalloc(1, sizeof *error);
    error->kind = cause->kind;
    error->code = cause->code;
    error->hint = TAKE(cause->hint);
    error->detail = TAKE(cause->detail);
    error->cause = cause;
    va_start(ap, fmt);
    error->message = xvasprintf(fmt, ap);
    va_end(ap);
    *err = error;
    return -1;
}

int error_hint(struct error **err, const char *fmt, ...)
{
    va_list ap;

    if (!err || !*err || (*err)->hint)
        return -1;
    va_start(ap, fmt);
    (*err)->hint = xvasprintf(fmt, ap);
    va_end(ap);
    return -1;
}

int error_detail(struct error **err, const char *text)
{
    if (!err || !*err)
        return -1;
    free((*err)->detail);
    (*err)->detail = xstrdup(text);
    return -1;
}

int error_move(struct error **err, struct error *from)
{
    if (err) {
        error_free(*err);
        *err = from;
    } else {
        error_free(from);
    }
    return -1;
}

void error_clear(struct error **err)
{
    if (!err)
        return;
    error_free(*err);
    *err = NULL;
}

void error_free(struct error *error)
{
    while (error) {
        struct error *cause = error->cause;

        free(error->message);
        free(error->hint);
        free(error->detail);
        free(error);
        error = cause;
    }
}

char *error_text(const struct error *error)
{
    char *text = xstrdup(error->message);

    for (const struct error *cause = error->cause; cause; cause = cause->cause) {
        char *longer = xasprintf("%s: %s", text, cause->message);

        free(text);
        text = longer;
    }
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
    }
    return text;
}

void error_cleanup(struct error **error)
{
    error_free(*error);
}
