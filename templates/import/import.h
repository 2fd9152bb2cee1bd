/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From libvirt's domains to a cluster's file: each area of the XML has a reader in this folder,
 * which gives the keys of the file as JSON. Pure: documents in, JSON out. What it does not
 * understand it leaves out; provision/import.h renders the result and says what is missing.
 */
#ifndef TEMPLATES_IMPORT_H
#define TEMPLATES_IMPORT_H

#include <jansson.h>
#include <libxml/tree.h>

#include "util/error.h"

/* Lines for a person, without the '#'. */
struct import_notes {
    char **items;
    size_t count;
};

void import_note(struct import_notes *notes, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void import_notes_done(struct import_notes *notes);

/* What the nodes of one file share. Zero-initialise. */
struct import_world {
    json_t *networks; /* name in the file to its mapping */
    json_t *names;    /* "network default" or "bridge br0" to the name in the file */
    json_t *nodes;    /* names of nodes that are taken */
};

void import_world_init(struct import_world *world);
void import_world_done(struct import_world *world);

/* A name of the file like `text`, that `taken` does not have yet; the caller frees it. */
char *import_name(const char *text, const char *otherwise, const json_t *taken);

/* The mapping of a node: keys in any order, defaults still in it (schema_tidy). */
json_t *import_node(xmlNodePtr domain, struct import_world *world, struct import_notes *notes);

#endif
