/* SPDX-License-Identifier: Apache-2.0 */
/* The key `graphics` of a node: how its screen is reached. */
#ifndef CONFIG_GRAPHICS_H
#define CONFIG_GRAPHICS_H

#include <stdbool.h>

#include "config/schema/schema.h"

#define GRAPHICS_PASSWORD_LONGEST 60 /* of SPICE */

enum graphics_type { GRAPHICS_VNC, GRAPHICS_SPICE, GRAPHICS_NONE };

struct graphics {
    int type;
    const char *listen; /* address on the host; NULL: 127.0.0.1 */
    const char *socket; /* UNIX socket on the host in place of an address, or NULL */
    long long port;     /* 0: the host's next free one */
    long long tls_port, websocket;
    const char *password;        /* NULL: none; never shown, nowhere kept but in the domain */
    const char *password_digest; /* "sha256:…", slow to guess from; NULL: none */
    const char *password_file;   /* a file here whose first line is the password, or NULL */
    const char *keymap;
    int share_policy; /* VNC: index into graphics_share_policies */
    int compression;  /* SPICE: index into graphics_compressions */
    int streaming;    /* SPICE: index into graphics_streamings */
    int clipboard, file_transfer, agent;
    const struct document_node *source;
};

/* libvirt's words; the first of those that libvirt need not be told is "default". */
extern const char *const graphics_types[], *const graphics_share_policies[],
                                               *const graphics_compressions[],
                                                   *const graphics_streamings[];
extern const struct schema graphics_schema;

/* The node's SPICE screen, or NULL. */
const struct graphics *graphics_spice(const struct list *graphics);
/* True when somebody can look at the node's screen at all. */
bool graphics_any(const struct list *graphics);

/* Of the table's row `password`: a spec has its digest alone. */
void graphics_parse_password(struct binder *b, const struct document_node *node, void *target);
json_t *graphics_dump_password(const void *target);

#endif
