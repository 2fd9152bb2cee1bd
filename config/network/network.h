/* SPDX-License-Identifier: Apache-2.0 */
/* A network of the file. */
#ifndef CONFIG_NETWORK_H
#define CONFIG_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "config/network/dns.h"
#include "config/network/mode.h"
#include "config/network/route.h"
#include "config/network/vlan.h"
#include "config/schema/schema.h"
#include "util/address.h"

struct dhcp_setting {
    bool given;
    bool enabled;   /* default true: reservations for static addresses */
    bool has_range; /* [first, last] of dynamic addresses */
    uint32_t first, last;
};

struct dhcp6_setting {
    bool given;
    bool enabled; /* default true where there is subnet6 */
    bool has_range;
    struct ip6 first, last;
};

/* libvirt's words. */
enum macvtap_type { MACVTAP_BRIDGE, MACVTAP_VEPA, MACVTAP_PRIVATE, MACVTAP_PASSTHROUGH };
extern const char *const network_macvtap_words[];

struct network {
    const char *name;
    int mode; /* enum network_mode */
    struct cidr subnet;
    /* The host's address in it, by default the first; on somebody else's LAN the router's, 0:
     * none. */
    uint32_t gateway;
    struct dhcp_setting dhcp;
    struct cidr6 subnet6; /* prefix 0: it has no IPv6 */
    struct ip6 gateway6;
    struct dhcp6_setting dhcp6;
    struct list routes; /* struct route: what all guests on it get */
    struct dns_setting dns;
    const char *bridge;       /* the bridge's name; NULL: derived */
    const char *external;     /* NETWORK_EXTERNAL: libvirt's name of it; default its own */
    bool stp;                 /* default false */
    uint64_t forward_delay;   /* ms; default 0 */
    long long mtu;            /* 0: the kernel's default */
    bool autostart;           /* default false */
    const char *forward_dev;  /* the one device that packets leave through; NULL: any */
    const char *dev;          /* NETWORK_MACVTAP: the host's device */
    int macvtap;              /* enum macvtap_type */
    struct vlan_setting vlan; /* NETWORK_OVS: of NICs that have none of their own */
    struct list forward;      /* NETWORK_USER: struct port_forward to its only node */
    /* NETWORK_BRIDGE, made by us when one of these is there */
    const char *uplink;   /* the host's device that is its port; or, with a VLAN, lies under
                             its port */
    struct cidr address;  /* of the host on it; prefix 0: none */
    const char *address6; /* likewise, canonical */
    int create;           /* SWITCH_ON: without any of the others too */
    int persist;          /* enum network_persist */
    uint64_t confirm;     /* ms until the host puts back what nobody confirms */
    bool usable;          /* its subnet makes sense; always true after a good load */
    bool usable6;         /* likewise subnet6; false without one */
    const struct document_node *source;
};

/* Who makes a bridge of ours again at boot; from the third on in the order of enum
 * persist_manager. */
enum network_persist { NETWORK_PERSIST_NO, NETWORK_PERSIST_DETECT, NETWORK_PERSIST_NETWORKD };

extern const struct schema network_persist_schema;
extern const struct schema network_schema, network_attach_schema, network_ip6_schema,
    network_own_bridge_schema, network_user_schema;

/* The row of its mode: what it is, and what it can. */
const struct network_mode *network_mode(const struct network *network);
/* True for one that somebody else made: it is used, never changed. */
bool network_is_foreign(const struct network *network);
/* True for a bridge that virtopo makes. */
bool network_is_own_bridge(const struct network *network);
/* Whether its gateway knows the way to the world. */
bool network_leads_out(const struct network *network);
/* True for an address in subnet6 that a machine can have. */
bool network_has_host6(const struct network *network, struct ip6 address);

#endif
