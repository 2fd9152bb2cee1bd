/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdlib.h>

#include "script.h"

static const char *folder;

void script_into(const char *dir)
{
    folder = dir;
}

FILE *script_open(const char *name)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "a");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

void script_quote(FILE *f, const char *s)
{
    fputs(" '", f);
    for (; *s; s++) {
        if (*s == '\'')
            fputs("'\\''", f);
        else
            fputc(*s, f);
    }
    fputc('\'', f);
}

void script_call(FILE *f, const char *function, ...)
{
    va_list args;
    const char *arg;

    fputs(function, f);
    va_start(args, function);
    while ((arg = va_arg(args, const char *)))
        script_quote(f, arg);
    va_end(args);
    fputc('\n', f);
}
