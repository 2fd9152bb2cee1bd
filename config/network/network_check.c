/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of networks: what each mode needs, and bridges. */
#include "config/network/network_check.h"

#include <string.h>

#define BRIDGE_LONGEST 15

static void check_bridge(struct loader *l, struct names *bridges, struct network *network)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    struct position at = loader_position(network->source, "bridge");
    const char *bridge = network->bridge;
    struct network *before;

    if (!bridge)
        return;
    if (strlen(bridge) > BRIDGE_LONGEST)
        finding_error(l->d, at, "bridge-name",
                      "leave it out to have one derived, or shorten it",
                      "bridge name '%s' has %zu characters, and the kernel allows %d", bridge,
                      strlen(bridge), BRIDGE_LONGEST);
    else if (strspn(bridge, allowed) != strlen(bridge) || strchr(".-", *bridge) ||
             !strcmp(bridge, "lo"))
        finding_error(l->d, at, "bridge-name",
                      "use letters, digits, '.', '_' and '-', and start with a letter or digit",
                      "'%s' cannot be a bridge's name", bridge);
    before = names_add(bridges, bridge, network);
    if (before)
        finding_error(l->d, at, "bridge-taken", "each network needs a bridge of its own",
                      "bridge '%s' is already the one of network '%s' in %s", bridge,
                      before->name, loader_line(l, at, before->source->key_position));
}

/* What only a network of ours has, and what those of others need. */
static void check_foreign(struct loader *l, struct network *network)
{
    network->dhcp = (struct dhcp_setting){0};
    network->dns = false;
    if (network->mode == NETWORK_BRIDGE && !document_get(network->source, "bridge"))
        finding_error(l->d, loader_position(network->source, "mode"), "required",
                      "add 'bridge: br0'", "network '%s' has no 'bridge'", network->name);
    if (network->mode == NETWORK_EXTERNAL && !network->external)
        network->external = network->name;
}

void check_networks(struct loader *l)
{
    auto_names struct names bridges = {0};

    list_each(struct network, l->cluster->networks, network)
    {
        check_network_keys(l, network);
        if (network_is_foreign(network))
            check_foreign(l, network);
        else
            check_network_subnet(l, network);
        check_bridge(l, &bridges, network);
    }
    check_network_overlaps(l);
}
