/* SPDX-License-Identifier: Apache-2.0 */
/* Published ports need a network whose gateway is the host. */
#include "config/network/publish.h"

#include <string.h>

#include "config/loader.h"

static bool is_behind_host(const struct nic *nic)
{
    return nic->net && network_mode(nic->net)->serves && network_mode(nic->net)->leads_out;
}

/* Where its default route is, as far as the file tells: the first NIC that leads out. */
struct publish_way publish_way(const struct node *node)
{
    struct publish_way way = {0};
    const struct nic *first = NULL;

    list_each(struct nic, node->nics, nic)
    {
        if (!first && nic->net && (is_behind_host(nic) || network_is_foreign(nic->net)))
            first = nic;
        if (!way.nic && is_behind_host(nic) && !nic->dynamic)
            way.nic = nic;
    }
    way.is_detour = way.nic != first;
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

void check_publish(struct loader *l, const struct node *node)
{
    const struct port_forward *first = node->publish.items;
    bool has_dynamic = false;

    if (!node->publish.count || !are_known(node) || publish_way(node).nic)
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
