/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libvirt's XML to the JSON of the file by tables: one row a key. What a row cannot say (a word
 * that the file does not have) is left out; whoever compares what comes of it with the original
 * sees that.
 */
#ifndef TEMPLATES_IMPORT_ROW_H
#define TEMPLATES_IMPORT_ROW_H

#include <jansson.h>
#include <libxml/tree.h>

enum import_type {
    IMPORT_TEXT,
    IMPORT_NUMBER,
    IMPORT_WORD,    /* one of words; NULL-terminated */
    IMPORT_SIZE,    /* an element with an attribute `unit`; KiB without */
    IMPORT_KIB,     /* a number of KiB */
    IMPORT_BYTES,   /* a number of bytes */
    IMPORT_MS,      /* a number of milliseconds */
    IMPORT_SECONDS, /* a number of seconds */
    IMPORT_SWITCH,  /* yes, on, shared: true; else false */
    IMPORT_THERE,   /* true where the element is there */
};

struct import_row {
    const char *key;  /* "topology.cores": below the object */
    const char *path; /* "topology@cores": below the element, first of their names */
    enum import_type type;
    const char *const *words;
};

/* The element or, with "@name" at the end, whose attribute `*ret_attribute` is; or NULL. */
xmlNodePtr import_find(xmlNodePtr from, const char *path, const char **ret_attribute);
/* The text there; NULL: there is none. The caller frees it. */
char *import_text(xmlNodePtr from, const char *path);

/* Rows until one without a key. */
void import_rows(json_t *object, xmlNodePtr from, const struct import_row *rows);
/* Puts a value at a path of keys, making the mappings on the way; takes the reference. NULL
 * and empty mappings and lists are left out. */
void import_set(json_t *object, const char *key, json_t *value);
void import_set_text(json_t *object, const char *key, const char *text);
void import_set_size(json_t *object, const char *key, uint64_t bytes);
void import_set_word(json_t *object, const char *key, const char *const *words,
                     const char *word);
/* True when a NULL-terminated list has the word. */
bool import_has_word(const char *const *words, const char *word);

/* All child elements of a name: import_each (devices, "disk", n) { ... } */
#define import_each(parent_, name_, node_)                              \
    for (xmlNodePtr node_ = xmlreader_child((parent_), (name_)); node_; \
         node_ = xmlreader_next(node_))

#endif
