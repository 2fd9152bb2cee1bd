/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml counts characters and knows five kinds of line ends; positions count bytes and lines
 * that end in '\n'. A cursor walks the text once to turn one into the other. */
#ifndef CONFIG_MARK_H
#define CONFIG_MARK_H

#include <stddef.h>

#include "util/error.h"

struct mark_cursor {
    const char *file;
    const char *text;
    size_t length;
    size_t character; /* the place it stands at: in characters, */
    size_t byte;      /* in bytes, */
    int line;         /* and as a line (from 1) that starts at byte line_start */
    size_t line_start;
};

struct mark_cursor mark_start(const char *file, const char *text, size_t length);
/* Moves to a character; cheap when it lies ahead. */
void mark_seek(struct mark_cursor *cursor, size_t character);
void mark_seek_byte(struct mark_cursor *cursor, size_t byte);
/* Where it stands, up to the character `end` when that is on the same line. */
struct position mark_position(const struct mark_cursor *cursor, size_t end);

#endif
