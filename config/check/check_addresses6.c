/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the NICs' IPv6 addresses, over all nodes. */
#include <stdlib.h>
#include <string.h>

#include "config/loader.h"

/* One address in use. */
struct use {
    struct ip6 address;
    const struct node *node;
    const struct nic *nic;
};

struct use_list {
    struct use *items;
    size_t count;
};

static struct position at(const struct nic *nic)
{
    return loader_position(nic->source, "ip6");
}

static const char *room_of(struct loader *l, const struct network *net)
{
    return arena_printf(l->arena, "nodes in network '%s' can have %s", net->name,
                        loader_room6(l, net));
}

/* False after a finding about the run of addresses that starts at `nic`. */
static bool check_run(struct loader *l, const struct group *group, const struct nic *nic)
{
    const struct network *net = nic->net;
    struct ip6 last = ip6_add(nic->ip6, group->size - 1);
    char ip[IP6_TEXT], text[CIDR6_TEXT];

    ip6_format(nic->ip6, ip);
    cidr6_format(net->subnet6, text);
    if (!cidr6_contains(net->subnet6, nic->ip6))
        finding_error(l->d, at(nic), "address6-subnet", room_of(l, net),
                      "address %s is outside of network '%s' (%s)", ip, nic->network, text);
    else if (!network_has_host6(net, nic->ip6))
        finding_error(l->d, at(nic), "address6-special", room_of(l, net),
                      "address %s means any router of network '%s'", ip, nic->network);
    else if (ip6_compare(last, nic->ip6) < 0 || !cidr6_contains(net->subnet6, last))
        finding_error(l->d, at(nic), "address6-run", room_of(l, net),
                      "a run of %zu addresses from %s does not fit into network '%s' (%s)",
                      group->size, ip, nic->network, text);
    else if (ip6_is_set(net->gateway6) && ip6_compare(nic->ip6, net->gateway6) <= 0 &&
             ip6_compare(net->gateway6, last) <= 0)
        finding_error(l->d, at(nic), "address6-gateway",
                      "that one is the host's: start behind it, or set another gateway6",
                      group->size == 1 ? "address %s is the gateway of network '%s'"
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
    struct cidr6 subnet = net->subnet6;
    char from[IP6_TEXT], to[IP6_TEXT];
    uint64_t shift = subnet.prefix > 112 ? 1 : 0x1000;

    if (!network_mode(net)->serves || net->dhcp6.has_range)
        return;
    finding_error(
        l->d, at(nic), "dhcp6-missing",
        subnet.prefix > 112
            ? "give it a dhcp6 range"
            : arena_printf(l->arena, "write 'dhcp6: [\"%s\", \"%s\"]' in network '%s'",
                           ip6_format(ip6_add(subnet.address, shift), from),
                           ip6_format(ip6_add(subnet.address, 2 * shift - 1), to), net->name),
        "network '%s' has no dhcp6 range to take an address from", net->name);
}

/* Routers' announcements let guests make their own addresses only where DHCPv6 does not give
 * them, and of 64 bits. */
static void check_auto(struct loader *l, const struct nic *nic)
{
    const struct network *net = nic->net;
    char text[CIDR6_TEXT];

    if (!network_mode(net)->serves)
        return;
    if (net->dhcp6.enabled)
        finding_error(l->d, at(nic), "address6-auto",
                      arena_printf(l->arena, "write 'dhcp6: false' in network '%s'", net->name),
                      "guests make no addresses of their own where DHCPv6 gives them, and "
                      "network '%s' has it",
                      net->name);
    else if (net->subnet6.prefix != 64)
        finding_error(l->d, at(nic), "address6-auto", "give the network a /64",
                      "guests make addresses of their own in a /64 only, and network '%s' has "
                      "%s",
                      net->name, cidr6_format(net->subnet6, text));
}

static bool has_subnet(struct loader *l, const struct nic *nic)
{
    const struct network *net = nic->net;

    if (net->usable6)
        return true;
    /* one that could not be read has been reported */
    if (document_get(net->source, "subnet6") ||
        (!network_mode(net)->serves && nic->ip6_from != NIC_IP6_STATIC))
        return !network_mode(net)->serves && nic->ip6_from != NIC_IP6_STATIC;
    finding_error(
        l->d, at(nic), "address6-network",
        arena_printf(l->arena, "write 'subnet6: \"fd00:21::/64\"' in network '%s'", net->name),
        "network '%s' has no IPv6", net->name);
    return false;
}

static void add_uses(struct use_list *uses, const struct group *group, size_t nic_index)
{
    for (size_t k = 0; k < group->size; k++) {
        const struct node *node = &group->nodes[k];
        const struct nic *nic = (const struct nic *)node->nics.items + nic_index;
        struct use use = {.address = nic->ip6, .node = node, .nic = nic};

        vector_push(uses->items, uses->count, use);
    }
}

static int compare(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    int order = ip6_compare(x->address, y->address);

    if (x->nic->net != y->nic->net)
        return x->nic->net < y->nic->net ? -1 : 1;
    if (order)
        return order;
    return x->nic < y->nic ? -1 : x->nic > y->nic;
}

/* Two runs that overlap are one finding, at their first common address. */
static void report_shared(struct loader *l, struct use_list *uses)
{
    const struct document_node *last[2] = {NULL, NULL};
    char ip[IP6_TEXT];

    if (uses->count)
        qsort(uses->items, uses->count, sizeof *uses->items, compare);
    for (size_t i = 1; i < uses->count; i++) {
        const struct use *a = &uses->items[i - 1], *b = &uses->items[i];
        const struct document_node *x = a->nic->source, *y = b->nic->source;

        if (a->nic->net != b->nic->net || ip6_compare(a->address, b->address) != 0)
            continue;
        if (x != last[0] || y != last[1] || x == y)
            finding_error(l->d, at(b->nic), "address6-taken",
                          "give each node an address of its own, or leave it to virtopo",
                          "address %s of node '%s' is already the one of node '%s' in %s",
                          ip6_format(b->address, ip), b->node->name, a->node->name,
                          loader_line(l, at(b->nic), at(a->nic)));
        last[0] = x;
        last[1] = y;
    }
}

/* A subnet of fewer addresses than nodes want. */
static void check_room(struct loader *l, const struct network *net, uint64_t wanted,
                       const struct nic *first)
{
    const struct dhcp6_setting *dhcp = &net->dhcp6;
    uint64_t room, range = 0;
    char text[CIDR6_TEXT];

    if (!net->usable6 || net->subnet6.prefix < 96)
        return;
    /* all but the routers' and the gateway's */
    room = ((uint64_t)1 << (128 - net->subnet6.prefix)) - 2;
    if (dhcp->has_range && ip6_compare(dhcp->first, dhcp->last) <= 0)
        range = ip6_low(dhcp->last) - ip6_low(dhcp->first) + 1;
    room = room > range ? room - range : 0;
    if (wanted > room)
        finding_error(l->d, first->source->position, "subnet6-full",
                      range ? "take a larger subnet6, or a smaller dhcp6 range"
                            : "take a larger subnet6",
                      "network '%s' (%s) has %llu IPv6 addresses for %llu nodes", net->name,
                      cidr6_format(net->subnet6, text), (unsigned long long)room,
                      (unsigned long long)wanted);
}

static void check_nic(struct loader *l, const struct group *group, size_t index,
                      struct use_list *uses)
{
    const struct nic *nic = (const struct nic *)group->base.nics.items + index;

    if (!nic->net || !document_get(nic->source, "ip6") || !has_subnet(l, nic))
        return;
    if (nic->ip6_from == NIC_IP6_DHCP)
        check_dynamic(l, nic);
    else if (nic->ip6_from == NIC_IP6_AUTO)
        check_auto(l, nic);
    else if (nic->ip6_explicit && check_run(l, group, nic))
        add_uses(uses, group, index);
}

void check_addresses6(struct loader *l)
{
    const struct network *networks = l->cluster->networks.items;
    size_t count = l->cluster->networks.count;
    auto_free uint64_t *wanted = xcalloc(count, sizeof *wanted);
    auto_free const struct nic **first = xcalloc(count, sizeof *first);
    struct use_list uses = {0};

    for (size_t i = 0; i < l->group_count; i++)
        for (size_t n = 0; n < l->groups[i].base.nics.count; n++) {
            const struct nic *nic = (const struct nic *)l->groups[i].base.nics.items + n;

            check_nic(l, &l->groups[i], n, &uses);
            if (!nic->net || nic->ip6_from != NIC_IP6_STATIC || !network_mode(nic->net)->serves)
                continue;
            wanted[nic->net - networks] += l->groups[i].size;
            if (!first[nic->net - networks])
                first[nic->net - networks] = nic;
        }
    report_shared(l, &uses);
    free(uses.items);
    for (size_t i = 0; i < count; i++) {
        if (wanted[i])
            check_room(l, &networks[i], wanted[i], first[i]);
    }
}
