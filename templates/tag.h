/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tag: virtopo's own element in a domain's or network's <metadata>. Whatever has no tag of
 * a cluster is foreign and is never changed. It carries the spec as last applied.
 *
 *   <virtopo:object xmlns:virtopo="https://virtopo.dev/xmlns/object/1" cluster="lab"
 * kind="node" name="web-1" host="local" owner="ann@desk" hash="sha256 of the spec">{spec as
 * JSON}</…>
 */
#ifndef TEMPLATES_TAG_H
#define TEMPLATES_TAG_H

#include <jansson.h>
#include <libxml/tree.h>

#include "templates/xmlwriter.h"
#include "util/digest.h"

#define TAG_URI "https://virtopo.dev/xmlns/object/1"
#define TAG_PREFIX "virtopo"
/* A second, small element that is set on the running domain only (it goes when it stops):
 * <virtopo-run:state xmlns:virtopo-run="…" ready="2026-01-31T12:00:00Z"/> */
#define TAG_RUN_URI "https://virtopo.dev/xmlns/run/1"
#define TAG_RUN_PREFIX "virtopo-run"

/* And one for each disk that has grown while what is on it has not yet; its URI ends with the
 * disk's name. */
#define TAG_GROW_URI "https://virtopo.dev/xmlns/grow/1/"

/* Of a network whose bridge virtopo makes: what its uplink was like before, as JSON. */
#define TAG_BEFORE_URI "https://virtopo.dev/xmlns/before/1"
#define TAG_BEFORE_PREFIX "virtopo-before"

struct tag {
    char *cluster, *kind, *name, *host, *owner;
    char *hash;          /* of the spec, as found or as written */
    char *extra_hostkey; /* nodes: the guest's SSH host key "ssh-ed25519 AAAA…", or NULL */
    char *clone_of;      /* nodes: the one that it was copied from and whose keys in the file
                            are its own, as it has none; or NULL */
    json_t *spec;        /* NULL when it could not be read */
};

/* The canonical text of a spec (sorted keys, compact) and its digest. */
char *tag_spec_text(const json_t *spec);
void tag_spec_hash(const json_t *spec, char out[SHA256_TEXT]);
/* Writes <metadata>'s child. tag->hash is ignored and computed. */
void tag_write(struct xmlwriter *w, const struct tag *tag);
/* The element alone, as virDomainSetMetadata takes it (without prefix declaration: libvirt
 * adds xmlns from its key and uri arguments). */
int tag_element(const struct tag *tag, char **ret, struct error **err) MUST_CHECK;
/* Finds the tag below a <metadata> element of `root` (<domain> or <network>). 1 found,
 * 0 none: not ours. A spec that does not parse leaves tag->spec NULL. */
int tag_read(xmlNodePtr root, struct tag *ret);
void tag_done(struct tag *tag);

#endif
