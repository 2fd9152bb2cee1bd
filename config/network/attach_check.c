/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what networks are attached to: devices, VLANs, who may share a macvtap's device. */
#include <string.h>

#include "config/network/network_check.h"

#define DEVICE_LONGEST 15

void check_device_name(struct loader *l, struct position at, const char *what,
                       const char *device, const char *remedy)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    if (!device)
        return;
    if (strlen(device) > DEVICE_LONGEST)
        finding_error(l->d, at, arena_printf(l->arena, "%s-name", what), remedy,
                      "%s name '%s' has %zu characters, and the kernel allows %d", what, device,
                      strlen(device), DEVICE_LONGEST);
    else if (strspn(device, allowed) != strlen(device) || strchr(".-", *device) ||
             !strcmp(device, "lo"))
        finding_error(l->d, at, arena_printf(l->arena, "%s-name", what),
                      "use letters, digits, '.', '_' and '-', and start with a letter or digit",
                      "'%s' cannot be a %s's name", device, what);
}

void check_vlan(struct loader *l, const struct vlan_setting *vlan)
{
    const struct vlan_id *ids = vlan->trunk.items;

    for (size_t i = 0; i < vlan->trunk.count; i++) {
        struct vlan_setting before = {.trunk = {vlan->trunk.items, i}};

        if (ids[i].id && ids[i].source && vlan_has(&before, ids[i].id))
            finding_error(l->d, ids[i].source->position, "vlan-twice", "name each one once",
                          "VLAN %lld is in the trunk twice", ids[i].id);
    }
}

/* Also where what makes it one could not be read. */
static bool is_meant_as_own_bridge(const struct network *network)
{
    static const char *const keys[] = {"uplink", "address", "address6", "create"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if (network->mode == NETWORK_BRIDGE && document_get(network->source, keys[i]))
            return true;
    }
    return false;
}

/* What a mode cannot do without. */
static void check_required(struct loader *l, const struct network *network)
{
    static const struct {
        int mode;
        const char *key, *example;
    } rows[] = {
        {NETWORK_BRIDGE, "bridge", "br0"},
        {NETWORK_OVS, "bridge", "ovsbr0"},
        {NETWORK_MACVTAP, "dev", "eth1"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].mode == network->mode && !is_meant_as_own_bridge(network) &&
            !document_get(network->source, rows[i].key))
            finding_error(l->d, loader_position(network->source, "mode"), "required",
                          arena_printf(l->arena, "add '%s: %s'", rows[i].key, rows[i].example),
                          "network '%s' has no '%s'", network->name, rows[i].key);
    }
}

void check_network_attach(struct loader *l, struct network *network)
{
    check_required(l, network);
    check_device_name(l, loader_position(network->source, "dev"), "device", network->dev,
                      "`ip link` shows those of the host");
    check_device_name(l, loader_position(network->source, "forward_dev"), "device",
                      network->forward_dev, "`ip link` shows those of the host");
    check_vlan(l, &network->vlan);
}

/* A device that one guest has for itself. */
struct owner {
    const struct network *network;
    const struct node *node;
    const struct nic *nic;
};

static void check_owner(struct loader *l, struct names *devices, const struct node *node,
                        const struct nic *nic)
{
    const char *key = arena_printf(l->arena, "%s %s", node->host, nic->net->dev);
    struct owner *owner = arena_alloc(l->arena, sizeof *owner);
    struct owner *before;
    bool is_alone = nic->net->macvtap == MACVTAP_PASSTHROUGH;

    *owner = (struct owner){nic->net, node, nic};
    before = names_add(devices, key, owner);
    if (!before || (!is_alone && before->network->macvtap != MACVTAP_PASSTHROUGH))
        return;
    if (before->node == node)
        finding_error(l->d, nic->source->position, "macvtap-passthrough", "plug it in once",
                      "device %s is passed through to one NIC, and '%s' has two on it",
                      nic->net->dev, node->name);
    else
        finding_error(l->d, nic->source->position, "macvtap-passthrough",
                      "give it a device of its own, or take type bridge in every network on it",
                      "device %s is passed through to one node, and both '%s' and '%s' are on "
                      "it",
                      nic->net->dev, before->node->name, node->name);
}

void check_macvtaps(struct loader *l)
{
    auto_names struct names devices = {0};

    for (size_t i = 0; i < l->cluster->node_count; i++) {
        const struct node *node = &l->cluster->nodes[i];

        list_each(struct nic, node->nics, nic)
        {
            if (nic->net && nic->net->mode == NETWORK_MACVTAP && nic->net->dev)
                check_owner(l, &devices, node, nic);
        }
    }
}
