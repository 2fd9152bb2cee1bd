/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys of a network are for which modes. What is not listed is for all. */
#include "config/network/network_check.h"

#define BIT(mode) (1u << (mode))
#define SERVED (BIT(NETWORK_NAT) | BIT(NETWORK_ISOLATED) | BIT(NETWORK_ROUTED))
/* Somebody else's segment, that virtopo only plugs into. */
#define LAN (BIT(NETWORK_BRIDGE) | BIT(NETWORK_MACVTAP) | BIT(NETWORK_OVS))

static const struct network_key {
    const char *key;
    unsigned modes;
    const char *hint; /* NULL: which modes it is for */
} network_keys[] = {
    {"mtu", ~BIT(NETWORK_USER), "leave it out: QEMU's own network has packets of 1500"},
    {"forward", BIT(NETWORK_USER),
     "write 'publish' in the node whose ports they are: it works with other modes too"},
    {"subnet", SERVED | LAN, NULL},
    {"gateway", SERVED | LAN, NULL},
    {"dhcp", SERVED, NULL},
    {"dns", SERVED | LAN, NULL},
    {"subnet6", SERVED | LAN, NULL},
    {"gateway6", SERVED | LAN, NULL},
    {"dhcp6", SERVED, NULL},
    {"routes", SERVED | LAN, NULL},
    {"stp", SERVED | BIT(NETWORK_BRIDGE), NULL},
    {"forward_delay", SERVED | BIT(NETWORK_BRIDGE), NULL},
    {"autostart", SERVED | BIT(NETWORK_BRIDGE), NULL},
    {"forward_dev", BIT(NETWORK_NAT) | BIT(NETWORK_ROUTED), NULL},
    {"dev", BIT(NETWORK_MACVTAP), NULL},
    {"type", BIT(NETWORK_MACVTAP), "how it reaches the world is its 'mode'"},
    {"vlan", BIT(NETWORK_OVS) | BIT(NETWORK_BRIDGE), NULL},
    {"uplink", BIT(NETWORK_BRIDGE), "a bridge with an uplink is 'mode: bridge'"},
    {"address", BIT(NETWORK_BRIDGE), "the host's address in such a network is its 'gateway'"},
    {"address6", BIT(NETWORK_BRIDGE), NULL},
    {"create", BIT(NETWORK_BRIDGE), NULL},
    {"confirm", BIT(NETWORK_BRIDGE), NULL},
    {"persist", BIT(NETWORK_BRIDGE),
     "it is for bridges that virtopo makes; libvirt's networks stay, and 'autostart: true' "
     "starts them with the host"},
    {"trunk", BIT(NETWORK_OVS), NULL},
    {"bridge", SERVED | BIT(NETWORK_BRIDGE) | BIT(NETWORK_OVS),
     "write 'mode: bridge' for a bridge that is there, or leave one of them out"},
    {"external", BIT(NETWORK_EXTERNAL),
     "write 'mode: external' to use a network that is there"},
};

static const char *modes_of(struct loader *l, unsigned modes)
{
    const char *text = "";
    unsigned left = modes;

    for (size_t i = 0; network_mode_words[i]; i++) {
        const char *before = *text ? left == BIT(i) ? " or " : ", " : "";

        if (!(left & BIT(i)))
            continue;
        text = arena_printf(l->arena, "%s%s%s", text, before, network_mode_words[i]);
        left &= ~BIT(i);
    }
    return text;
}

void check_network_keys(struct loader *l, const struct network *network)
{
    for (size_t i = 0; i < ARRAY_SIZE(network_keys); i++) {
        const struct network_key *row = &network_keys[i];
        const struct document_node *value = document_get(network->source, row->key);

        if (!value || row->modes & BIT(network->mode))
            continue;
        finding_error(l->d, value->key_position, "network-mode",
                      row->hint ? row->hint
                                : arena_printf(l->arena, "leave it out: it is for mode %s",
                                               modes_of(l, row->modes)),
                      "'%s' is not for mode %s%s", row->key, network_mode_words[network->mode],
                      network_is_foreign(network) && network->mode != NETWORK_USER &&
                              !(row->modes & ~(SERVED | BIT(NETWORK_BRIDGE)))
                          ? ": that network is somebody else's"
                          : "");
    }
}
