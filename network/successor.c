/* SPDX-License-Identifier: Apache-2.0 */
#include "network/successor.h"

#include <string.h>

#include "network/network.h"
#include "network/network_diff.h"

static bool is_in_the_way(const struct network_object *o, const struct survey_network *found)
{
    if (found->view.bridge && strcmp(found->view.bridge, o->bridge) == 0)
        return true;
    for (size_t i = 0; o->network->subnet.prefix && i < found->view.subnet_count; i++) {
        if (cidr_overlaps(o->network->subnet, found->view.subnets[i]))
            return true;
    }
    return false;
}

static void compare(struct resource *wanted, struct resource *other)
{
    struct network_object *old = other->data;

    if (other == wanted || !other->present || strcmp(other->host, wanted->host) != 0 ||
        !is_in_the_way(wanted->data, other->state))
        return;
    resource_follow(wanted, other);
    old->yields = !other->wanted;
}

void successor_find(struct resource_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i]->kind != &network_kind || !set->items[i]->wanted)
            continue;
        for (size_t k = 0; k < set->count; k++) {
            if (set->items[k]->kind == &network_kind)
                compare(set->items[i], set->items[k]);
        }
    }
}
