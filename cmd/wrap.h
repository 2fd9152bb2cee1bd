/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_WRAP_H
#define CMD_WRAP_H

#include "util/buffer.h"

/* Fills lines of 80 columns with the words of `text`, which begins at column `at`; the lines
 * after the first are indented. A line end in it becomes an empty line. Ends the line. */
void wrap_append(struct buffer *out, const char *text, size_t indent, size_t at);
/* "  LABEL    TEXT": the text in a column of its own, behind labels of that width. */
void wrap_append_row(struct buffer *out, const char *label, size_t width, const char *text);

#endif
