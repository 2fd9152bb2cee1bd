/* SPDX-License-Identifier: Apache-2.0 */
#include "config/network/network.h"

#include <string.h>

const char *const network_mode_words[] = {"nat",     "isolated", "external", "bridge", "routed",
                                          "macvtap", "ovs",      "user",     NULL};
const char *const network_mode_notes[] = {
    "reaches the world through the host, with the host's address",
    "reaches the nodes and the host, and nobody else",
    "a libvirt network that is on the host already: used, never changed",
    "a bridge that is on the host already: used, never changed",
    "reaches the world through the host, with its own addresses: others need a route to it",
    "a device of the host that guests share, as if each were plugged in beside it",
    "a bridge of Open vSwitch that is on the host already: used, never changed",
    "each node by itself behind its QEMU, which needs no rights: ports are forwarded to it",
    NULL,
};

static const struct network_mode modes[] = {
    [NETWORK_NAT] = {.made = true, .serves = true, .leads_out = true, .forward = "nat"},
    [NETWORK_ISOLATED] = {.made = true, .serves = true},
    [NETWORK_EXTERNAL] = {.made = false},
    [NETWORK_BRIDGE] = {.made = false, .is_lan = true, .is_plain = true, .plug = PLUG_BRIDGE},
    [NETWORK_ROUTED] = {.made = true, .serves = true, .leads_out = true, .forward = "route"},
    [NETWORK_MACVTAP] = {.made = false, .is_lan = true, .plug = PLUG_DIRECT},
    [NETWORK_OVS] = {.made = false, .is_lan = true, .plug = PLUG_OVS},
    [NETWORK_USER] = {.made = false, .is_plain = true, .plug = PLUG_USER},
};

const struct network_mode *mode_row(int mode)
{
    return &modes[mode];
}

const char *mode_of_forward(const char *forward)
{
    for (size_t i = 0; network_mode_words[i]; i++) {
        const char *own = modes[i].forward;

        if (modes[i].made && (own && forward ? strcmp(own, forward) == 0 : own == forward))
            return network_mode_words[i];
    }
    return forward;
}

bool network_leads_out(const struct network *network)
{
    return network_mode(network)->leads_out ||
           (network_mode(network)->is_lan && network->gateway);
}

/* Mode bridge, made by us: nothing serves on it, as it leads to somebody else's segment. */
static const struct network_mode own_bridge = {
    .made = true, .is_lan = true, .forward = "bridge"};

bool network_is_own_bridge(const struct network *network)
{
    return network->mode == NETWORK_BRIDGE &&
           (network->uplink || network->create == SWITCH_ON || network->address.prefix ||
            network->address6);
}

const struct network_mode *network_mode(const struct network *network)
{
    return network_is_own_bridge(network) ? &own_bridge : mode_row(network->mode);
}

bool network_is_foreign(const struct network *network)
{
    return !network_mode(network)->made;
}
