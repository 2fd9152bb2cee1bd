/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network_entries.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/buffer.h"

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

static const struct network_view_host6 *find_reservation6(const struct network_view *view,
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

static const struct network_host *find_wanted6(const struct network_object *o,
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

static bool same_reservation6(const struct network_view_host6 *a, const struct network_host *b)
{
    if (ip6_compare(a->ip6, b->ip6) != 0)
        return false;
    return b->nameless ? !a->name : a->name && strcmp(a->name, b->name) == 0;
}

/* In a running network, reservations are found by the place of their <ip>. */
static int place_of(bool six)
{
    return six ? 1 : 0;
}

static bool same_names(const struct network_view_dns *a, const struct network_name *b)
{
    if (a->name_count != b->count)
        return false;
    for (size_t i = 0; i < b->count; i++) {
        if (strcmp(a->names[i], b->names[i]) != 0)
            return false;
    }
    return true;
}

static const struct network_view_dns *find_dns(const struct network_view *view,
                                               const struct network_name *name)
{
    for (size_t i = 0; i < view->dns_host_count; i++) {
        if (strcmp(view->dns_hosts[i].address, name->address) == 0)
            return &view->dns_hosts[i];
    }
    return NULL;
}

static const struct network_name *wanted_dns(const struct network_names *names,
                                             const struct network_view_dns *dns)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i].address, dns->address) == 0)
            return &names->items[i];
    }
    return NULL;
}

/* One change for libvirt to make in the running network. */
struct delta {
    int command; /* virNetworkUpdateCommand */
    int section; /* virNetworkUpdateSection */
    int place;   /* which <ip>; -1: does not matter */
    char *xml;
    char *what; /* whose, for messages */
};

struct delta_list {
    struct delta *items;
    size_t count;
};

static int add_delta(struct delta_list *list, struct delta delta, int outcome, const char *what)
{
    delta.what = xstrdup(what);
    vector_push(list->items, list->count, delta);
    return outcome;
}

static void deltas_done(struct delta_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].xml);
        free(list->items[i].what);
    }
    free(list->items);
}

/* A run for some nodes leaves the entries of all others alone. */
static bool is_for(const struct network_object *o, const char *node)
{
    return site_is_selected(o->site, node);
}

static int reservation_delta(struct delta_list *list, int command,
                             const struct network_host *host, struct error **err)
{
    struct delta delta = {.command = command,
                          .section = VIR_NETWORK_SECTION_IP_DHCP_HOST,
                          .place = place_of(false)};
    int outcome = network_dhcp_host_xml(host, &delta.xml, err);

    return add_delta(list, delta, outcome, host->name);
}

static int reservation_deltas(const struct network_object *o, const struct network_view *view,
                              struct delta_list *list, struct error **err)
{
    int outcome = 0;

    for (size_t i = 0; i < view->dhcp_host_count && outcome == 0; i++) {
        const struct network_view_host *old = &view->dhcp_hosts[i];
        const struct network_host *now = find_wanted(o, old->mac);
        struct network_host gone = {
            .ip = old->ip, .name = old->name ? old->name : "?", .nameless = !old->name};

        /* libvirt modifies by MAC, but refuses where the new address is another's still: gone
         * first, added later always works. */
        if ((now && same_reservation(old, now)) || !is_for(o, now ? now->name : old->name))
            continue;
        snprintf(gone.mac, sizeof gone.mac, "%s", old->mac ? old->mac : "");
        outcome = reservation_delta(list, VIR_NETWORK_UPDATE_COMMAND_DELETE, &gone, err);
    }
    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count && outcome == 0; i++) {
        const struct network_view_host *old = find_reservation(view, o->hosts[i].mac);

        if (o->hosts[i].ip && (!old || !same_reservation(old, &o->hosts[i])) &&
            is_for(o, o->hosts[i].name))
            outcome =
                reservation_delta(list, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, &o->hosts[i], err);
    }
    return outcome;
}

static int reservation6_delta(struct delta_list *list, int command,
                              const struct network_host *host, struct error **err)
{
    struct delta delta = {.command = command,
                          .section = VIR_NETWORK_SECTION_IP_DHCP_HOST,
                          .place = place_of(true)};
    int outcome = network_dhcp6_host_xml(host, &delta.xml, err);

    return add_delta(list, delta, outcome, host->name);
}

/* libvirt finds what is to go by its name or address, whatever else is there. */
static int gone6_delta(struct delta_list *list, const struct network_view_host6 *old,
                       struct error **err)
{
    struct network_host gone = {
        .ip6 = old->ip6, .name = old->name ? old->name : "?", .nameless = !old->name};
    const char *mac = old->id && strlen(old->id) == DUID_TEXT - 1 ? old->id + 12 : "";

    snprintf(gone.mac, sizeof gone.mac, "%s", *mac ? mac : "00:00:00:00:00:00");
    return reservation6_delta(list, VIR_NETWORK_UPDATE_COMMAND_DELETE, &gone, err);
}

static int reservation6_deltas(const struct network_object *o, const struct network_view *view,
                               struct delta_list *list, struct error **err)
{
    int outcome = 0;

    for (size_t i = 0; i < view->dhcp6_host_count && outcome == 0; i++) {
        const struct network_view_host6 *old = &view->dhcp6_hosts[i];
        const struct network_host *now = find_wanted6(o, old);

        if (!(now && same_reservation6(old, now)) && is_for(o, now ? now->name : old->name))
            outcome = gone6_delta(list, old, err);
    }
    for (size_t i = 0; o->network->dhcp6.enabled && i < o->host_count && outcome == 0; i++) {
        const struct network_host *host = &o->hosts[i];
        const struct network_view_host6 *old = find_reservation6(view, host->mac);

        if (ip6_is_set(host->ip6) && !(old && same_reservation6(old, host)) &&
            is_for(o, host->name))
            outcome = reservation6_delta(list, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, host, err);
    }
    return outcome;
}

static int name_delta(struct delta_list *list, int command, const struct network_name *name,
                      struct error **err)
{
    struct delta delta = {
        .command = command, .section = VIR_NETWORK_SECTION_DNS_HOST, .place = -1};
    int outcome = network_dns_host_xml(name, &delta.xml, err);

    return add_delta(list, delta, outcome, name->node ? name->node : name->address);
}

/* Whose names these are: those of dns.records are everybody's. */
static bool is_for_name(const struct network_object *o, const struct network_name *now,
                        const struct network_view_dns *old)
{
    const char *node = now ? now->node : old->name_count ? old->names[0] : "";

    return !node || is_for(o, node);
}

static int name_deltas(const struct network_object *o, const struct network_view *view,
                       struct delta_list *list, struct error **err)
{
    struct network_names names;
    int outcome = 0;

    network_names(o->network, o->site->cluster->domain, o->hosts, o->host_count, &names);
    for (size_t i = 0; i < view->dns_host_count && outcome == 0; i++) {
        const struct network_view_dns *dns = &view->dns_hosts[i];
        const struct network_name *now = wanted_dns(&names, dns);
        /* by its address alone: a name can be in several entries, which libvirt refuses */
        struct network_name gone = {.node = dns->name_count ? dns->names[0] : NULL};

        snprintf(gone.address, sizeof gone.address, "%s", dns->address);
        if (!(now && same_names(dns, now)) && is_for_name(o, now, dns))
            outcome = name_delta(list, VIR_NETWORK_UPDATE_COMMAND_DELETE, &gone, err);
    }
    for (size_t i = 0; i < names.count && outcome == 0; i++) {
        const struct network_view_dns *old = find_dns(view, &names.items[i]);

        if (!(old && same_names(old, &names.items[i])) && is_for_name(o, &names.items[i], old))
            outcome =
                name_delta(list, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, &names.items[i], err);
    }
    network_names_done(&names);
    return outcome;
}

static int find_deltas(const struct network_object *o, const struct network_view *view,
                       struct delta_list *list, struct error **err)
{
    if (reservation_deltas(o, view, list, err) < 0 ||
        reservation6_deltas(o, view, list, err) < 0)
        return -1;
    return o->network->dns.enabled ? name_deltas(o, view, list, err) : 0;
}

static void show_reservations(struct resource *r, const struct network_object *o,
                              const struct network_view *view)
{
    char from[IP4_TEXT], to[IP4_TEXT];

    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count; i++) {
        const struct network_host *host = &o->hosts[i];
        const struct network_view_host *old = find_reservation(view, host->mac);
        auto_free char *what = xasprintf("address of %s", host->name);

        if (host->ip && (!old || !same_reservation(old, host)) && is_for(o, host->name))
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

static void show_reservations6(struct resource *r, const struct network_object *o,
                               const struct network_view *view)
{
    char from[IP6_TEXT], to[IP6_TEXT];

    for (size_t i = 0; o->network->dhcp6.enabled && i < o->host_count; i++) {
        const struct network_host *host = &o->hosts[i];
        const struct network_view_host6 *old = find_reservation6(view, host->mac);
        auto_free char *what = xasprintf("IPv6 address of %s", host->name);

        if (ip6_is_set(host->ip6) && (!old || !same_reservation6(old, host)) &&
            is_for(o, host->name))
            change_add(&r->changes, CHANGE_LIVE, what, old ? ip6_format(old->ip6, from) : NULL,
                       ip6_format(host->ip6, to), NULL);
    }
    for (size_t i = 0; i < view->dhcp6_host_count; i++) {
        const struct network_view_host6 *old = &view->dhcp6_hosts[i];
        auto_free char *what = xasprintf("IPv6 address of %s", old->name ? old->name
                                                               : old->id ? old->id
                                                                         : "?");

        if (!find_wanted6(o, old) && is_for(o, old->name))
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
        if (wanted_dns(&names, &view->dns_hosts[i]) ||
            !is_for_name(o, NULL, &view->dns_hosts[i]))
            continue;
        changed = true;
        after--;
    }
    for (size_t i = 0; i < names.count; i++) {
        const struct network_name *now = &names.items[i];
        const struct network_view_dns *old = find_dns(view, now);

        if ((old && same_names(old, now)) || !is_for_name(o, now, old))
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

/* dnsmasq learns that it serves DHCPv6, or not any more, only when it starts; and libvirt
 * starts it anew for a range, but not for a reservation. */
static int wake_dhcp6(virNetworkPtr network, const struct network_object *o, struct error **err)
{
    static const unsigned commands[] = {VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
                                        VIR_NETWORK_UPDATE_COMMAND_DELETE};
    char text[IP6_TEXT];
    auto_free char *xml = NULL;

    ip6_format(cidr6_last(o->network->subnet6), text);
    xml = xasprintf("<range start='%s' end='%s'/>", text, text);
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (virNetworkUpdate(network, commands[i], VIR_NETWORK_SECTION_IP_DHCP_RANGE,
                             place_of(true), xml, VIR_NETWORK_UPDATE_AFFECT_LIVE) < 0)
            return error_virt(err, "updating network '%s' for DHCPv6", o->name);
    }
    return 0;
}

/* Whether the first reservation of IPv6 comes, or the last one goes. */
static bool turns_dhcp6(const struct delta_list *list, const struct network_view *view)
{
    size_t after = view->dhcp6_host_count;

    if (view->has_range6)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].place == place_of(true))
            after += list->items[i].command == VIR_NETWORK_UPDATE_COMMAND_DELETE ? -1 : 1;
    }
    return (view->dhcp6_host_count == 0) != (after == 0);
}

bool network_entries_differ(const struct network_object *o, const struct network_view *view)
{
    struct delta_list list = {0};
    bool differ = find_deltas(o, view, &list, NULL) < 0 || list.count > 0;

    deltas_done(&list);
    return differ;
}

int network_entries_apply(virNetworkPtr network, const struct network_object *o,
                          const struct network_view *view, unsigned flags, struct task *task,
                          struct error **err)
{
    struct delta_list list = {0};
    int outcome = find_deltas(o, view, &list, err);

    for (size_t i = 0; i < list.count && outcome == 0; i++) {
        const struct delta *d = &list.items[i];

        task_progress(task, i, list.count);
        if (virNetworkUpdate(network, (unsigned)d->command, (unsigned)d->section, d->place,
                             d->xml, flags) < 0)
            outcome = error_virt(err, "updating network '%s' for %s", o->name, d->what);
    }
    if (outcome == 0 && (flags & VIR_NETWORK_UPDATE_AFFECT_LIVE) && turns_dhcp6(&list, view))
        outcome = wake_dhcp6(network, o, err);
    deltas_done(&list);
    return outcome;
}
