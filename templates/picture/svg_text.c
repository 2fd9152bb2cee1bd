/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "templates/picture/svg_layout.h"

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

int svg_text_width(const char *text, int font_size)
{
    return (int)characters(text) * font_size * 56 / 100;
}

int svg_bold_width(const char *text, int font_size)
{
    return (int)characters(text) * font_size * 64 / 100;
}

int svg_mono_width(const char *text, int font_size)
{
    return (int)characters(text) * font_size * 61 / 100;
}

char *svg_fit_text(const struct picture *picture, char *text, int font_size, bool bold,
                   int width)
{
    auto_free char *whole = text;
    size_t most = (size_t)(width * 100 / (font_size * (bold ? 64 : 56))), bytes = 0;

    if (characters(whole) <= most)
        return arena_strdup(picture->arena, whole);
    for (size_t seen = 0; whole[bytes]; bytes++) {
        if (((unsigned char)whole[bytes] & 0xC0) != 0x80 && seen++ == most - 1)
            break;
    }
    return arena_printf(picture->arena, "%.*s…", (int)bytes, whole);
}
