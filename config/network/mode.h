/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The modes of networks, a row each: what a network of that mode is made of, who gives
 * addresses on it, how a NIC is plugged in. A new mode is a word here and a row in mode.c; the
 * keys that it takes are in network_keys.c.
 */
#ifndef CONFIG_MODE_H
#define CONFIG_MODE_H

#include <stdbool.h>

enum network_mode_word {
    NETWORK_NAT,
    NETWORK_ISOLATED,
    NETWORK_EXTERNAL,
    NETWORK_BRIDGE,
    NETWORK_ROUTED,
    NETWORK_MACVTAP,
    NETWORK_OVS,
    NETWORK_USER,
};

/* The words as the file has them, and a line about each; both end with NULL. */
extern const char *const network_mode_words[], *const network_mode_notes[];

/* What a NIC's source is in the domain. */
enum network_plug { PLUG_NETWORK, PLUG_BRIDGE, PLUG_DIRECT, PLUG_OVS, PLUG_USER };

struct network_mode {
    bool made;   /* a libvirt network of ours; else somebody else's, used and never changed */
    bool serves; /* libvirt's dnsmasq is on it: DHCP, DNS, the host has an address */
    bool leads_out; /* its gateway knows the way to the world */
    bool is_lan; /* somebody else's segment: with a subnet, nodes have static addresses there */
    bool is_plain; /* a user's own libvirt can have it: no rights are needed */
    enum network_plug plug;
    const char *forward; /* libvirt's <forward mode=…> of what is made; NULL: none */
};

/* By word. */
const struct network_mode *mode_row(int mode);
/* The word of the row with that `forward` (may be NULL) of what is made, or that text. */
const char *mode_of_forward(const char *forward);

#endif
