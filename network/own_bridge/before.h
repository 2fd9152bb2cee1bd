/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an uplink was before a bridge got it: what is moved to the bridge, and what `down` puts
 * back. It is written into the network's metadata before the host is touched, so that any run
 * from any machine can put it back.
 */
#ifndef NETWORK_OWN_BRIDGE_BEFORE_H
#define NETWORK_OWN_BRIDGE_BEFORE_H

#include "host/links.h"
#include "templates/bridge_script.h"

struct bridge_before {
    char *bridge;            /* what was made then */
    char *device;            /* the VLAN sub-interface, or NULL */
    long long vlan;          /* 0: none */
    struct bridge_lines own; /* the host's addresses from the file */
    char *uplink;            /* NULL: none; then nothing else is known */
    char *mac;
    long long mtu;
    bool up;
    /* As `ip address add` and `ip route add` take them, without the device; empty for an uplink
     * that keeps its own (VLANs). */
    struct bridge_lines addresses, routes;
    struct bridge_lines gateways;
};

/* From what the host's `ip` says. `moves`: with its addresses and routes. Fails where there is
 * no such device, or where a route of it cannot be moved. */
int bridge_before_read(const struct links *links, const char *uplink, bool moves,
                       struct bridge_before *ret, struct error **err) MUST_CHECK;
/* Adds what an earlier record has and this one does not. */
void bridge_before_merge(struct bridge_before *before, const struct bridge_before *earlier);
/* Policy rules that name the device: they stay as they are. "from all iif eth1 lookup 100", or
 * NULL when there are none. The caller frees it. */
char *bridge_before_rules(const struct links *links, const char *uplink);
/* The text of the metadata. The caller frees it. */
char *bridge_before_text(const struct bridge_before *before);
/* Nothing of it is trusted: what is no text, or has other characters than `ip` takes, fails. */
int bridge_before_parse(const char *text, struct bridge_before *ret,
                        struct error **err) MUST_CHECK;
void bridge_before_done(struct bridge_before *before);
#define auto_before __attribute__((cleanup(bridge_before_done)))

#endif
