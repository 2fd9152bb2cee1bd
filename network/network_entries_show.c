/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "network/network_entries.h"
#include "network/network_entry.h"
#include "util/buffer.h"

static void show_reservations(struct resource *r, const struct network_object *o,
                              const struct network_view *view)
{
    char from[IP4_TEXT], to[IP4_TEXT];

    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count; i++) {
        const struct network_host *host = &o->hosts[i];
        const struct network_view_host *old = entry_reservation(view, host->mac);
        auto_free char *what = xasprintf("address of %s", host->name);

        if (host->ip && (!old || !entry_same(old, host)) && entry_is_for(o, host->name))
            change_add(&r->changes, CHANGE_LIVE, what, old ? ip4_format(old->ip, from) : NULL,
                       ip4_format(host->ip, to), NULL);
    }
    for (size_t i = 0; i < view->dhcp_host_count; i++) {
        const struct network_view_host *old = &view->dhcp_hosts[i];
        auto_free char *what = xasprintf("address of %s", old->name ? old->name : old->mac);

        if (!entry_wanted(o, old->mac) && entry_is_for(o, old->name))
            change_add(&r->changes, CHANGE_LIVE, what, ip4_format(old->ip, from), NULL, NULL);
    }
}

static void show_reservations6(struct resource *r, const struct network_object *o,
                               const struct network_view *view)
{
    char from[IP6_TEXT], to[IP6_TEXT];

    for (size_t i = 0; o->network->dhcp6.enabled && i < o->host_count; i++) {
        const struct network_host *host = &o->hosts[i];
        const struct network_view_host6 *old = entry_reservation6(view, host->mac);
        auto_free char *what = xasprintf("IPv6 address of %s", host->name);

        if (ip6_is_set(host->ip6) && (!old || !entry_same6(old, host)) &&
            entry_is_for(o, host->name))
            change_add(&r->changes, CHANGE_LIVE, what, old ? ip6_format(old->ip6, from) : NULL,
                       ip6_format(host->ip6, to), NULL);
    }
    for (size_t i = 0; i < view->dhcp6_host_count; i++) {
        const struct network_view_host6 *old = &view->dhcp6_hosts[i];
        auto_free char *what = xasprintf("IPv6 address of %s", old->name ? old->name
                                                               : old->id ? old->id
                                                                         : "?");

        if (!entry_wanted6(o, old) && entry_is_for(o, old->name))
            change_add(&r->changes, CHANGE_LIVE, what, ip6_format(old->ip6, from), NULL, NULL);
    }
}

static char *join_names(char *const *names, size_t count)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < count; i++)
        buffer_printf(&out, "%s%s", i ? " " : "", names[i]);
    return count ? buffer_take(&out) : NULL;
}

static void show_name(struct resource *r, const struct network_name *now,
                      const struct network_view_dns *old)
{
    auto_free char *what = xasprintf("names of %s", now->address);
    auto_free char *from = old ? join_names(old->names, old->name_count) : NULL;
    auto_free char *to = join_names(now->names, now->count);

    change_add(&r->changes, CHANGE_LIVE, what, from, to, NULL);
}

/* Those of nodes are counted, and where they come and go with reservations not even that; each
 * that the file names is shown. */
static void show_names(struct resource *r, const struct network_object *o,
                       const struct network_view *view)
{
    bool quiet = r->changes.count > 0, changed = false;
    size_t before = view->dns_host_count, after = before;
    struct network_names names;

    network_names(o->network, o->site->cluster->domain, o->hosts, o->host_count, &names);
    for (size_t i = 0; o->network->dns.enabled && i < before; i++) {
        if (entry_wanted_dns(&names, &view->dns_hosts[i]) ||
            !entry_is_for_name(o, NULL, &view->dns_hosts[i]))
            continue;
        changed = true;
        after--;
    }
    for (size_t i = 0; i < names.count; i++) {
        const struct network_name *now = &names.items[i];
        const struct network_view_dns *old = entry_dns(view, now);

        if ((old && entry_same_names(old, now)) || !entry_is_for_name(o, now, old))
            continue;
        if (!now->node || now->count > 2)
            show_name(r, now, old);
        else
            changed = true;
        after += !old;
    }
    network_names_done(&names);
    if (changed && !quiet) {
        auto_free char *from = xasprintf("%zu", before), *to = xasprintf("%zu", after);

        change_add(&r->changes, CHANGE_LIVE, "names", from, to, NULL);
    }
}

void network_entries_show(struct resource *r, const struct network_object *o,
                          const struct network_view *view)
{
    show_reservations(r, o, view);
    show_reservations6(r, o, view);
    show_names(r, o, view);
}
