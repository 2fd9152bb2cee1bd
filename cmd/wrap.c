/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/wrap.h"

#include <stdbool.h>
#include <string.h>

#define WIDTH 80

void wrap_append(struct buffer *out, const char *text, size_t indent, size_t at)
{
    bool first = true;

    while (*text) {
        size_t length = strcspn(text, " \n");

        if (!first && at + 1 + length > WIDTH) {
            buffer_printf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (!first) {
            buffer_puts(out, " ");
            at++;
        }
        buffer_append(out, text, length);
        at += length;
        text += length;
        first = false;
        if (*text == '\n') {
            buffer_printf(out, "\n\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        text += strspn(text, " \n");
    }
    buffer_puts(out, "\n");
}

void wrap_append_row(struct buffer *out, const char *label, size_t width, const char *text)
{
    buffer_printf(out, "  %-*s  ", (int)width, label);
    wrap_append(out, text, width + 4, width + 4);
}
