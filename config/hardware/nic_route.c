/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

bool nic_has_ip6(const struct nic *nic)
{
    if (!nic->net)
        return false;
    if (nic->ip6_from != NIC_IP6_STATIC)
        return true;
    return nic->net->subnet6.prefix && (network_mode(nic->net)->serves || nic->ip6_explicit);
}

static bool has_family(const struct nic *nic, bool six)
{
    return nic->net && (!six || nic_has_ip6(nic));
}

static bool leads_out(const struct nic *nic, bool six)
{
    const struct network *net = nic->net;

    if (!six)
        return network_leads_out(net);
    return network_mode(net)->leads_out ||
           (network_mode(net)->is_lan && ip6_is_set(net->gateway6));
}

/* Somebody else's server or router gives it an address, and may say that it leads out. */
static bool is_led(const struct nic *nic, bool six)
{
    return !network_mode(nic->net)->serves &&
           (six ? nic->ip6_from != NIC_IP6_STATIC : nic->dynamic);
}

/* Whether a route to everywhere stands in the file. */
static bool has_default(const struct list *routes, bool six)
{
    list_each(const struct route, *routes, route)
    {
        if (route->six == six && route_is_default(route))
            return true;
    }
    return false;
}

bool nic_routes_all(const struct nic *nic, bool six)
{
    return has_default(&nic->routes, six) || (nic->net && has_default(&nic->net->routes, six));
}

const struct nic *node_default_nic(const struct node *node, bool six)
{
    const struct nic *found = NULL;
    int best = 0;

    list_each(const struct nic, node->nics, nic)
    {
        int rank = nic_routes_all(nic, six)           ? 4
                   : nic->default_route == SWITCH_OFF ? 0
                   : !has_family(nic, six)            ? 0
                   : nic->default_route == SWITCH_ON  ? 3
                   : leads_out(nic, six)              ? 2
                   : is_led(nic, six)                 ? 1
                                                      : 0;

        if (rank > best) {
            best = rank;
            found = nic;
        }
    }
    return found;
}
