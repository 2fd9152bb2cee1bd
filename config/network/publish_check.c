/* SPDX-License-Identifier: Apache-2.0 */
/* Published ports need a network whose gateway is the host. */
#include "config/network/publish.h"
#include "config/network/user_net.h"

#include <string.h>

#include "config/loader.h"

static bool is_behind_host(const struct nic *nic)
{
    return nic->net && network_mode(nic->net)->serves && network_mode(nic->net)->leads_out;
}

/* Its default route is where the file says, else by the first NIC that leads out. */
struct publish_way publish_way(const struct node *node)
{
    struct publish_way way = {0};
    const struct nic *first = NULL, *chosen = NULL;

    list_each(struct nic, node->nics, nic)
    {
        if (!first && nic->net && nic->default_route != SWITCH_OFF &&
            (is_behind_host(nic) || !network_mode(nic->net)->serves))
            first = nic;
        if (nic->default_route == SWITCH_ON)
            chosen = nic;
        if (!way.nic && is_behind_host(nic) && !nic->dynamic)
            way.nic = nic;
    }
    way.is_detour = way.nic != (chosen ? chosen : first);
    return way;
}

/* Each NIC with why it does not do. */
static const char *reasons(struct loader *l, const struct node *node)
{
    const char *text = "";

    list_each(struct nic, node->nics, nic)
    {
        const char *why = is_behind_host(nic) ? "its address there is not a static one"
                                              : network_mode_words[nic->net->mode];

        text =
            arena_printf(l->arena, "%s%s%s (%s)", text, *text ? ", " : "", nic->network, why);
    }
    return text;
}

static bool are_known(const struct node *node)
{
    list_each(struct nic, node->nics, nic)
    {
        if (!nic->net)
            return false;
    }
    return true;
}

/* An address of the host leads to one of the same family. */
static void check_family(struct loader *l, const struct node *node, const struct nic *nic)
{
    list_each(struct port_forward, node->publish, port)
    {
        if (strcmp(port->address, "::1") == 0) {
            finding_error(
                l->d, port->source->position, "publish-ip6",
                arena_printf(l->arena, "write \"127.0.0.1:%u:%u\"", port->host_port,
                             port->port),
                "what comes from [::1] is not led to a node by any rule of the kernel");
            continue;
        }
        if (!port->is_ip6 || (nic->net->subnet6.prefix && nic->ip6_from == NIC_IP6_STATIC))
            continue;
        finding_error(l->d, port->source->position, "publish-ip6",
                      nic->net->subnet6.prefix
                          ? "leave its 'ip6' out: the address is then planned and stays"
                          : "give the network a 'subnet6', or name an IPv4 address of the host",
                      "[%s]:%u of the host cannot lead to node '%s': it has no IPv6 address of "
                      "its own on %s",
                      port->address, port->host_port, node->name, nic->network);
    }
}

void check_publish(struct loader *l, const struct node *node)
{
    const struct port_forward *first = node->publish.items;
    const struct nic *way = publish_way(node).nic;
    bool has_dynamic = false;

    if (way)
        check_family(l, node, way);
    if (!node->publish.count || !are_known(node) || way || node_publishes_by_user_net(node))
        return;
    list_each(struct nic, node->nics, nic) has_dynamic |= is_behind_host(nic);
    if (!node->nics.count)
        finding_error(l->d, first->source->position, "publish-network",
                      "give it a NIC on a network of mode nat",
                      "node '%s' has no network that port %u/%s of the host could lead to",
                      node->name, first->host_port, port_protocol_words[first->protocol]);
    else
        finding_error(l->d, first->source->position, "publish-network",
                      has_dynamic ? "leave 'ip: dhcp' out: the address is then reserved for it"
                                  : "give it a NIC on a network of mode nat: there the host is "
                                    "the gateway that rewrites packets",
                      "port %u/%s of the host cannot lead to node '%s': it is on %s",
                      first->host_port, port_protocol_words[first->protocol], node->name,
                      reasons(l, node));
}
