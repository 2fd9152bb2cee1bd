/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a positioned tree (libyaml's event API). Every node knows where it stands. The tree,
 * its strings and the source text live in the arena given to document_parse.
 *
 * Refused, each with its own check name: more than 4 MiB, deeper than 64, more than 1,000,000
 * nodes after aliases are expanded, an alias to its own anchor, duplicate keys, keys that are
 * not plain words, a second document, tags, bytes that are not UTF-8, control characters.
 */
#ifndef CONFIG_DOCUMENT_H
#define CONFIG_DOCUMENT_H

#include <stdbool.h>

#include <jansson.h>

#include "util/diagnostic.h"
#include "util/memory.h"

#define DOCUMENT_MAX_BYTES (4u << 20)
#define DOCUMENT_MAX_DEPTH 64
#define DOCUMENT_MAX_NODES 1000000

enum document_kind { DOCUMENT_SCALAR, DOCUMENT_SEQUENCE, DOCUMENT_MAPPING };

struct document_node {
    enum document_kind kind;
    struct position position;     /* of the value */
    struct position key_position; /* of its key, when it is a mapping's value */
    const char *key;              /* when it is a mapping's value, else NULL */
    const char *text;             /* scalars: the content */
    bool quoted;                  /* scalars: quoted or block style, so always a string */
    bool is_null;                 /* scalars: empty, ~ or null, unquoted */
    bool literal;                 /* a "${" in it means nothing */
    bool failed;                  /* its variables could not be put in */
    struct document_node **items; /* sequences and mappings, in order */
    size_t count;
    const char *origin; /* "defaults" or "profiles.nfv" when merged in from there, else NULL */
    const char *note;   /* where the variables in it come from, or NULL */
};

/* Parses one YAML document into `arena`. NULL when there is no usable tree; the reasons are
 * in `d`, whose source is registered here. An empty document is an empty mapping. `text`
 * need not outlive the call. */
struct document_node *document_parse(struct arena *arena, const char *file, const char *text,
                                     size_t length, struct diagnostics *d);
/* What documents that count as one have taken of the limits. */
struct document_budget {
    size_t bytes, nodes;
};
/* The same for one of several; the nodes of `budget` are counted on, the bytes are for the
 * caller. */
struct document_node *document_parse_more(struct arena *arena, const char *file,
                                          const char *text, size_t length,
                                          struct document_budget *budget,
                                          struct diagnostics *d);
/* The value of a key, or NULL. */
struct document_node *document_get(const struct document_node *mapping, const char *key);
/* "mapping", "list", "text", "number"…, for messages. */
const char *document_kind_name(const struct document_node *node);
/* True for the texts that are nothing where they have no quotes. */
bool document_is_null_text(const char *text);
/* The text as an item of `[a, b]`, in quotes where it needs them; NULL when it is too long for
 * a line or has control characters. */
const char *document_quote(struct arena *arena, const char *text);
/* The tree as JSON, scalars typed by YAML's core schema (true/false, integers, floats, null;
 * else strings). New reference. */
json_t *document_json(const struct document_node *node);

#define document_each(node, i, item) \
    for (size_t i = 0; i < (node)->count && ((item) = (node)->items[i], true); i++)

#endif
