/* SPDX-License-Identifier: Apache-2.0 */
/* What standard output and error are, and text that cannot harm a terminal. */
#ifndef UTIL_TERMINAL_H
#define UTIL_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "util/buffer.h"

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Colour on `f`: auto means a terminal, TERM not "dumb" and NO_COLOR unset. */
bool terminal_color(FILE *f, enum color_mode mode);
/* True when it can redraw lines: a terminal that is not dumb. */
bool terminal_is_live(FILE *f);
/* Columns; 80 when unknown. */
int terminal_width(FILE *f);
/* True when the character set of the user's locale is UTF-8; needs no setlocale before. */
bool terminal_utf8(void);
/* Appends foreign text (guest output, file content) with control bytes, whole escape
 * sequences and what is not UTF-8 shown as '?'; newlines and tabs stay, "\r\n" is a newline.
 * What it appends is valid UTF-8. */
void terminal_append_safe(struct buffer *out, const char *text, size_t length);
/* Appends foreign text as a terminal shows it in the end: of each line, what stands behind its
 * last carriage return (progress that was written over). Not made safe. */
void terminal_append_final(struct buffer *out, const char *text, size_t length);
/* terminal_append_safe for text that must stay one line: newlines and tabs
 * are '?' too. Caller frees. */
char *terminal_safe_line(const char *text);
/* The bytes of the UTF-8 character at `text`, 0 when there is none or it is a control. */
size_t terminal_character(const char *text, size_t length, uint32_t *ret);

#endif
