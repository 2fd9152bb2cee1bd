/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_console.h"

#include <stdlib.h>
#include <string.h>

#include "host/console.h"
#include "util/terminal.h"

/* Kept of the text: between the two. */
#define TEXT_LEAST (16u << 10)
#define TEXT_MOST (64u << 10)
#define LINE_SHOWN 100

enum { ESCAPE_NONE, ESCAPE_BEGUN, ESCAPE_SEQUENCE, ESCAPE_STRING, ESCAPE_CHARSET };

/* Lines without anything in them are left out. */
static void end_line(struct install_console *c)
{
    auto_free char *line = NULL;

    while (c->text.length && strchr(" \t", c->text.data[c->text.length - 1]))
        c->text.data[--c->text.length] = '\0';
    if (!c->text.length || c->text.data[c->text.length - 1] == '\n')
        return;
    line = install_console_line(c);
    buffer_puts(&c->text, "\n");
    if (!c->panic)
        c->panic = xstrdup_null(strstr(line, "Kernel panic - not syncing"));
    c->halted = c->halted || strstr(line, "reboot: System halted");
    c->lines++;
    if (c->line)
        c->line(c->context, line);
}

/* ECMA-48: what moves the cursor elsewhere begins a line, the rest (colours) is nothing. */
static void take_sequence(struct install_console *c, char last)
{
    if (strchr("HfABEFJd", last))
        end_line(c);
}

static void take_escape(struct install_console *c, char byte)
{
    switch (c->escape) {
    case ESCAPE_BEGUN:
        if (byte == '[')
            c->escape = ESCAPE_SEQUENCE;
        else if (strchr("]P_^X", byte))
            c->escape = ESCAPE_STRING;
        else
            c->escape = strchr("()*+#%", byte) ? ESCAPE_CHARSET : ESCAPE_NONE;
        return;
    case ESCAPE_SEQUENCE:
        if (byte < 0x40 || byte > 0x7e)
            return;
        take_sequence(c, byte);
        break;
    case ESCAPE_STRING:
        if (byte == '\x1b')
            c->escape = ESCAPE_BEGUN; /* its end is ESC \ */
        if (byte != '\a' && byte != '\n')
            return;
        break;
    default:
        break;
    }
    c->escape = ESCAPE_NONE;
}

static void take(struct install_console *c, char byte)
{
    if (c->escape)
        take_escape(c, byte);
    else if (byte == '\x1b')
        c->escape = ESCAPE_BEGUN;
    else if (byte == '\n' || byte == '\r')
        end_line(c);
    else if (byte == '\b' && c->text.length && c->text.data[c->text.length - 1] != '\n')
        c->text.data[--c->text.length] = '\0';
    else if ((unsigned char)byte >= ' ' || byte == '\t')
        buffer_append(&c->text, &byte, 1);
}

/* Its newest part stays, from the beginning of a line where there is one. */
static void shorten(struct install_console *c)
{
    const char *from, *line;
    size_t length = TEXT_LEAST;

    if (c->text.length <= TEXT_MOST)
        return;
    from = c->text.data + c->text.length - length;
    line = memchr(from, '\n', length - 1);
    if (line) {
        length -= (size_t)(line + 1 - from);
        from = line + 1;
    }
    memmove(c->text.data, from, length);
    c->text.length = length;
    c->text.data[length] = '\0';
}

void install_console_feed(struct install_console *c, const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++)
        take(c, data[i]);
    shorten(c);
}

char *install_console_line(const struct install_console *c)
{
    const char *text = c->text.data;
    size_t end = c->text.length, start;
    auto_buffer struct buffer line = {0};

    while (end && strchr(" \t\n", text[end - 1]))
        end--;
    if (!end)
        return NULL;
    for (start = end; start && text[start - 1] != '\n';)
        start--;
    /* Of a line that grows (a percentage at its end), the end. */
    if (end - start > LINE_SHOWN) {
        start = end - LINE_SHOWN;
        while (start < end && ((unsigned char)text[start] & 0xc0) == 0x80)
            start++;
        buffer_puts(&line, "…");
    }
    terminal_append_safe(&line, text + start, end - start);
    return buffer_take(&line);
}

bool install_console_grows(const struct install_console *c)
{
    return c->text.length && c->text.data[c->text.length - 1] != '\n';
}

char *install_console_tail(const struct install_console *c, size_t lines)
{
    return console_last_lines(c->text.data ? c->text.data : "", c->text.length, lines);
}

void install_console_done(struct install_console *c)
{
    buffer_done(&c->text);
    free(c->panic);
    c->panic = NULL;
}
