/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of networks: what each mode needs, and bridges. */
#include "config/network/network_check.h"

/* Networks on one bridge of Open vSwitch are told apart by their VLANs. */
static void check_bridge(struct loader *l, struct names *bridges, struct network *network)
{
    struct position at = loader_position(network->source, "bridge");
    struct network *before;

    check_device_name(l, at, "bridge", network->bridge,
                      network_is_foreign(network)
                          ? "`ip link` shows those of the host"
                          : "leave it out to have one derived, or shorten it");
    before = network->bridge ? names_add(bridges, network->bridge, network) : NULL;
    if (before && !(network->mode == NETWORK_OVS && before->mode == NETWORK_OVS))
        finding_error(l->d, at, "bridge-taken", "each network needs a bridge of its own",
                      "bridge '%s' is already the one of network '%s' in %s", network->bridge,
                      before->name, loader_line(l, at, before->source->key_position));
}

/* What only a network has whose addresses are ours to give. */
static void check_not_served(struct loader *l, struct network *network)
{
    network->dhcp = (struct dhcp_setting){0};
    if (network_mode(network)->is_lan)
        check_network_lan(l, network);
    if (network->mode == NETWORK_EXTERNAL && !network->external)
        network->external = network->name;
}

void check_networks(struct loader *l)
{
    auto_names struct names bridges = {0};

    list_each(struct network, l->cluster->networks, network)
    {
        check_network_keys(l, network);
        check_network_attach(l, network);
        if (network_mode(network)->serves)
            check_network_subnet(l, network);
        else
            check_not_served(l, network);
        check_network_subnet6(l, network);
        check_routes(l, &network->routes, network);
        check_network_dns(l, network);
        check_bridge(l, &bridges, network);
    }
    check_network_overlaps(l);
    check_network_overlaps6(l);
    check_own_bridges(l);
}
