/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Networks of mode user: each node is by itself behind a router that its own QEMU plays, with
 * the address USER_NET_ADDRESS. Nobody reaches it but through ports of the host.
 */
#ifndef CONFIG_USER_NET_H
#define CONFIG_USER_NET_H

#include "config/cluster.h"

#define USER_NET_ADDRESS "10.0.2.15"

bool nic_is_user(const struct nic *nic);
/* The node's NIC on such a network, or NULL. */
struct nic *node_user_nic(const struct node *node);
/* Whether the host would reach its SSH server no other way: all its NICs are such. */
bool node_is_user_only(const struct node *node);
/* Whether its published ports are QEMU's to forward: no other network leads there. */
bool node_publishes_by_user_net(const struct node *node);
/* Fills in the NIC's forwards: its network's, and what the node publishes unless another NIC
 * leads there. */
void user_net_resolve(struct arena *arena, struct node *node);
/* The forward from the file that leads to its SSH server, or NULL. */
const struct port_forward *nic_ssh_forward(const struct nic *nic);

#endif
