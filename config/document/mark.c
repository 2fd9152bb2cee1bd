/* SPDX-License-Identifier: Apache-2.0 */
#include "config/document/mark.h"

#include <stdbool.h>

struct mark_cursor mark_start(const char *file, const char *text, size_t length)
{
    return (struct mark_cursor){.file = file, .text = text, .length = length, .line = 1};
}

static bool is_continuation(char c)
{
    return (c & 0xc0) == 0x80;
}

static void step(struct mark_cursor *c)
{
    if (c->text[c->byte] == '\n') {
        c->line++;
        c->line_start = c->byte + 1;
    }
    c->byte++;
    while (c->byte < c->length && is_continuation(c->text[c->byte]))
        c->byte++;
    c->character++;
}

void mark_seek(struct mark_cursor *cursor, size_t character)
{
    if (character < cursor->character)
        *cursor = mark_start(cursor->file, cursor->text, cursor->length);
    while (cursor->character < character && cursor->byte < cursor->length)
        step(cursor);
}

void mark_seek_byte(struct mark_cursor *cursor, size_t byte)
{
    *cursor = mark_start(cursor->file, cursor->text, cursor->length);
    while (cursor->byte < byte && cursor->byte < cursor->length) {
        if (cursor->text[cursor->byte++] == '\n') {
            cursor->line++;
            cursor->line_start = cursor->byte;
        }
    }
}

struct position mark_position(const struct mark_cursor *cursor, size_t end)
{
    struct position at = {.file = cursor->file,
                          .line = cursor->line,
                          .column = (int)(cursor->byte - cursor->line_start) + 1};
    struct mark_cursor ahead = *cursor;

    while (ahead.character < end && ahead.byte < ahead.length && ahead.line == cursor->line)
        step(&ahead);
    if (ahead.line == cursor->line && ahead.byte > cursor->byte)
        at.end_column = (int)(ahead.byte - ahead.line_start) + 1;
    return at;
}
