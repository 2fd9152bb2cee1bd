/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The script that makes a bridge on a host and gives it an uplink with all that the uplink has,
 * and back. It has verbs, of which each can be run again whatever was cut off before:
 *
 *   make     the bridge, its VLAN sub-interface, its port, its addresses; moves what the uplink
 * has unmake   puts everything back as it was; leaves the bridge while others have ports in it
 *   start    runs `make` detached, and `unmake` when nobody confirms in time or it fails
 *   confirm  says that the host can be reached: what `start` did stays
 *
 * What it makes bears its mark, "virtopo:<cluster>/<network>", as its alias before it has its
 * name; what has the name and not the mark is somebody else's, and the script stops.
 */
#ifndef TEMPLATES_BRIDGE_SCRIPT_H
#define TEMPLATES_BRIDGE_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

/* Exit codes of `confirm`. */
enum bridge_outcome {
    BRIDGE_CONFIRMED = 0,
    BRIDGE_FAILED = 10,   /* `make` failed; put back. Its output says why */
    BRIDGE_TOO_LATE = 11, /* put back, as nobody had confirmed */
    BRIDGE_CUT_OFF = 12,  /* a gateway that answered before does not any more; put back */
    BRIDGE_NOTHING = 13,  /* nothing was started */
};

struct bridge_lines {
    char **items;
    size_t count;
};

struct bridge_script {
    const char *cluster, *network;
    const char *folder; /* on the host, for the script's own notes */
    const char *bridge;
    const char *temporary;   /* a device's name until it has its mark */
    const char *uplink;      /* NULL: none */
    const char *vlan_device; /* the sub-interface that is the port, or NULL: the uplink */
    long long vlan;
    bool stp;
    uint64_t forward_delay;   /* ms */
    long long mtu;            /* 0: as the uplink's, or the kernel's default */
    const char *addresses[2]; /* of the host on it, "10.50.0.1/24"; or NULL */
    struct bridge_lines gone; /* addresses that it had before, and has no more */
    uint64_t confirm;         /* ms */
    /* How the uplink was, when it is known. */
    const char *uplink_mac;
    long long uplink_mtu;
    bool uplink_up;
    /* For `ip address add` and `ip route add`, without their device. */
    struct bridge_lines moved_addresses, moved_routes;
    struct bridge_lines gateways; /* of these routes */
};

void bridge_script_write(const struct bridge_script *script, struct buffer *out);
/* "virtopo:lab/prod". The caller frees it. */
char *bridge_mark(const char *cluster, const char *network);

extern const char bridge_script_body[];

#endif
