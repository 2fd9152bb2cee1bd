/* SPDX-License-Identifier: Apache-2.0 */
#include "util/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and the NUL. */
static void reserve(struct buffer *b, size_t more)
{
    size_t needed;

    if (more > SIZE_MAX / 4 || b->length > SIZE_MAX / 4)
        abort();
    needed = b->length + more + 1;
    if (needed <= b->capacity)
        return;
    b->capacity = needed < 32 ? 64 : needed * 2;
    b->data = xrealloc(b->data, b->capacity);
}

void buffer_append(struct buffer *b, const void *data, size_t length)
{
    reserve(b, length);
    if (length)
        memcpy(b->data + b->length, data, length);
    b->length += length;
    b->data[b->length] = '\0';
}

void buffer_puts(struct buffer *b, const char *s)
{
    buffer_append(b, s, strlen(s));
}

void buffer_printf(struct buffer *b, const char *fmt, ...)
{
    auto_free char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    buffer_puts(b, text);
}

char *buffer_take(struct buffer *b)
{
    char *data = b->data ? b->data : xstrdup("");

    *b = (struct buffer){0};
    return data;
}

void buffer_done(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){0};
}
