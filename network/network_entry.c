/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network_entry.h"

#include <string.h>
#include <strings.h>

const struct network_view_host *entry_reservation(const struct network_view *view,
                                                  const char *mac)
{
    for (size_t i = 0; i < view->dhcp_host_count; i++) {
        if (view->dhcp_hosts[i].mac && strcasecmp(view->dhcp_hosts[i].mac, mac) == 0)
            return &view->dhcp_hosts[i];
    }
    return NULL;
}

const struct network_host *entry_wanted(const struct network_object *o, const char *mac)
{
    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count; i++) {
        if (mac && strcasecmp(o->hosts[i].mac, mac) == 0)
            return &o->hosts[i];
    }
    return NULL;
}

bool entry_same(const struct network_view_host *a, const struct network_host *b)
{
    if (a->ip != b->ip || b->nameless)
        return a->ip == b->ip && !a->name;
    return a->name && strcmp(a->name, b->name) == 0;
}

const struct network_view_host6 *entry_reservation6(const struct network_view *view,
                                                    const char *mac)
{
    char duid[DUID_TEXT];

    network_duid(mac, duid);
    for (size_t i = 0; i < view->dhcp6_host_count; i++) {
        if (view->dhcp6_hosts[i].id && strcasecmp(view->dhcp6_hosts[i].id, duid) == 0)
            return &view->dhcp6_hosts[i];
    }
    return NULL;
}

const struct network_host *entry_wanted6(const struct network_object *o,
                                         const struct network_view_host6 *old)
{
    char duid[DUID_TEXT];

    for (size_t i = 0; o->network->dhcp6.enabled && i < o->host_count; i++) {
        if (ip6_is_set(o->hosts[i].ip6) && old->id &&
            strcasecmp(network_duid(o->hosts[i].mac, duid), old->id) == 0)
            return &o->hosts[i];
    }
    return NULL;
}

bool entry_same6(const struct network_view_host6 *a, const struct network_host *b)
{
    if (ip6_compare(a->ip6, b->ip6) != 0)
        return false;
    return b->nameless ? !a->name : a->name && strcmp(a->name, b->name) == 0;
}

bool entry_same_names(const struct network_view_dns *a, const struct network_name *b)
{
    if (a->name_count != b->count)
        return false;
    for (size_t i = 0; i < b->count; i++) {
        if (strcmp(a->names[i], b->names[i]) != 0)
            return false;
    }
    return true;
}

const struct network_view_dns *entry_dns(const struct network_view *view,
                                         const struct network_name *name)
{
    for (size_t i = 0; i < view->dns_host_count; i++) {
        if (strcmp(view->dns_hosts[i].address, name->address) == 0)
            return &view->dns_hosts[i];
    }
    return NULL;
}

const struct network_name *entry_wanted_dns(const struct network_names *names,
                                            const struct network_view_dns *dns)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i].address, dns->address) == 0)
            return &names->items[i];
    }
    return NULL;
}

bool entry_is_for(const struct network_object *o, const char *node)
{
    return site_is_selected(o->site, node);
}

bool entry_is_for_name(const struct network_object *o, const struct network_name *now,
                       const struct network_view_dns *old)
{
    const char *node = now ? now->node : old->name_count ? old->names[0] : "";

    return !node || entry_is_for(o, node);
}
