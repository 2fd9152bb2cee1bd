/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network_entries.h"

#include <stdlib.h>
#include <string.h>

#include "network/network_entry.h"

/* In a running network, reservations are found by the place of their <ip>. */
static int place_of(bool six)
{
    return six ? 1 : 0;
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
        const struct network_host *now = entry_wanted(o, old->mac);
        struct network_host gone = {
            .ip = old->ip, .name = old->name ? old->name : "?", .nameless = !old->name};

        /* libvirt modifies by MAC, but refuses where the new address is another's still: gone
         * first, added later always works. */
        if ((now && entry_same(old, now)) || !entry_is_for(o, now ? now->name : old->name))
            continue;
        snprintf(gone.mac, sizeof gone.mac, "%s", old->mac ? old->mac : "");
        outcome = reservation_delta(list, VIR_NETWORK_UPDATE_COMMAND_DELETE, &gone, err);
    }
    for (size_t i = 0; o->network->dhcp.enabled && i < o->host_count && outcome == 0; i++) {
        const struct network_view_host *old = entry_reservation(view, o->hosts[i].mac);

        if (o->hosts[i].ip && (!old || !entry_same(old, &o->hosts[i])) &&
            entry_is_for(o, o->hosts[i].name))
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
        const struct network_host *now = entry_wanted6(o, old);

        if (!(now && entry_same6(old, now)) && entry_is_for(o, now ? now->name : old->name))
            outcome = gone6_delta(list, old, err);
    }
    for (size_t i = 0; o->network->dhcp6.enabled && i < o->host_count && outcome == 0; i++) {
        const struct network_host *host = &o->hosts[i];
        const struct network_view_host6 *old = entry_reservation6(view, host->mac);

        if (ip6_is_set(host->ip6) && !(old && entry_same6(old, host)) &&
            entry_is_for(o, host->name))
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

static int name_deltas(const struct network_object *o, const struct network_view *view,
                       struct delta_list *list, struct error **err)
{
    struct network_names names;
    int outcome = 0;

    network_names(o->network, o->site->cluster->domain, o->hosts, o->host_count, &names);
    for (size_t i = 0; i < view->dns_host_count && outcome == 0; i++) {
        const struct network_view_dns *dns = &view->dns_hosts[i];
        const struct network_name *now = entry_wanted_dns(&names, dns);
        /* by its address alone: a name can be in several entries, which libvirt refuses */
        struct network_name gone = {.node = dns->name_count ? dns->names[0] : NULL};

        snprintf(gone.address, sizeof gone.address, "%s", dns->address);
        if (!(now && entry_same_names(dns, now)) && entry_is_for_name(o, now, dns))
            outcome = name_delta(list, VIR_NETWORK_UPDATE_COMMAND_DELETE, &gone, err);
    }
    for (size_t i = 0; i < names.count && outcome == 0; i++) {
        const struct network_view_dns *old = entry_dns(view, &names.items[i]);

        if (!(old && entry_same_names(old, &names.items[i])) &&
            entry_is_for_name(o, &names.items[i], old))
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

/* What shall go may have gone with the network's start anew: somebody had put it into the
 * running one alone. */
static bool is_gone(const struct delta *d)
{
    return d->command == VIR_NETWORK_UPDATE_COMMAND_DELETE &&
           virt_last_code() == VIR_ERR_OPERATION_INVALID;
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
                             d->xml, flags) < 0 &&
            !is_gone(d))
            outcome = error_virt(err, "updating network '%s' for %s", o->name, d->what);
    }
    if (outcome == 0 && (flags & VIR_NETWORK_UPDATE_AFFECT_LIVE) && turns_dhcp6(&list, view))
        outcome = wake_dhcp6(network, o, err);
    deltas_done(&list);
    return outcome;
}
