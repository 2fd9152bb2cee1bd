/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "network/guard/guard.h"

/* libvirt lets its own networks' packets through; nobody does that for other bridges. */
static bool is_bare_bridge(const struct network *network)
{
    return network->mode == NETWORK_BRIDGE;
}

/* Docker sets both: the policy, and with its br_netfilter module the other. */
void guard_bridge_nf(const struct guard *guard)
{
    if (!net_facts_is(guard->facts, "net/bridge/bridge-nf-call-iptables", "1") ||
        !net_facts_is(guard->facts, "forward-policy", "DROP"))
        return;
    list_each(struct network, guard->site->cluster->networks, network)
    {
        if (!is_bare_bridge(network))
            continue;
        diagnostic_hint(diagnostics_warning(
                            guard->d, guard_position(network, "bridge"), "network-bridge-nf",
                            "host '%s' sends bridged packets through its firewall "
                            "(bridge-nf-call-iptables is 1), which drops what it does not "
                            "know: nodes on network '%s' may reach nobody",
                            host_name(guard->host->host), network->name),
                        "on that host: sysctl -w net.bridge.bridge-nf-call-iptables=0; or: "
                        "iptables -I FORWARD -m physdev --physdev-is-bridged -j ACCEPT");
        return;
    }
}
