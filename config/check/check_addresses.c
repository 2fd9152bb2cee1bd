/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of NIC addresses, IP and MAC, over all nodes. */
#include <stdlib.h>
#include <string.h>

#include "config/loader.h"

/* One address in use. */
struct use {
    const struct network *net; /* NULL for MACs, which are compared over all networks */
    uint64_t address;
    const struct node *node;
    const struct nic *nic;
};

struct use_list {
    struct use *items;
    size_t count;
};

/* How many nodes want what of a network. */
struct demand {
    uint64_t automatic, dynamic, fixed;
    struct position first_automatic, first_dynamic;
};

static const struct document_node *ip_value(const struct nic *nic)
{
    const struct document_node *source = nic->source;

    if (document_get(source, "ip"))
        return document_get(source, "ip");
    return source->kind == DOCUMENT_MAPPING && source->count ? source->items[0] : source;
}

static const char *room_of(struct loader *l, const struct network *net)
{
    return arena_printf(l->arena, "nodes in network '%s' can have %s", net->name,
                        loader_room(l, net));
}

/* False after a finding about the run of addresses that starts at `nic`. */
static bool check_run(struct loader *l, const struct group *group, const struct nic *nic)
{
    const struct cidr subnet = nic->net->subnet;
    uint64_t last = (uint64_t)nic->ip + group->size - 1;
    struct position at = ip_value(nic)->position;
    char ip[IP4_TEXT], text[CIDR_TEXT];

    ip4_format(nic->ip, ip);
    cidr_format(subnet, text);
    if (!cidr_contains(subnet, nic->ip))
        finding_error(l->d, at, "address-subnet", room_of(l, nic->net),
                      "address %s is outside of network '%s' (%s)", ip, nic->network, text);
    else if (nic->ip == cidr_network(subnet) || nic->ip == cidr_broadcast(subnet))
        finding_error(l->d, at, "address-special", room_of(l, nic->net),
                      "address %s is the %s address of network '%s'", ip,
                      nic->ip == cidr_network(subnet) ? "network" : "broadcast", nic->network);
    else if (last > cidr_last_host(subnet))
        finding_error(l->d, at, "address-run", room_of(l, nic->net),
                      "a run of %zu addresses from %s does not fit into network '%s' (%s)",
                      group->size, ip, nic->network, text);
    else if (nic->ip <= nic->net->gateway && nic->net->gateway <= last)
        finding_error(l->d, at, "address-gateway",
                      !network_mode(nic->net)->serves
                          ? "that one is the router's: take another address"
                          : "that one is the host's: start behind it, or set another gateway",
                      nic->ip == last ? "address %s is the gateway of network '%s'"
                                      : "the addresses from %s on contain the gateway of "
                                        "network '%s'",
                      ip, nic->network);
    else
        return true;
    return false;
}

static void check_dynamic(struct loader *l, const struct nic *nic)
{
    const struct network *net = nic->net;
    const struct document_node *dhcp = document_get(net->source, "dhcp");
    uint32_t last = cidr_last_host(net->subnet);
    uint32_t first = last - (last - cidr_first_host(net->subnet)) / 2;
    char from[IP4_TEXT], to[IP4_TEXT];

    /* A range that could not be read has been reported. */
    if (!network_mode(net)->serves || net->dhcp.has_range ||
        (dhcp && dhcp->kind == DOCUMENT_SEQUENCE))
        return;
    finding_error(l->d, ip_value(nic)->position, "dhcp-missing",
                  arena_printf(l->arena, "write 'dhcp: [%s, %s]' in network '%s'",
                               ip4_format(first, from), ip4_format(last, to), net->name),
                  "network '%s' has no dhcp range to take an address from", net->name);
}

static int compare(const void *a, const void *b)
{
    const struct use *x = a, *y = b;

    if (x->net != y->net)
        return x->net < y->net ? -1 : 1;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    if (x->node != y->node)
        return x->node < y->node ? -1 : 1;
    return x->nic < y->nic ? -1 : x->nic > y->nic;
}

/* Two runs that overlap are one finding, at their first common address. */
static void report_shared(struct loader *l, struct use_list *uses,
                          void (*report)(struct loader *, const struct use *,
                                         const struct use *))
{
    const struct document_node *last[2] = {NULL, NULL};

    if (uses->count < 2)
        return;
    qsort(uses->items, uses->count, sizeof *uses->items, compare);
    for (size_t i = 1; i < uses->count; i++) {
        const struct use *a = &uses->items[i - 1], *b = &uses->items[i];

        if (a->net != b->net || a->address != b->address)
            continue;
        if (a->nic->source != last[0] || b->nic->source != last[1] ||
            a->nic->source == b->nic->source)
            report(l, a, b);
        last[0] = a->nic->source;
        last[1] = b->nic->source;
    }
}

static void report_ip(struct loader *l, const struct use *first, const struct use *second)
{
    char ip[IP4_TEXT];

    finding_error(
        l->d, ip_value(second->nic)->position, "address-taken",
        "give each node an address of its own, or leave it to virtopo: write the "
        "network's name alone",
        "address %s of node '%s' is already the one of node '%s' in %s",
        ip4_format((uint32_t)second->address, ip), second->node->name, first->node->name,
        loader_line(l, ip_value(second->nic)->position, ip_value(first->nic)->position));
}

static void report_mac(struct loader *l, const struct use *first, const struct use *second)
{
    char mac[MAC_TEXT];

    finding_error(l->d, loader_position(second->nic->source, "mac"), "mac-taken",
                  "leave it out to have one derived that never changes",
                  "MAC address %s of node '%s' is already the one of node '%s' in %s",
                  mac_format(second->nic->mac, mac), second->node->name, first->node->name,
                  loader_line(l, loader_position(second->nic->source, "mac"),
                              loader_position(first->nic->source, "mac")));
}

static void count_demand(struct demand *demand, const struct group *group,
                         const struct nic *nic)
{
    if (nic->ip_explicit) {
        if (!nic->net->dhcp.has_range || nic->ip < nic->net->dhcp.first ||
            nic->ip > nic->net->dhcp.last)
            demand->fixed += group->size;
    } else if (nic->dynamic) {
        if (demand->dynamic == 0)
            demand->first_dynamic = ip_value(nic)->position;
        demand->dynamic += group->size;
    } else {
        if (demand->automatic == 0)
            demand->first_automatic = ip_value(nic)->position;
        demand->automatic += group->size;
    }
}

static void check_demand(struct loader *l, const struct network *net,
                         const struct demand *demand)
{
    uint64_t hosts = (uint64_t)cidr_last_host(net->subnet) - cidr_first_host(net->subnet);
    uint64_t range = net->dhcp.has_range && net->dhcp.last >= net->dhcp.first
                         ? (uint64_t)net->dhcp.last - net->dhcp.first + 1
                         : 0;
    uint64_t used = demand->fixed + range;
    uint64_t room = hosts > used ? hosts - used : 0;
    char text[CIDR_TEXT];

    if (demand->automatic > room)
        finding_error(l->d, demand->first_automatic, "subnet-full",
                      range ? "take a larger subnet, or a smaller dhcp range"
                            : "take a larger subnet",
                      "network '%s' (%s) has %llu addresses left for %llu nodes", net->name,
                      cidr_format(net->subnet, text), (unsigned long long)room,
                      (unsigned long long)demand->automatic);
    if (range && demand->dynamic > range)
        finding_error(l->d, demand->first_dynamic, "dhcp-full", "make the dhcp range larger",
                      "the dhcp range of network '%s' has %llu addresses for %llu nodes",
                      net->name, (unsigned long long)range,
                      (unsigned long long)demand->dynamic);
}

static void add_uses(struct use_list *uses, const struct group *group, size_t nic_index)
{
    for (size_t k = 0; k < group->size; k++) {
        const struct node *node = &group->nodes[k];
        const struct nic *nic = (const struct nic *)node->nics.items + nic_index;
        struct use use = {.net = nic->net, .address = nic->ip, .node = node, .nic = nic};

        vector_push(uses->items, uses->count, use);
    }
}

void check_addresses(struct loader *l)
{
    const struct network *networks = l->cluster->networks.items;
    auto_free struct demand *demands = xcalloc(l->cluster->networks.count, sizeof *demands);
    struct use_list uses = {0};

    for (size_t i = 0; i < l->group_count; i++) {
        const struct group *group = &l->groups[i];

        for (size_t n = 0; n < group->base.nics.count; n++) {
            const struct nic *nic = (const struct nic *)group->base.nics.items + n;

            if (!nic->net || !nic->net->usable)
                continue;
            count_demand(&demands[nic->net - networks], group, nic);
            if (nic->dynamic)
                check_dynamic(l, nic);
            else if (nic->ip_explicit && check_run(l, group, nic))
                add_uses(&uses, group, n);
        }
    }
    report_shared(l, &uses, report_ip);
    free(uses.items);
    for (size_t i = 0; i < l->cluster->networks.count; i++) {
        if (networks[i].usable)
            check_demand(l, &networks[i], &demands[i]);
    }
}

void check_macs(struct loader *l)
{
    struct use_list uses = {0};

    for (size_t i = 0; i < l->group_count; i++) {
        const struct group *group = &l->groups[i];

        list_each(struct nic, group->base.nics, nic)
        {
            struct use use = {.node = group->nodes, .nic = nic};

            if (!nic->mac_explicit)
                continue;
            for (size_t byte = 0; byte < sizeof nic->mac.bytes; byte++)
                use.address = use.address << 8 | nic->mac.bytes[byte];
            if (use.address)
                vector_push(uses.items, uses.count, use);
        }
    }
    report_shared(l, &uses, report_mac);
    free(uses.items);
}
