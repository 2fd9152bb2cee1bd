/* SPDX-License-Identifier: Apache-2.0 */
#include "config/network/user_net.h"

#include "config/network/publish.h"

#define SSH_PORT 22

bool nic_is_user(const struct nic *nic)
{
    return nic->net && network_mode(nic->net)->plug == PLUG_USER;
}

struct nic *node_user_nic(const struct node *node)
{
    list_each(struct nic, node->nics, nic)
    {
        if (nic_is_user(nic))
            return nic;
    }
    return NULL;
}

bool node_is_user_only(const struct node *node)
{
    list_each(struct nic, node->nics, nic)
    {
        if (!nic_is_user(nic))
            return false;
    }
    return node->nics.count > 0;
}

bool node_publishes_by_user_net(const struct node *node)
{
    return node_user_nic(node) && !publish_way(node).nic;
}

static void append(struct list *all, const struct list *more)
{
    list_each(struct port_forward, *more,
              forward)((struct port_forward *)all->items)[all->count++] = *forward;
}

void user_net_resolve(struct arena *arena, struct node *node)
{
    struct nic *nic = node_user_nic(node);
    size_t most = nic ? nic->net->forward.count + node->publish.count : 0;

    if (most == 0)
        return;
    nic->forwards.items = arena_alloc(arena, most * sizeof(struct port_forward));
    append(&nic->forwards, &nic->net->forward);
    if (node_publishes_by_user_net(node))
        append(&nic->forwards, &node->publish);
}

const struct port_forward *nic_ssh_forward(const struct nic *nic)
{
    list_each(struct port_forward, nic->forwards, forward)
    {
        if (forward->port == SSH_PORT && forward->protocol == PORT_TCP)
            return forward;
    }
    return NULL;
}
