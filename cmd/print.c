/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed of errors, and JSON. */
#include <stdlib.h>
#include <string.h>

#include "cmd/context.h"
#include "util/terminal.h"

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

static char *safe_text(const char *text)
{
    auto_buffer struct buffer safe = {0};

    terminal_append_safe(&safe, text, strlen(text));
    return buffer_take(&safe);
}

static void append_detail(struct buffer *out, const char *detail)
{
    auto_free char *safe = safe_text(detail);
    char *rest = safe, *line;

    while ((line = strsep(&rest, "\n"))) {
        if (*line || rest)
            buffer_printf(out, *line ? "    %s\n" : "%s\n", line);
    }
}

void context_print_error(const struct context *context, const char *subject,
                         const struct error *error)
{
    auto_buffer struct buffer out = {0};
    auto_free char *text = error_text(error);
    auto_free char *safe = terminal_safe_line(text);
    auto_free char *safe_subject = subject ? terminal_safe_line(subject) : NULL;
    bool color = context->color_err;

    buffer_printf(&out, "%serror:%s ", color ? RED : "", color ? PLAIN : "");
    if (safe_subject)
        buffer_printf(&out, "%s: ", safe_subject);
    buffer_printf(&out, "%s\n", safe);
    if (error->detail)
        append_detail(&out, error->detail);
    if (error->hint) {
        auto_free char *hint = terminal_safe_line(error->hint);

        buffer_printf(&out, "%shint:%s %s\n", color ? BOLD : "", color ? PLAIN : "", hint);
    }
    fflush(stdout);
    fputs(out.data, stderr);
}

void context_warn(const struct context *context, const char *fmt, ...)
{
    auto_free char *text = NULL, *safe = NULL;
    va_list ap;

    if (context->globals.quiet)
        return;
    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    safe = terminal_safe_line(text);
    fflush(stdout);
    fprintf(stderr, "%swarning:%s %s\n", context->color_err ? YELLOW : "",
            context->color_err ? PLAIN : "", safe);
}

void context_print_json(const char *type, json_t *object)
{
    json_t *full = json_pack("{s:i, s:s}", "version", 1, "type", type);
    char *text;

    json_object_update_missing(full, object);
    json_decref(object);
    text = json_dumps(full, JSON_COMPACT);
    json_decref(full);
    puts(text);
    fflush(stdout);
    free(text);
}

static void set_safe(json_t *object, const char *key, const char *text)
{
    auto_free char *safe = text ? safe_text(text) : NULL;

    json_object_set_new(object, key, safe ? json_string(safe) : json_null());
}

json_t *context_error_json(const struct error *error)
{
    static const char *const kinds[] = {
        [ERROR_FAILED] = "failed",     [ERROR_USAGE] = "usage",
        [ERROR_CONFIG] = "config",     [ERROR_SYSTEM] = "system",
        [ERROR_LIBVIRT] = "libvirt",   [ERROR_NOT_FOUND] = "not-found",
        [ERROR_CONFLICT] = "conflict", [ERROR_BUSY] = "busy",
        [ERROR_CONSENT] = "consent",   [ERROR_CANCELLED] = "cancelled",
        [ERROR_TIMEOUT] = "timeout",
    };
    auto_free char *text = error_text(error);
    json_t *object = json_object();

    set_safe(object, "kind", kinds[error->kind]);
    set_safe(object, "message", text);
    set_safe(object, "hint", error->hint);
    set_safe(object, "detail", error->detail);
    return object;
}
