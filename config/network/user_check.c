/* SPDX-License-Identifier: Apache-2.0 */
/* What networks of mode user cannot do, and what a user's own libvirt cannot. */
#include <string.h>

#include "config/loader.h"
#include "config/network/user_net.h"
#include "config/session.h"

static const struct host_entry *host_of(const struct loader *l, const struct node *node)
{
    list_each(struct host_entry, l->cluster->hosts, host)
    {
        if (node->host && !strcmp(host->name, node->host))
            return host;
    }
    return NULL;
}

/* What QEMU or libvirt has only for NICs that are devices of the host too. */
static void check_keys(struct loader *l, const struct nic *nic)
{
    static const char *const keys[] = {"mtu", "queues", "driver", "filter", "bandwidth"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct document_node *value = document_get(nic->source, keys[i]);

        if (value)
            finding_error(l->d, value->key_position, "nic-user",
                          "remove it: there is no device of the host behind such a NIC",
                          "'%s' is not for networks of mode user, such as '%s'", keys[i],
                          nic->network);
    }
}

static void check_forwards_of(struct loader *l, const struct nic *nic,
                              const struct host_entry *host)
{
    bool is_session = host && session_is(host->uri);

    list_each(struct port_forward, nic->forwards, forward)
    {
        struct position at = forward->source->position;

        if (forward->is_ip6)
            finding_error(l->d, at, "forward-ip6", "take one of its IPv4 addresses, or none",
                          "QEMU forwards ports of IPv4 addresses only, not of %s",
                          forward->address);
        if (is_session && forward->host_port < 1024)
            finding_error(l->d, at, "forward-root",
                          arena_printf(l->arena, "take one from 1024 on, such as %u",
                                       8000u + forward->host_port),
                          "port %u of host '%s' is for root, and %s is not", forward->host_port,
                          host->name, host->uri);
    }
}

/* SSH comes in through the loopback of the host that virtopo runs on. */
static void check_reach(struct loader *l, const struct node *node, const struct nic *nic,
                        const struct host_entry *host)
{
    const struct port_forward *ssh = nic_ssh_forward(nic);
    bool is_loopback = ssh && !strncmp(ssh->address, "127.", 4);

    if (!host || session_is_here(host->uri) || node->ready.kind != READY_SSH ||
        !node_is_user_only(node) || (ssh && !is_loopback))
        return;
    finding_error(l->d, nic->source->position, "forward-remote",
                  "forward a port of its address: publish: [\"2222:22\"], or set ready: none",
                  ssh ? "node '%s' is not reached from here: its SSH port is forwarded to the "
                        "loopback of host '%s'"
                      : "node '%s' is not reached from here: no port of host '%s' leads to its "
                        "SSH server",
                  node->group, host->name);
}

/* All of them have the same address. */
static void check_one(struct loader *l, const struct node *node)
{
    const struct nic *first = node_user_nic(node);

    list_each(struct nic, node->nics, nic)
    {
        if (nic != first && nic_is_user(nic))
            finding_error(l->d, nic->source->position, "nic-user", "keep one of them",
                          "node '%s' has two NICs on networks of mode user, which would both "
                          "have the address %s",
                          node->group, USER_NET_ADDRESS);
    }
}

static void refuse(struct loader *l, struct position at, const struct host_entry *host,
                   const struct network *network)
{
    finding_error(l->d, at, "session-network",
                  "write 'mode: user' in that network, or take qemu:///system",
                  "host '%s' is a user's own libvirt (%s), which cannot have networks of mode "
                  "%s, such as '%s'",
                  host->name, host->uri, network_mode_words[network->mode], network->name);
}

static void check_session(struct loader *l, const struct node *node,
                          const struct host_entry *host)
{
    list_each(struct nic, node->nics, nic)
    {
        if (host && session_is(host->uri) && nic->net && network_is_foreign(nic->net) &&
            !network_mode(nic->net)->is_plain)
            refuse(l, nic->source->position, host, nic->net);
    }
}

/* Ours are made on every host, used or not. */
static void check_session_makes(struct loader *l, const struct network *network)
{
    list_each(struct host_entry, l->cluster->hosts, host)
    {
        if (session_is(host->uri) && !network_is_foreign(network) &&
            !network_mode(network)->is_plain)
            refuse(l, loader_position(network->source, "mode"), host, network);
    }
}

static void check_dependencies_of(struct loader *l, const struct node *node)
{
    const struct document_node *at = document_get(node->source, "depends_on");

    for (size_t i = 0; at && node_is_user_only(node) && i < node->dependency_count; i++) {
        if (node_is_user_only(node->dependencies[i]))
            finding_warning(l->d, at->position, "user-alone",
                            "a network of another mode lets them; that needs qemu:///system",
                            "nodes on networks of mode user do not reach each other: '%s' "
                            "starts after '%s', but cannot talk to it",
                            node->name, node->dependencies[i]->name);
    }
}

/* Those of one network go to one node. */
static void check_shared(struct loader *l, const struct network *network)
{
    const struct document_node *value = document_get(network->source, "forward");
    size_t users = 0;

    for (size_t i = 0; i < l->cluster->node_count; i++)
        list_each(struct nic, l->cluster->nodes[i].nics, nic) users += nic->net == network;
    if (network->forward.count > 0 && users == 0)
        finding_error(l->d, value->key_position, "forward-node",
                      "plug the node in that they lead to",
                      "network '%s' forwards ports, and no node is on it", network->name);
    else if (network->forward.count > 0 && users > 1)
        finding_error(l->d, value->key_position, "forward-node",
                      "say it where the ports are: 'publish' in a node",
                      "network '%s' forwards ports to one node, and %zu are on it",
                      network->name, users);
}

void check_user_nets(struct loader *l)
{
    for (size_t i = 0; i < l->group_count; i++) {
        const struct node *node = &l->groups[i].base;
        const struct host_entry *host = host_of(l, node);
        const struct nic *nic = node_user_nic(node);

        l->d->subject = node->group;
        check_session(l, node, host);
        if (!nic)
            continue;
        check_one(l, node);
        check_forwards_of(l, nic, host);
        check_reach(l, node, nic, host);
        list_each(struct nic, node->nics, other)
        {
            if (nic_is_user(other))
                check_keys(l, other);
        }
        if (l->groups[i].size)
            check_dependencies_of(l, l->groups[i].nodes);
    }
    l->d->subject = NULL;
    list_each(struct network, l->cluster->networks, network)
    {
        check_shared(l, network);
        check_session_makes(l, network);
    }
}
