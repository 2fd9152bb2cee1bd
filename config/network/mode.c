/* SPDX-License-Identifier: Apache-2.0 */
#include "config/network/network.h"

#include <stddef.h>

const char *const network_mode_words[] = {"nat", "isolated", "external", "bridge", NULL};
const char *const network_mode_notes[] = {
    "reaches the world through the host, with the host's address",
    "reaches the nodes and the host, and nobody else",
    "a libvirt network that is on the host already: used, never changed",
    "a bridge that is on the host already: used, never changed",
    NULL,
};

static const struct network_mode modes[] = {
    [NETWORK_NAT] = {.made = true, .serves = true, .leads_out = true, .forward = "nat"},
    [NETWORK_ISOLATED] = {.made = true, .serves = true},
    [NETWORK_EXTERNAL] = {.made = false},
    [NETWORK_BRIDGE] = {.made = false, .plug = PLUG_BRIDGE},
};

const struct network_mode *mode_row(int mode)
{
    return &modes[mode];
}

const struct network_mode *network_mode(const struct network *network)
{
    return mode_row(network->mode);
}

bool network_is_foreign(const struct network *network)
{
    return !network_mode(network)->made;
}
