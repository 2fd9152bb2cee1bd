/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "network/guard/guard.h"

static void report(const struct guard *guard, const struct network *network,
                   const struct link *link, const char *what)
{
    diagnostic_hint(
        diagnostics_warning(guard->d, guard_position(network, "mtu"), "network-mtu",
                            "mtu %lld of network '%s' is more than the %lld of %s %s on host "
                            "'%s': larger packets are lost there",
                            network->mtu, network->name, link->mtu, what, link->name,
                            host_name(guard->host->host)),
        "lower the network's, or raise the other on the host and all behind it: "
        "ip link set %s mtu %lld",
        link->name, network->mtu);
}

static void check(const struct guard *guard, const struct network *network)
{
    const struct network_mode *mode = network_mode(network);
    const struct survey_network *external =
        network->external ? survey_network_named(&guard->host->survey, network->external)
                          : NULL;
    const char *name = mode->made        ? NULL
                       : network->bridge ? network->bridge
                       : external        ? external->view.bridge
                                         : NULL;
    const struct link *link = name ? links_find(guard->links, name) : NULL;

    if (link && link->mtu < network->mtu) {
        report(guard, network, link, "bridge");
        return;
    }
    name = mode->serves && mode->leads_out ? guard_way_out(guard->links->routes4) : NULL;
    link = name ? links_find(guard->links, name) : NULL;
    if (link && link->mtu < network->mtu)
        report(guard, network, link, "the way out,");
}

void guard_mtu(const struct guard *guard)
{
    list_each(struct network, guard->site->cluster->networks, network)
    {
        if (network->mtu)
            check(guard, network);
    }
}
