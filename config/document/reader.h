/* SPDX-License-Identifier: Apache-2.0 */
/* The state of reading one document, shared by the reader and its anchors. */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include <yaml.h>

#include "config/document/document.h"
#include "config/document/mark.h"
#include "config/names.h"

struct anchor {
    const char *name;
    struct document_node *node; /* NULL while it is still being read */
    size_t size;                /* nodes in it, aliases expanded */
    int height;                 /* levels below it */
    struct anchor *before;
};

struct reader {
    yaml_parser_t yaml;
    yaml_event_t event; /* the current one */
    struct arena *arena;
    struct diagnostics *d;
    struct mark_cursor cursor;
    struct names anchors;
    struct anchor *last_anchor;
    size_t nodes;
    int depth, deepest;
};

/* Where the current event stands. */
struct position reader_position(struct reader *r);
/* Counts nodes and levels that are about to come; false (with a finding) beyond the limits. */
bool reader_admit(struct reader *r, size_t nodes, int levels);
/* The anchor of the current event, or NULL. */
struct anchor *anchor_open(struct reader *r);
/* Moves a position from "&name value" to the value, when that is on the same line. */
void anchor_skip(const struct reader *r, struct position *at);
/* Its node is complete. */
void anchor_close(struct reader *r, struct anchor *anchor, struct document_node *node);
/* What the current alias stands for: a copy, since it gets a key of its own; what is below is
 * shared. NULL after a finding. */
struct document_node *anchor_copy(struct reader *r);

#endif
