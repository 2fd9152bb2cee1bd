/* SPDX-License-Identifier: Apache-2.0 */
#include "network/mac_plan.h"

#include <string.h>

#include "host/identity.h"

static const char *network_of(const json_t *item)
{
    const char *name = json_string_value(json_object_get(item, "network"));

    return name ? name : "";
}

static bool read_mac(const json_t *item, struct mac *ret)
{
    const char *text = json_string_value(json_object_get(item, "mac"));

    return text && mac_parse(text, ret, NULL) == 0;
}

/* Which of the node's NICs on that network it is. */
static size_t number_of(const struct node *node, const struct nic *nic)
{
    const struct nic *nics = node->nics.items;
    size_t number = 0;

    for (const struct nic *n = nics; n < nic; n++)
        number += strcmp(n->network, nic->network) == 0;
    return number;
}

static const json_t *applied_numbered(const json_t *applied, const char *network, size_t number)
{
    const json_t *item;
    size_t i;

    json_array_foreach (applied, i, item) {
        if (strcmp(network_of(item), network) == 0 && number-- == 0)
            return item;
    }
    return NULL;
}

static bool is_on(const struct node *node, const char *network)
{
    list_each(struct nic, node->nics, nic)
    {
        if (strcmp(nic->network, network) == 0)
            return true;
    }
    return false;
}

static bool is_taken(const struct node *node, const struct nic *self, struct mac mac)
{
    list_each(struct nic, node->nics, nic)
    {
        if (nic != self && (nic->moved || nic->mac_explicit) &&
            memcmp(&nic->mac, &mac, sizeof mac) == 0)
            return true;
    }
    return false;
}

static void keep(const struct node *node, struct nic *nic, const json_t *item)
{
    struct mac mac;

    if (!read_mac(item, &mac) || is_taken(node, nic, mac))
        return;
    nic->moved = memcmp(&nic->mac, &mac, sizeof mac) != 0;
    nic->mac = mac;
}

static void plan_nic(const struct node *node, struct nic *nic, const json_t *applied)
{
    const size_t place = (size_t)(nic - (const struct nic *)node->nics.items);
    const json_t *same = applied_numbered(applied, nic->network, number_of(node, nic));
    const json_t *there = json_array_get(applied, place);

    if (same && json_is_true(json_object_get(same, "moved")))
        keep(node, nic, same);
    else if (!same && there && !is_on(node, network_of(there)))
        keep(node, nic, there);
}

/* One that another NIC of the node took along. */
static void replace_taken(const char *cluster, const struct node *node, struct nic *nic)
{
    for (unsigned i = 0; is_taken(node, nic, nic->mac); i++) {
        nic->mac =
            identity_mac(cluster, node->name, nic->network, (unsigned)(node->nics.count + i));
        nic->moved = true;
    }
}

void mac_plan(const char *cluster, struct node *node, const json_t *applied)
{
    list_each(struct nic, node->nics, nic)
    {
        if (!nic->mac_explicit)
            plan_nic(node, nic, applied);
    }
    list_each(struct nic, node->nics, nic)
    {
        if (!nic->mac_explicit && !nic->moved)
            replace_taken(cluster, node, nic);
    }
}
