/* SPDX-License-Identifier: Apache-2.0 */
#include "config/document/document.h"

#include <stdlib.h>
#include <string.h>

#include "config/finding.h"
#include "config/document/reader.h"
#include "config/document/syntax.h"

static struct document_node *read_node(struct reader *r);

struct position reader_position(struct reader *r)
{
    mark_seek(&r->cursor, r->event.start_mark.index);
    return mark_position(&r->cursor, r->event.end_mark.index);
}

/* Moves to the next event; false (with a finding) where the text is not YAML. */
static bool next(struct reader *r)
{
    yaml_event_delete(&r->event);
    if (yaml_parser_parse(&r->yaml, &r->event))
        return true;
    syntax_report(&r->yaml, r->cursor, r->d);
    memset(&r->event, 0, sizeof r->event);
    return false;
}

bool document_is_null_text(const char *text)
{
    return !*text || !strcmp(text, "~") || !strcmp(text, "null") || !strcmp(text, "Null") ||
           !strcmp(text, "NULL");
}

static void check_tag(struct reader *r, const yaml_char_t *tag)
{
    if (tag)
        finding_error(r->d, reader_position(r), "yaml-tag",
                      "remove it: the type of a value follows from its key",
                      "YAML tags ('!...') are not supported");
}

/* The current event's text; a NUL would hide what is behind it from C strings. */
static const char *scalar_text(struct reader *r)
{
    const char *text = (const char *)r->event.data.scalar.value;
    size_t length = r->event.data.scalar.length;

    if (strlen(text) != length)
        finding_error(r->d, reader_position(r), "yaml-control",
                      "no text in the file may have \\0 in it",
                      "the text contains a NUL character");
    return arena_strndup(r->arena, text, length);
}

static void read_scalar(struct reader *r, struct document_node *node)
{
    check_tag(r, r->event.data.scalar.tag);
    node->text = scalar_text(r);
    node->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->is_null = !node->quoted && document_is_null_text(node->text);
}

static bool read_sequence(struct reader *r, struct document_node *node)
{
    check_tag(r, r->event.data.sequence_start.tag);
    node->kind = DOCUMENT_SEQUENCE;
    for (;;) {
        struct document_node *item;

        if (!next(r))
            return false;
        if (r->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        item = read_node(r);
        if (!item)
            return false;
        arena_push(r->arena, node->items, node->count, item);
    }
}

/* The current event as a key: NULL (with a finding) when it cannot be one. */
static const char *read_key(struct reader *r, struct position *at)
{
    const char *text;

    *at = reader_position(r);
    if (r->event.type != YAML_SCALAR_EVENT) {
        finding_error(r->d, *at, "yaml-key", NULL, "a key must be a plain word");
        return NULL;
    }
    check_tag(r, r->event.data.scalar.tag);
    text = scalar_text(r);
    if (!strcmp(text, "<<") && r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        finding_error(r->d, *at, "yaml-merge", "put what nodes have in common under 'defaults'",
                      "the merge key '<<' is not supported");
        return NULL;
    }
    if (!*text || strlen(text) > 255) {
        finding_error(r->d, *at, "yaml-key", NULL, "a key must have 1 to 255 characters");
        return NULL;
    }
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            finding_error(r->d, *at, "yaml-key", NULL,
                          "the key '%s' contains a control character", text);
            return NULL;
        }
    }
    return text;
}

/* The value before it with the same key; an index pays from a handful of keys on. */
static struct document_node *find_duplicate(struct names *names, struct document_node *mapping,
                                            struct document_node *item)
{
    if (mapping->count < 8)
        return document_get(mapping, item->key);
    if (mapping->count == 8) {
        for (size_t i = 0; i < mapping->count; i++)
            names_add(names, mapping->items[i]->key, mapping->items[i]);
    }
    return names_add(names, item->key, item);
}

static bool read_mapping(struct reader *r, struct document_node *node)
{
    auto_names struct names names = {0};

    check_tag(r, r->event.data.mapping_start.tag);
    node->kind = DOCUMENT_MAPPING;
    for (;;) {
        struct document_node *value, *before;
        struct position at;
        const char *key;
        size_t findings;

        if (!next(r))
            return false;
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return true;
        key = read_key(r, &at);
        if (r->event.type != YAML_SCALAR_EVENT && !read_node(r))
            return false;
        findings = r->d->count;
        if (!next(r) || !(value = read_node(r)))
            return false;
        if (!key)
            continue;
        value->key = key;
        value->key_position = at;
        if (value->is_null && !*value->text)
            value->position = at;
        before = find_duplicate(&names, node, value);
        if (!before) {
            arena_push(r->arena, node->items, node->count, value);
            continue;
        }
        diagnostics_forget(r->d, findings);
        finding_error(r->d, at, "duplicate-key", "remove one of the two",
                      "key '%s' is already given in line %d", key, before->key_position.line);
    }
}

static bool read_content(struct reader *r, struct document_node *node)
{
    if (r->event.type == YAML_SEQUENCE_START_EVENT)
        return read_sequence(r, node);
    if (r->event.type == YAML_MAPPING_START_EVENT)
        return read_mapping(r, node);
    read_scalar(r, node);
    return true;
}

/* Reads the node that the current event starts. NULL (with a finding) ends the reading. */
static struct document_node *read_node(struct reader *r)
{
    int outer_deepest = r->deepest;
    struct document_node *node;
    struct anchor *anchor;
    bool good;

    if (r->event.type == YAML_ALIAS_EVENT)
        return anchor_copy(r);
    if (!reader_admit(r, 1, 1))
        return NULL;
    node = arena_alloc(r->arena, sizeof *node);
    node->position = reader_position(r);
    anchor = anchor_open(r);
    if (anchor)
        anchor_skip(r, &node->position);
    r->deepest = ++r->depth;
    good = read_content(r, node);
    r->depth--;
    if (anchor)
        anchor_close(r, anchor, node);
    if (r->deepest < outer_deepest)
        r->deepest = outer_deepest;
    return good ? node : NULL;
}

static struct document_node *read_document(struct reader *r)
{
    struct document_node *root;

    if (!next(r) || !next(r)) /* the stream's start, then the document's */
        return NULL;
    if (r->event.type == YAML_STREAM_END_EVENT) {
        root = arena_alloc(r->arena, sizeof *root);
        root->kind = DOCUMENT_MAPPING;
        root->position = (struct position){.file = r->cursor.file, .line = 1, .column = 1};
        return root;
    }
    if (!next(r) || !(root = read_node(r)))
        return NULL;
    if (!next(r) || !next(r)) /* the document's end */
        return NULL;
    if (r->event.type == YAML_DOCUMENT_START_EVENT)
        finding_error(r->d, reader_position(r), "yaml-documents",
                      "put the second one into a file of its own",
                      "a file holds one document, and a second one starts here");
    return root;
}

struct document_node *document_parse(struct arena *arena, const char *file, const char *text,
                                     size_t length, struct diagnostics *d)
{
    struct document_budget budget = {0};

    return document_parse_more(arena, file, text, length, &budget, d);
}

struct document_node *document_parse_more(struct arena *arena, const char *file,
                                          const char *text, size_t length,
                                          struct document_budget *budget, struct diagnostics *d)
{
    struct reader r = {.arena = arena, .d = d, .nodes = budget->nodes};
    struct document_node *root = NULL;
    char *copy;

    if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        text += 3;
        length -= 3;
    }
    copy = arena_alloc(arena, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    file = arena_strdup(arena, file);
    diagnostics_source(d, file, copy, length);
    r.cursor = mark_start(file, copy, length);
    if (!syntax_check(r.cursor, d))
        return NULL;
    if (!yaml_parser_initialize(&r.yaml))
        abort();
    yaml_parser_set_input_string(&r.yaml, (const unsigned char *)copy, length);
    yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
    root = read_document(&r);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.yaml);
    names_done(&r.anchors);
    budget->nodes = r.nodes;
    return root;
}
