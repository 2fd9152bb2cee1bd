/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/import_row.h"

#include <string.h>

#include "config/schema/schema_types.h"
#include "templates/xmlreader.h"
#include "util/memory.h"
#include "util/size.h"

xmlNodePtr import_find(xmlNodePtr from, const char *path, const char **ret_attribute)
{
    auto_free char *steps = xstrdup(path);
    char *attribute = strchr(steps, '@');
    char *rest = NULL;

    *ret_attribute = attribute ? strchr(path, '@') + 1 : NULL;
    if (attribute)
        *attribute = '\0';
    for (char *step = strtok_r(steps, "/", &rest); step; step = strtok_r(NULL, "/", &rest))
        from = xmlreader_child(from, step);
    return from;
}

char *import_text(xmlNodePtr from, const char *path)
{
    const char *attribute;
    xmlNodePtr node = import_find(from, path, &attribute);

    return attribute ? xmlreader_attribute(node, attribute)
           : node    ? xmlreader_text(node)
                     : NULL;
}

static bool is_empty(const json_t *value)
{
    return !value || (json_is_object(value) && json_object_size(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

void import_set(json_t *object, const char *key, json_t *value)
{
    const char *dot = strchr(key, '.');
    auto_free char *first = dot ? xstrndup(key, (size_t)(dot - key)) : NULL;
    json_t *inner = first ? json_object_get(object, first) : NULL;

    if (is_empty(value)) {
        json_decref(value);
        return;
    }
    if (!dot) {
        json_object_set_new(object, key, value);
        return;
    }
    if (!json_is_object(inner)) {
        inner = json_object();
        json_object_set_new(object, first, inner);
    }
    import_set(inner, dot + 1, value);
}

void import_set_text(json_t *object, const char *key, const char *text)
{
    if (text && *text)
        import_set(object, key, json_string(text));
}

void import_set_size(json_t *object, const char *key, uint64_t bytes)
{
    char text[SIZE_TEXT];

    if (bytes)
        import_set(object, key, json_string(size_format_exact(bytes, text)));
}

bool import_has_word(const char *const *words, const char *word)
{
    for (size_t i = 0; word && words[i]; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

void import_set_word(json_t *object, const char *key, const char *const *words,
                     const char *word)
{
    if (import_has_word(words, word))
        import_set_text(object, key, word);
}

static void set_duration(json_t *object, const char *key, long long ms)
{
    char text[SIZE_TEXT];

    if (ms > 0)
        import_set(object, key, json_string(schema_duration_exact((uint64_t)ms, text)));
}

static bool is_yes(const char *text)
{
    return strcmp(text, "yes") == 0 || strcmp(text, "on") == 0 || strcmp(text, "shared") == 0;
}

static void set_number(json_t *object, const struct import_row *row, const char *text)
{
    long long number = xmlreader_number(text, -1);

    if (number < 0)
        return;
    if (row->type == IMPORT_NUMBER)
        import_set(object, row->key, json_integer(number));
    else if (row->type == IMPORT_MS || row->type == IMPORT_SECONDS)
        set_duration(object, row->key, number * (row->type == IMPORT_MS ? 1 : 1000));
    else if (number > 0 && (uint64_t)number <= UINT64_MAX / KIB)
        import_set_size(object, row->key,
                        (uint64_t)number * (row->type == IMPORT_KIB ? KIB : 1));
}

static void set_row(json_t *object, xmlNodePtr from, const struct import_row *row)
{
    const char *attribute;
    xmlNodePtr node = import_find(from, row->path, &attribute);
    auto_free char *text = import_text(from, row->path);

    if (!text)
        return;
    switch (row->type) {
    case IMPORT_TEXT:
        import_set_text(object, row->key, text);
        return;
    case IMPORT_WORD:
        import_set_word(object, row->key, row->words, text);
        return;
    case IMPORT_SIZE:
        import_set_size(object, row->key, xmlreader_bytes(node, "KiB"));
        return;
    case IMPORT_SWITCH:
        import_set(object, row->key, json_boolean(is_yes(text)));
        return;
    case IMPORT_THERE:
        import_set(object, row->key, json_true());
        return;
    default:
        set_number(object, row, text);
    }
}

void import_rows(json_t *object, xmlNodePtr from, const struct import_row *rows)
{
    for (; rows->key; rows++)
        set_row(object, from, rows);
}
