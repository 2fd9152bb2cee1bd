/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cluster's file from libvirt's domains. What is written loads without an error and, rendered
 * again, gives domains that are the same machines; whatever is not so, a comment at the node
 * says. Nothing here touches a host.
 */
#ifndef PROVISION_IMPORT_FILE_H
#define PROVISION_IMPORT_FILE_H

#include <jansson.h>

#include "templates/import/import.h"
#include "util/buffer.h"
#include "util/error.h"

/* One domain, or a network that domains of virtopo's are in, as it was found. */
struct import_source {
    const char *origin; /* for messages: its name, or the file that it is in */
    const char *xml;
    bool autostart;
    const char *base; /* what the root disk is an overlay of, or NULL */
};

struct import_options {
    const char *cluster; /* its name, or NULL */
    const char *from;    /* where they come from, for the first line: "qemu:///system" */
};

struct import_node {
    char *name, *original; /* in the file; libvirt's */
    json_t *keys;
    char *xml;                 /* as found */
    json_t *refused;           /* names of keys of which something did not load */
    struct import_notes notes; /* comments at the node */
    const struct import_source *source;
    bool is_own; /* the keys are those of its tag */
};

struct import_file {
    char *cluster;
    const char *from;
    struct import_world world;
    struct import_node *nodes;
    size_t node_count;
    json_t *images;            /* as the file has them */
    json_t *own_networks;      /* libvirt's names to what their tags say */
    char *user;                /* who logs in to nodes, or NULL: root */
    struct import_notes notes; /* comments at the top */
};

/* Reads them all. The caller's sources must outlive the file. */
int import_file_build(const struct import_options *options, const struct import_source *sources,
                      size_t count, struct import_file *ret, struct error **err) MUST_CHECK;
/* The file as YAML. */
int import_file_write(const struct import_file *file, struct buffer *out,
                      struct error **err) MUST_CHECK;
/* {cluster, networks, nodes: [{name, domain, keys, comments}]}. New reference. */
json_t *import_file_json(const struct import_file *file);
void import_file_done(struct import_file *file);
#define auto_import __attribute__((cleanup(import_file_done)))

/* "${" in a text stands for a variable in a file: makes it mean itself, in all texts inside. */
void import_escape_all(json_t *value);
/* Of a domain that virtopo made (import_own.c): its cluster, or NULL; the caller frees it. */
char *import_own_cluster(xmlNodePtr root);
/* Takes the keys from the tag; false when it is not of this cluster. */
bool import_own_node(struct import_file *file, struct import_node *node, xmlNodePtr root);
/* Once all nodes are known: what they depend on, by single names. */
void import_own_dependencies(struct import_file *file);
/* Keeps what the tag of a <network> says. */
void import_own_network(struct import_file *file, xmlNodePtr root);

/* The steps of import_file_build: takes out what does not load, and says what got lost. */
int import_repair(struct import_file *file, struct error **err) MUST_CHECK;
int import_verify(struct import_file *file, struct error **err) MUST_CHECK;

#endif
