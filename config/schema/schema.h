/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema tables: one row a key. From the same rows come binding (YAML to struct), messages and
 * suggestions, the spec kept in a domain's tag (struct to JSON), the class of a change, and
 * the documentation. Adding a key is adding a row.
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "config/document/document.h"
#include "util/diagnostic.h"

struct binder;
struct names;
struct schema;

/* The C type behind `offset`. */
enum field_type {
    FIELD_STRING,   /* const char * */
    FIELD_NAME,     /* const char *: [a-z0-9]([a-z0-9-]*[a-z0-9])?, at most 63 */
    FIELD_PATH,     /* const char *: resolved against the file's folder, absolute */
    FIELD_BOOL,     /* bool */
    FIELD_SWITCH,   /* int: enum switch_state; true, false, or not said */
    FIELD_INTEGER,  /* long long, within min and max */
    FIELD_SIZE,     /* uint64_t bytes, within min and max */
    FIELD_DURATION, /* uint64_t ms */
    FIELD_ENUM,     /* int: index into words */
    FIELD_IP4,      /* uint32_t; 0 is "not given" */
    FIELD_CIDR,     /* struct cidr */
    FIELD_IP6,      /* struct ip6; all zero is "not given" */
    FIELD_CIDR6,    /* struct cidr6; an address of all zeros is "not given" */
    FIELD_MAC,      /* struct mac; all zero is "not given" */
    FIELD_CPUSET,   /* const char *: numbers and ranges, sorted, "0-3,8" (util/cpuset.h) */
    FIELD_STRINGS,  /* struct string_list */
    FIELD_STRUCT,   /* the struct itself, by `schema` */
    FIELD_LIST,     /* struct list of structs by `schema` */
    FIELD_MAP,      /* struct list of structs by `schema`; the key goes to its `name` row */
    FIELD_LABELS,   /* struct label_list: name to text */
    FIELD_TREE,     /* json_t * (any mapping), owned by the cluster */
    FIELD_CUSTOM,   /* whatever `parse` fills in; `dump` gives the JSON */
};

enum switch_state { SWITCH_UNSET, SWITCH_ON, SWITCH_OFF };

struct string_list {
    const char **items;
    size_t count;
};

struct label {
    const char *name, *value;
};

struct label_list {
    struct label *items;
    size_t count;
};

struct list {
    void *items; /* array of the schema's struct */
    size_t count;
};

/* What changing a key of a running node costs. */
enum field_change {
    FIELD_CHANGE_FREE,     /* matters to virtopo alone: nothing to do on the host but the tag */
    FIELD_CHANGE_LIVE,     /* done while it runs */
    FIELD_CHANGE_RESTART,  /* takes effect at the next start */
    FIELD_CHANGE_RECREATE, /* the node is made anew */
};

enum {
    FIELD_REQUIRED = 1 << 0,
    FIELD_KEY = 1 << 1,      /* FIELD_MAP members: filled from the mapping's key */
    FIELD_NO_SPEC = 1 << 2,  /* not part of the spec (no JSON, no diff) */
    FIELD_NOTE = 1 << 3,     /* default_text is for people: nothing is applied */
    FIELD_DEFERRED = 1 << 4, /* known and documented here, but bound by the loader */
    FIELD_TEXT = 1 << 5,     /* STRING, STRINGS: several lines; a STRING may be empty */
    FIELD_ANY = 1 << 6,      /* STRING: any characters at all but NUL */
    FIELD_GUEST = 1 << 7,    /* for the guest's shell: only the file's own variables go in */
    FIELD_LONE = 1 << 8,     /* LIST: an item alone stands for a list of one */
    FIELD_PLACED = 1 << 9,   /* LIST: what an item is follows from its place */
    FIELD_SECRET = 1 << 10,  /* findings do not show what the file has there */
    FIELD_BESIDE = 1 << 11,  /* examples of the other keys, but for `only` ones, have it too */
};

struct field {
    const char *key;
    enum field_type type;
    size_t offset;
    unsigned flags;
    const struct schema *schema; /* STRUCT, LIST, MAP */
    const char *const *words;    /* ENUM: NULL-terminated */
    const char *const *notes;    /* ENUM: a line about each of the words, in their order */
    long long min, max;          /* INTEGER, SIZE; both 0: no limits; STRING: longest */
    enum field_change change;
    const char *type_text;    /* overrides the type's name in messages and docs */
    const char *default_text; /* as a user would write it; also applied when absent */
    const char *summary;      /* one line, no full stop */
    const char *example;
    const char *also; /* what other tools call it, parted by blanks: "mem ram"; or NULL */
    const char *only; /* what it needs to mean anything: "with script"; or NULL */
    /* What it takes, as JSON Schema in YAML (describe/json_schema.h). CUSTOM: all of it; else
     * what goes over that of the type, such as "pattern: '^[0-7]{3,4}$'". */
    const char *json_schema;
    /* CUSTOM: fills *target; reports to the binder's diagnostics; returns nothing. */
    void (*parse)(struct binder *b, const struct document_node *node, void *target);
    /* CUSTOM: new reference, or NULL when not given. */
    json_t *(*dump)(const void *target);
};

#define SCHEMA_NO_SOURCE ((size_t)-1)

/* A key that there is not, and why. */
struct refusal {
    const char *key, *why;
};

struct schema {
    const char *name; /* "node", for messages: unknown key 'x' in node 'web' */
    size_t size;      /* of the struct */
    const struct field *fields;
    size_t field_count;
    size_t source_offset; /* of its `const struct document_node *source`, or SCHEMA_NO_SOURCE */
    /* Turns a short form into the struct (e.g. "san" or {lan: 10.0.0.1} for a NIC): true when
     * it was one and has been handled (also when it was wrong and has been reported). */
    bool (*short_form)(struct binder *b, const struct document_node *node, void *target);
    const char *short_form_text;   /* for the hint where a value is neither form */
    const char *short_form_schema; /* what short_form takes, as JSON Schema in YAML */
    const char *required_note;     /* what else would help when a key is missing, or NULL */
    const char *one_of; /* exactly one of these keys must be there, parted by blanks; or NULL */
    /* A scalar stands for a mapping with this one key: `cpus: 2` for `cpus: { count: 2 }`. A
     * spec has the short form too, where that says all. NULL: no such form. */
    const char *scalar_key;
    const struct refusal *refused; /* up to one without a key; or NULL */
    /* More rows of the same struct, from another file; NULL at the end of the chain. */
    const struct schema *rest;
};

/* All rows, those of `rest` too: schema_each (schema, field) { ... } */
#define schema_each(schema_, field_)                                      \
    for (const struct field *field_ = schema_next(schema_, NULL); field_; \
         field_ = schema_next(schema_, field_))
/* The row after `field`, or the first one; NULL after the last. */
const struct field *schema_next(const struct schema *schema, const struct field *field);

struct binder {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const char *folder;          /* relative paths start here, */
    const struct names *folders; /* or where the file is that they are in; by its name */
    json_t *trees;               /* array that owns every FIELD_TREE */
    bool partial;                /* the mapping is `defaults`: nothing is required of it */
    bool quiet;                  /* findings here have been reported where they came from */
};

/* Where a relative path that stands there starts. */
const char *binder_folder(const struct binder *b, const struct position *at);
/* For `parse` and `short_form`: a finding about a value; `hint` may be NULL. */
void binder_report(struct binder *b, struct position at, const char *check, const char *hint,
                   const char *fmt, ...) PRINTF_LIKE(5, 6);
/* Puts a mapping's key into the `name` row of an item, and reports a bad one. */
void schema_bind_key(struct binder *b, const struct schema *schema,
                     const struct document_node *node, void *target);
/* Binds one value by its row; `target` is the struct that the row's offset counts from. */
void schema_bind_field(struct binder *b, const struct field *field,
                       const struct document_node *node, void *target);

/* Fills `target` (zeroed) from a mapping. Unknown keys, wrong types, missing and bad values go
 * to the diagnostics with a hint of the nearest key; binding goes on. */
void schema_bind(struct binder *b, const struct schema *schema,
                 const struct document_node *node, void *target);
/* The struct as JSON with sorted keys, defaults that a row applies included, FIELD_NO_SPEC and
 * what was not given left out: empty texts, lists and mappings, zeros, and words that are the
 * first of their row and switches, when the row applies no default. Sizes are exact texts
 * ("4G"), addresses texts. New reference. */
json_t *schema_dump(const struct schema *schema, const void *target);
/* What a value must be, as messages and documentation say it: "a size such as 4G". */
const char *schema_type_text(const struct field *field, struct arena *arena);
/* The row of a key that a mapping may have, or NULL. */
const struct field *schema_field(const struct schema *schema, const char *key);

#endif
