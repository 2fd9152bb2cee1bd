/* SPDX-License-Identifier: Apache-2.0 */
/* Anchors and aliases, within limits that count what aliases stand for. */
#include <string.h>

#include "config/finding.h"
#include "config/document/reader.h"
#include "util/suggest.h"

bool reader_admit(struct reader *r, size_t nodes, int levels)
{
    r->nodes += nodes;
    if (r->nodes > DOCUMENT_MAX_NODES)
        finding_error(r->d, reader_position(r), "yaml-size",
                      "use 'count' and 'defaults' instead of repetition",
                      "the file has more than %d values", DOCUMENT_MAX_NODES);
    else if (r->depth + levels > DOCUMENT_MAX_DEPTH)
        finding_error(r->d, reader_position(r), "yaml-depth", NULL,
                      "the file is nested deeper than %d levels", DOCUMENT_MAX_DEPTH);
    else
        return true;
    return false;
}

struct anchor *anchor_open(struct reader *r)
{
    const yaml_char_t *name = NULL;
    struct anchor *anchor;

    if (r->event.type == YAML_SCALAR_EVENT)
        name = r->event.data.scalar.anchor;
    else if (r->event.type == YAML_SEQUENCE_START_EVENT)
        name = r->event.data.sequence_start.anchor;
    else if (r->event.type == YAML_MAPPING_START_EVENT)
        name = r->event.data.mapping_start.anchor;
    if (!name)
        return NULL;
    anchor = arena_alloc(r->arena, sizeof *anchor);
    anchor->name = arena_strdup(r->arena, (const char *)name);
    anchor->before = r->last_anchor;
    anchor->size = r->nodes - 1;
    r->last_anchor = anchor;
    names_set(&r->anchors, anchor->name, anchor);
    return anchor;
}

void anchor_skip(const struct reader *r, struct position *at)
{
    const struct mark_cursor *c = &r->cursor;
    const char *start = c->text + c->byte, *p = start;

    if (*p != '&')
        return;
    p += strcspn(p, " \t\r\n");
    p += strspn(p, " \t");
    if (at->end_column > at->column + (p - start))
        at->column += (int)(p - start);
}

void anchor_close(struct reader *r, struct anchor *anchor, struct document_node *node)
{
    anchor->node = node;
    anchor->size = r->nodes - anchor->size;
    anchor->height = r->deepest - r->depth;
}

static void fail(struct reader *r, const char *name, bool is_open)
{
    struct suggest near = suggest_start(name);
    const char *best;
    int offered = 0;

    /* The nearest of a thousand anchors is near enough: a bound for hostile files. */
    for (struct anchor *a = r->last_anchor; a && !is_open && offered < 1000; a = a->before) {
        suggest_offer(&near, a->name);
        offered++;
    }
    best = suggest_result(&near);
    if (is_open)
        finding_error(r->d, reader_position(r), "yaml-alias",
                      "what an alias stands for must be complete before it",
                      "alias '*%s' is inside its own anchor", name);
    else
        finding_error(r->d, reader_position(r), "yaml-alias",
                      best ? arena_printf(r->arena, "did you mean '*%s'?", best)
                           : "put it in quotes if it is a text that starts with '*'",
                      "alias '*%s' has no anchor '&%s' before it", name, name);
}

struct document_node *anchor_copy(struct reader *r)
{
    const char *name = (const char *)r->event.data.alias.anchor;
    struct anchor *anchor = names_find(&r->anchors, name);
    struct document_node *copy;

    if (!anchor || !anchor->node) {
        fail(r, name, anchor != NULL);
        return NULL;
    }
    if (!reader_admit(r, anchor->size, anchor->height))
        return NULL;
    if (r->deepest < r->depth + anchor->height)
        r->deepest = r->depth + anchor->height;
    copy = arena_alloc(r->arena, sizeof *copy);
    *copy = *anchor->node;
    copy->key = NULL;
    return copy;
}
