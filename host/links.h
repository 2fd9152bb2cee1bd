/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host's network as `ip` tells it: links with what they are, whose they are and what they
 * have, and routes of all tables. Read through host/shell.h; site_links() does so once a run.
 */
#ifndef HOST_LINKS_H
#define HOST_LINKS_H

#include <jansson.h>

#include "host/host.h"

struct link {
    char *name;
    char *kind;   /* "bridge", "veth", "vlan"; NULL: a plain device */
    char *master; /* the bridge that it is a port of, or NULL */
    char *lower;  /* what it lies on (a VLAN's device), or NULL */
    char *alias;  /* or NULL */
    char *mac;    /* "02:…", or NULL */
    long long mtu;
    bool up;
    bool loopback;
    int vlan;                /* its tag; 0: none */
    bool stp;                /* bridges */
    long long forward_delay; /* bridges; ms */
    /* What `ip -j address` says of each: family, local, prefixlen, scope, … Borrowed. */
    const json_t *addresses;
};

struct links {
    struct link *items;
    size_t count;
    /* As `ip -j route show table all` has them; dst, gateway, dev, protocol, table, … */
    json_t *routes4, *routes6;
    json_t *rules; /* policy rules of both families, without the kernel's own three */
    json_t *source;
};

/* Fails with a hint where the host has no `ip` that speaks JSON (iproute2), or takes no
 * commands. */
int links_read(struct host *host, struct links *ret, struct error **err) MUST_CHECK;
/* The same from the output of the command: sections "== name", each followed by JSON. */
int links_parse(const char *text, struct links *ret, struct error **err) MUST_CHECK;
void links_done(struct links *links);

/* NULL for a name that is not there, and for NULL. */
const struct link *links_find(const struct links *links, const char *name);
/* The link with an alias, or NULL. */
const struct link *links_with_alias(const struct links *links, const char *alias);
/* True when the link has the address that is so written, with its prefix: "10.0.0.1/24". */
bool link_has_address(const struct link *link, const char *text);

#endif
