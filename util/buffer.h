/* SPDX-License-Identifier: Apache-2.0 */
/* A growable byte string, always NUL-terminated behind its end. Zero-initialise to start. */
#ifndef UTIL_BUFFER_H
#define UTIL_BUFFER_H

#include "util/memory.h"

struct buffer {
    char *data; /* NULL while empty and never written */
    size_t length;
    size_t capacity;
};

void buffer_append(struct buffer *b, const void *data, size_t length);
void buffer_puts(struct buffer *b, const char *s);
void buffer_printf(struct buffer *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Hands the string over ("" if empty); the buffer is empty again. The caller frees it. */
char *buffer_take(struct buffer *b);
void buffer_done(struct buffer *b);
#define auto_buffer __attribute__((cleanup(buffer_done)))

#endif
