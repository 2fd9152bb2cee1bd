/* SPDX-License-Identifier: Apache-2.0 */
/* A network of the file. */
#ifndef CONFIG_NETWORK_H
#define CONFIG_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "config/network/mode.h"
#include "config/schema/schema.h"
#include "util/address.h"

struct dhcp_setting {
    bool given;
    bool enabled;   /* default true: reservations for static addresses */
    bool has_range; /* [first, last] of dynamic addresses */
    uint32_t first, last;
};

struct network {
    const char *name;
    int mode; /* enum network_mode */
    struct cidr subnet;
    uint32_t gateway; /* the host's address in it; default the first host address */
    struct dhcp_setting dhcp;
    bool dns;               /* default true */
    const char *bridge;     /* the bridge's name; NULL: derived */
    const char *external;   /* NETWORK_EXTERNAL: libvirt's name of it; default its own */
    bool stp;               /* default false */
    uint64_t forward_delay; /* ms; default 0 */
    long long mtu;          /* 0: the kernel's default */
    bool autostart;         /* default false */
    bool usable;            /* its subnet makes sense; always true after a good load */
    const struct document_node *source;
};

extern const struct schema network_schema;

/* The row of its mode: what it is, and what it can. */
const struct network_mode *network_mode(const struct network *network);
/* True for one that somebody else made: it is used, never changed. */
bool network_is_foreign(const struct network *network);

#endif
