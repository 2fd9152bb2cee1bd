/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the finished tree: lookup, words for its kinds, JSON. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/document/document.h"

struct document_node *document_get(const struct document_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != DOCUMENT_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->count; i++) {
        if (!strcmp(mapping->items[i]->key, key))
            return mapping->items[i];
    }
    return NULL;
}

static bool is_bool(const char *text, bool *ret)
{
    *ret = !strcmp(text, "true") || !strcmp(text, "True") || !strcmp(text, "TRUE");
    return *ret || !strcmp(text, "false") || !strcmp(text, "False") || !strcmp(text, "FALSE");
}

/* Numbers with leading zeros ("0644") stay texts: what reads the result may think octal. */
static bool is_integer(const char *text, long long *ret)
{
    const char *digits = text + (*text == '-' || *text == '+');
    char *end;

    if (!isdigit((unsigned char)*digits) || (digits[0] == '0' && digits[1]))
        return false;
    errno = 0;
    *ret = strtoll(text, &end, 10);
    return !*end && errno == 0;
}

static bool is_real(const char *text, double *ret)
{
    const char *digits = text + (*text == '-' || *text == '+');
    char *end;

    if (strspn(digits, "0123456789.eE+-") != strlen(digits) || !strpbrk(digits, ".eE") ||
        !(isdigit((unsigned char)digits[0]) ||
          (digits[0] == '.' && isdigit((unsigned char)digits[1]))) ||
        (digits[0] == '0' && isdigit((unsigned char)digits[1])))
        return false;
    *ret = strtod(text, &end);
    return !*end && isfinite(*ret);
}

const char *document_kind_name(const struct document_node *node)
{
    long long integer;
    double real;
    bool boolean;

    if (node->kind == DOCUMENT_MAPPING)
        return "a mapping";
    if (node->kind == DOCUMENT_SEQUENCE)
        return "a list";
    if (node->is_null)
        return "nothing";
    if (node->quoted)
        return "text";
    if (is_integer(node->text, &integer) || is_real(node->text, &real))
        return "a number";
    return is_bool(node->text, &boolean) ? "true or false" : "text";
}

#define QUOTE_LONGEST 200

const char *document_quote(struct arena *arena, const char *text)
{
    size_t length = strnlen(text, QUOTE_LONGEST + 1);
    bool is_plain = length > 0 && !strpbrk(text, ",[]{}#&*!|>'\"%@`:?\\") && *text != '-' &&
                    *text != ' ' && text[length - 1] != ' ';
    auto_buffer struct buffer out = {0};

    if (length > QUOTE_LONGEST)
        return NULL;
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return NULL;
    }
    if (is_plain)
        return arena_strdup(arena, text);
    if (!strpbrk(text, "\"\\"))
        return arena_printf(arena, "\"%s\"", text);
    for (const char *p = text; *p; p++)
        buffer_printf(&out, *p == '\'' ? "''" : "%c", *p);
    return arena_printf(arena, "'%s'", out.data);
}

static json_t *scalar_json(const struct document_node *node)
{
    long long integer;
    double real;
    bool boolean;

    if (node->is_null)
        return json_null();
    if (!node->quoted && is_bool(node->text, &boolean))
        return json_boolean(boolean);
    if (!node->quoted && is_integer(node->text, &integer))
        return json_integer(integer);
    if (!node->quoted && is_real(node->text, &real))
        return json_real(real);
    return json_string(node->text);
}

json_t *document_json(const struct document_node *node)
{
    json_t *result;

    if (node->kind == DOCUMENT_SCALAR)
        return scalar_json(node);
    result = node->kind == DOCUMENT_MAPPING ? json_object() : json_array();
    for (size_t i = 0; i < node->count; i++) {
        json_t *value = document_json(node->items[i]);

        if (node->kind == DOCUMENT_MAPPING)
            json_object_set_new(result, node->items[i]->key, value);
        else
            json_array_append_new(result, value);
    }
    return result;
}
