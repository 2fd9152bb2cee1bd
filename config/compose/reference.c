/* SPDX-License-Identifier: Apache-2.0 */
#include "config/compose/reference.h"

#include <ctype.h>
#include <string.h>

size_t reference_name(const char *text, size_t length)
{
    size_t n = 0;

    while (n < length && (isalnum((unsigned char)text[n]) || text[n] == '_'))
        n++;
    return n > 0 && !isdigit((unsigned char)text[0]) ? n : 0;
}

/* The place of the '}' that ends a default, which may have references in it. */
static size_t find_end(const char *text, size_t length)
{
    int depth = 0;

    for (size_t i = 0; i < length && i < REFERENCE_LONGEST; i++) {
        if (text[i] == '}' && depth-- == 0)
            return i;
        if (text[i] == '$' && i + 1 < length && text[i + 1] == '{')
            depth++;
    }
    return length;
}

bool reference_read(const char *text, size_t length, struct reference *ret,
                    const char **ret_wrong)
{
    size_t at = 2, end;

    *ret = (struct reference){.name = text + at};
    ret->name_length = reference_name(text + at, length - at);
    at += ret->name_length;
    if (ret->name_length == 0) {
        *ret_wrong = "a name starts with a letter or '_'";
        return false;
    }
    if (at < length && text[at] == '}') {
        ret->length = at + 1;
        return true;
    }
    if (length - at < 2 || memcmp(text + at, ":-", 2) != 0) {
        *ret_wrong = at < length ? "only '}' or ':-' can follow the name" : "it has no '}'";
        return false;
    }
    at += 2;
    end = find_end(text + at, length - at);
    if (end == length - at) {
        *ret_wrong =
            length - at > REFERENCE_LONGEST ? "it is too long, or has no '}'" : "it has no '}'";
        return false;
    }
    ret->fallback = text + at;
    ret->fallback_length = end;
    ret->length = at + end + 1;
    return true;
}
