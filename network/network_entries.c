/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network_entries.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct network_view_host *find_reservation(const struct network_view *view,
                                                        const char *mac)
{
    for (size_t i = 0; i < view->dhcp_host_count; i++) {
        if (view->dhcp_hosts[i].mac && strcasecmp(view->dhcp_hosts[i].mac, mac) == 0)
            return &view->dhcp_hosts[i];
    }
    return NULL;
}

static const struct network_host *find_wanted(const struct network_object *o, const char *mac)
{
    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count; i++) {
        if (mac && strcasecmp(o->hosts[i].mac, mac) == 0)
            return &o->hosts[i];
    }
    return NULL;
}

static bool same_reservation(const struct network_view_host *a, const struct network_host *b)
{
    if (a->ip != b->ip || b->nameless)
        return a->ip == b->ip && !a->name;
    return a->name && strcmp(a->name, b->name) == 0;
}

static bool has_dns(const struct network_view *view, const struct network_host *host)
{
    for (size_t i = 0; i < view->dns_host_count; i++) {
        const struct network_view_dns *dns = &view->dns_hosts[i];

        if (dns->ip == host->ip && dns->name_count && strcmp(dns->names[0], host->name) == 0)
            return true;
    }
    return false;
}

static const struct network_host *wanted_dns(const struct network_object *o,
                                             const struct network_view_dns *dns)
{
    for (size_t i = 0; i < o->host_count; i++) {
        if (o->hosts[i].ip == dns->ip && !o->hosts[i].nameless && dns->name_count &&
            strcmp(dns->names[0], o->hosts[i].name) == 0)
            return &o->hosts[i];
    }
    return NULL;
}

/* One change for libvirt to make in the running network. */
struct delta {
    int command; /* virNetworkUpdateCommand */
    int section; /* virNetworkUpdateSection */
    struct network_host host;
};

struct delta_list {
    struct delta *items;
    size_t count;
};

static void add_delta(struct delta_list *list, int command, int section,
                      const struct network_host *host)
{
    struct delta delta = {command, section, *host};

    vector_push(list->items, list->count, delta);
}

/* A run for some nodes leaves the entries of all others alone. */
static bool is_for(const struct network_object *o, const char *node)
{
    return site_is_selected(o->site, node);
}

static void reservation_deltas(const struct network_object *o, const struct network_view *view,
                               struct delta_list *list)
{
    const int section = VIR_NETWORK_SECTION_IP_DHCP_HOST;

    for (size_t i = 0; i < view->dhcp_host_count; i++) {
        const struct network_view_host *old = &view->dhcp_hosts[i];
        const struct network_host *now = find_wanted(o, old->mac);
        struct network_host gone = {
            .ip = old->ip, .name = old->name ? old->name : "?", .nameless = !old->name};

        /* libvirt modifies by MAC, but refuses where the new address is another's still: gone
         * first, added later always works. */
        if ((now && same_reservation(old, now)) || !is_for(o, now ? now->name : old->name))
            continue;
        snprintf(gone.mac, sizeof gone.mac, "%s", old->mac ? old->mac : "");
        add_delta(list, VIR_NETWORK_UPDATE_COMMAND_DELETE, section, &gone);
    }
    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count; i++) {
        const struct network_view_host *old = find_reservation(view, o->hosts[i].mac);

        if ((!old || !same_reservation(old, &o->hosts[i])) && is_for(o, o->hosts[i].name))
            add_delta(list, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, section, &o->hosts[i]);
    }
}

static void name_deltas(const struct network_object *o, const struct network_view *view,
                        struct delta_list *list)
{
    const int section = VIR_NETWORK_SECTION_DNS_HOST;

    for (size_t i = 0; i < view->dns_host_count; i++) {
        const struct network_view_dns *dns = &view->dns_hosts[i];
        struct network_host gone = {.ip = dns->ip,
                                    .name = dns->name_count ? dns->names[0] : ""};

        if (!wanted_dns(o, dns) && is_for(o, gone.name))
            add_delta(list, VIR_NETWORK_UPDATE_COMMAND_DELETE, section, &gone);
    }
    for (size_t i = 0; i < o->host_count; i++) {
        if (!o->hosts[i].nameless && !has_dns(view, &o->hosts[i]) &&
            is_for(o, o->hosts[i].name))
            add_delta(list, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, section, &o->hosts[i]);
    }
}

static void find_deltas(const struct network_object *o, const struct network_view *view,
                        struct delta_list *list)
{
    reservation_deltas(o, view, list);
    if (o->network->dns)
        name_deltas(o, view, list);
}

static void show_reservations(struct resource *r, const struct network_object *o,
                              const struct network_view *view)
{
    char from[IP4_TEXT], to[IP4_TEXT];

    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count; i++) {
        const struct network_host *host = &o->hosts[i];
        const struct network_view_host *old = find_reservation(view, host->mac);
        auto_free char *what = xasprintf("address of %s", host->name);

        if ((!old || !same_reservation(old, host)) && is_for(o, host->name))
            change_add(&r->changes, CHANGE_LIVE, what, old ? ip4_format(old->ip, from) : NULL,
                       ip4_format(host->ip, to), NULL);
    }
    for (size_t i = 0; i < view->dhcp_host_count; i++) {
        const struct network_view_host *old = &view->dhcp_hosts[i];
        auto_free char *what = xasprintf("address of %s", old->name ? old->name : old->mac);

        if (!find_wanted(o, old->mac) && is_for(o, old->name))
            change_add(&r->changes, CHANGE_LIVE, what, ip4_format(old->ip, from), NULL, NULL);
    }
}

/* Where there are no reservations to show it by. */
static void show_names(struct resource *r, const struct network_object *o,
                       const struct network_view *view)
{
    struct delta_list list = {0};
    size_t count = view->dns_host_count;

    if (o->network->dns)
        name_deltas(o, view, &list);
    for (size_t i = 0; i < list.count; i++)
        count += list.items[i].command == VIR_NETWORK_UPDATE_COMMAND_ADD_LAST ? 1 : -1;
    if (list.count && r->changes.count == 0) {
        auto_free char *from = xasprintf("%zu", view->dns_host_count);
        auto_free char *to = xasprintf("%zu", count);

        change_add(&r->changes, CHANGE_LIVE, "names", from, to, NULL);
    }
    free(list.items);
}

void network_entries_show(struct resource *r, const struct network_object *o,
                          const struct network_view *view)
{
    show_reservations(r, o, view);
    show_names(r, o, view);
}

static int apply_delta(virNetworkPtr network, const struct network_object *o,
                       const struct delta *delta, unsigned flags, struct error **err)
{
    auto_free char *xml = NULL;
    int outcome = delta->section == VIR_NETWORK_SECTION_DNS_HOST
                      ? network_dns_host_xml(&delta->host, o->site->cluster->domain, &xml, err)
                      : network_dhcp_host_xml(&delta->host, &xml, err);

    if (outcome < 0)
        return -1;
    if (virNetworkUpdate(network, (unsigned)delta->command, (unsigned)delta->section, -1, xml,
                         flags) < 0)
        return error_virt(err, "updating network '%s' for %s", o->name, delta->host.name);
    return 0;
}

int network_entries_apply(virNetworkPtr network, const struct network_object *o,
                          const struct network_view *view, struct task *task,
                          struct error **err)
{
    struct delta_list list = {0};
    unsigned flags = VIR_NETWORK_UPDATE_AFFECT_CONFIG;
    int outcome = 0;

    if (virNetworkIsActive(network) == 1)
        flags |= VIR_NETWORK_UPDATE_AFFECT_LIVE;
    find_deltas(o, view, &list);
    for (size_t i = 0; i < list.count && outcome == 0; i++) {
        task_progress(task, i, list.count);
        outcome = apply_delta(network, o, &list.items[i], flags, err);
    }
    free(list.items);
    return outcome;
}
