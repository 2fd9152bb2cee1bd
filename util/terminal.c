/* SPDX-License-Identifier: Apache-2.0 */
#include "util/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool terminal_is_live(FILE *f)
{
    const char *term = getenv("TERM");

    return isatty(fileno(f)) && term && *term && strcmp(term, "dumb") != 0;
}

bool terminal_color(FILE *f, enum color_mode mode)
{
    const char *no_color = getenv("NO_COLOR");

    if (mode != COLOR_AUTO)
        return mode == COLOR_ALWAYS;
    return terminal_is_live(f) && !(no_color && *no_color);
}

int terminal_width(FILE *f)
{
    struct winsize size;

    if (ioctl(fileno(f), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

bool terminal_utf8(void)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    bool utf8;

    if (!locale)
        return false;
    utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return utf8;
}

/* How many bytes follow a UTF-8 lead byte, and the bits that the lead itself carries. */
static int utf8_lead(unsigned char c, uint32_t *bits)
{
    if (c >= 0xc2 && c <= 0xdf) {
        *bits = c & 0x1f;
        return 1;
    }
    if (c >= 0xe0 && c <= 0xef) {
        *bits = c & 0x0f;
        return 2;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        *bits = c & 0x07;
        return 3;
    }
    return -1;
}

/* Controls, and the marks that reorder or hide text around them. */
static bool is_harmful(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

size_t terminal_character(const char *text, size_t length, uint32_t *ret)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t c;
    int more;

    if (length == 0)
        return 0;
    c = bytes[0];
    more = c < 0x80 ? 0 : utf8_lead(bytes[0], &c);
    if (more < 0 || (size_t)more >= length)
        return 0;
    for (int i = 1; i <= more; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (bytes[i] & 0x3f);
    }
    if ((more == 2 && c < 0x800) || (more == 3 && c < 0x10000) || c > 0x10ffff ||
        (c >= 0xd800 && c <= 0xdfff) || is_harmful(c))
        return 0;
    *ret = c;
    return (size_t)more + 1;
}

/* The length of an escape sequence at an ESC, 1 for anything that is not a whole one: what
 * is unfinished must not swallow the text behind it. */
static size_t escape_length(const char *text, size_t length)
{
    size_t i = 2;

    if (length < 2)
        return 1;
    if (text[1] == '[') {
        while (i < length && text[i] >= 0x20 && text[i] < 0x40)
            i++;
        return i < length && text[i] >= 0x40 && text[i] < 0x7f ? i + 1 : 1;
    }
    if (text[1] == ']' || text[1] == 'P' || text[1] == '_' || text[1] == '^') {
        for (; i < length && text[i] != '\n'; i++) {
            if (text[i] == '\a')
                return i + 1;
            if (text[i] == '\033')
                return i + 1 < length && text[i + 1] == '\\' ? i + 2 : 1;
        }
    }
    return 1;
}

void terminal_append_safe(struct buffer *out, const char *text, size_t length)
{
    uint32_t character;

    for (size_t i = 0, size; i < length; i += size) {
        if (text[i] == '\n' || text[i] == '\t') {
            size = 1;
            buffer_append(out, text + i, 1);
        } else if (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n') {
            size = 1;
        } else if ((size = terminal_character(text + i, length - i, &character)) > 0) {
            buffer_append(out, text + i, size);
        } else {
            size = text[i] == '\033' ? escape_length(text + i, length - i) : 1;
            buffer_append(out, "?", 1);
        }
    }
}

void terminal_append_final(struct buffer *out, const char *text, size_t length)
{
    while (length) {
        const char *newline = memchr(text, '\n', length);
        size_t line = newline ? (size_t)(newline - text) + 1 : length, end = line, from;

        while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r'))
            end--;
        for (from = end; from > 0 && text[from - 1] != '\r'; from--)
            ;
        buffer_append(out, text + from, line - from);
        text += line;
        length -= line;
    }
}

char *terminal_safe_line(const char *text)
{
    auto_buffer struct buffer line = {0};

    terminal_append_safe(&line, text, strlen(text));
    for (size_t i = 0; i < line.length; i++) {
        if (line.data[i] == '\n' || line.data[i] == '\t')
            line.data[i] = '?';
    }
    return buffer_take(&line);
}
