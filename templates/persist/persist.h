/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a host's own network manager reads at boot, so that a bridge of ours comes back: for
 * systemd-networkd, NetworkManager, ifupdown and netplan. Files of our own only, named
 * "virtopo-<cluster>-<network>"; each begins with who made it and a digest of what follows, so
 * one that somebody edited is known.
 */
#ifndef TEMPLATES_PERSIST_H
#define TEMPLATES_PERSIST_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

enum persist_manager {
    PERSIST_NETWORKD,
    PERSIST_NETWORK_MANAGER,
    PERSIST_IFUPDOWN,
    PERSIST_NETPLAN,
    PERSIST_MANAGERS,
};
/* As the file has them; ends with NULL. */
extern const char *const persist_manager_words[];

struct persist_route {
    char *to;  /* "default", "10.9.0.0/16" */
    char *via; /* NULL: on the link */
    long long metric;
};

struct persist_bridge {
    const char *cluster, *network, *bridge;
    const char *uplink;      /* NULL: none */
    const char *vlan_device; /* the sub-interface that is the port; NULL: the uplink itself */
    long long vlan;
    bool stp;
    uint64_t forward_delay; /* ms */
    long long mtu;          /* 0: not said */
    const char *mac;        /* of the bridge, or NULL */
    /* What the bridge has: "10.50.0.1/24", of both families. */
    char **addresses;
    size_t address_count;
    struct persist_route *routes;
    size_t route_count;
    bool dhcp4, dhcp6; /* the uplink had its addresses so */
    /* systemd-networkd: the host's own file for an uplink that keeps its addresses
     * ("10-eth1.network"), or NULL. */
    const char *uplink_file;
};

struct persist_file {
    char *path;
    unsigned mode;
    char *content;
};

struct persist_files {
    struct persist_file *items;
    size_t count;
};

void persist_render(enum persist_manager manager, const struct persist_bridge *bridge,
                    struct persist_files *ret);
void persist_files_done(struct persist_files *files);
#define auto_persist __attribute__((cleanup(persist_files_done)))

/* What the addresses of an uplink were, as `ip` takes them ("192.0.2.5/24 brd + …"), and its
 * routes ("default via 192.0.2.1 proto dhcp metric 100"): those that a DHCP client gave become
 * `dhcp4`, `dhcp6`. */
void persist_take_address(struct persist_bridge *bridge, const char *line);
void persist_take_route(struct persist_bridge *bridge, const char *line);
void persist_bridge_done(struct persist_bridge *bridge);

#endif
