/* SPDX-License-Identifier: Apache-2.0 */
#include "network/address_plan6.h"

#include <stdlib.h>
#include <string.h>

/* Addresses of one network, ascending. */
struct ip6_set {
    struct ip6 *items;
    size_t count;
};

static int compare_ip6(const void *a, const void *b)
{
    return ip6_compare(*(const struct ip6 *)a, *(const struct ip6 *)b);
}

static bool has(const struct ip6_set *set, struct ip6 address)
{
    return set->count && bsearch(&address, set->items, set->count, sizeof address, compare_ip6);
}

/* Mostly at the end: nodes are given ascending addresses. */
static void add(struct ip6_set *set, struct ip6 address)
{
    size_t place = set->count;

    while (place > 0 && ip6_compare(set->items[place - 1], address) > 0)
        place--;
    vector_push(set->items, set->count, address);
    memmove(set->items + place + 1, set->items + place,
            (set->count - 1 - place) * sizeof *set->items);
    set->items[place] = address;
}

static bool is_usable(const struct network *net, struct ip6 address)
{
    const struct dhcp6_setting *dhcp = &net->dhcp6;
    bool in_range = dhcp->has_range && ip6_compare(address, dhcp->first) >= 0 &&
                    ip6_compare(address, dhcp->last) <= 0;

    return network_has_host6(net, address) && ip6_compare(address, net->gateway6) != 0 &&
           !in_range;
}

static bool wants_address(const struct nic *nic, const struct network *net)
{
    /* nobody but the file knows which addresses are free on somebody else's LAN */
    return nic->net == net && nic->ip6_from == NIC_IP6_STATIC &&
           (network_mode(net)->serves || nic->ip6_explicit);
}

static int compare_record(const void *a, const void *b)
{
    const struct address_record *x = *(const struct address_record *const *)a;
    const struct address_record *y = *(const struct address_record *const *)b;
    int order = strcmp(x->node, y->node);

    if (order == 0)
        order = strcmp(x->network, y->network);
    return order ? order : x < y ? -1 : x > y;
}

/* One network's work. */
struct plan6 {
    struct cluster *cluster;
    const struct network *net;
    const struct address_record **records; /* by node and network, then as they came */
    size_t record_count;
    struct ip6_set taken;
    struct ip6_set recorded; /* also of nodes that are not in the file any more */
};

static bool is_of(const struct plan6 *p, size_t i, const struct node *node)
{
    return i < p->record_count && strcmp(p->records[i]->node, node->name) == 0 &&
           strcmp(p->records[i]->network, p->net->name) == 0;
}

/* The first record of a node on the network, or where it would be. */
static size_t find_records(const struct plan6 *p, const struct node *node)
{
    size_t low = 0, high = p->record_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(p->records[middle]->node, node->name);

        if (order == 0)
            order = strcmp(p->records[middle]->network, p->net->name);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void give(struct plan6 *p, struct nic *nic, struct ip6 address)
{
    nic->ip6 = address;
    add(&p->taken, address);
}

static void apply_records(struct plan6 *p, struct node *node)
{
    size_t next = find_records(p, node);

    list_each(struct nic, node->nics, nic)
    {
        if (!wants_address(nic, p->net) || ip6_is_set(nic->ip6))
            continue;
        while (is_of(p, next, node) && (!is_usable(p->net, p->records[next]->ip6) ||
                                        has(&p->taken, p->records[next]->ip6)))
            next++;
        if (!is_of(p, next, node))
            return;
        give(p, nic, p->records[next++]->ip6);
    }
}

/* The digits of the IPv4 address's host part, an octet a group. */
static struct ip6 alike(const struct network *net, uint32_t ip)
{
    unsigned octets = (32 - net->subnet.prefix + 7) / 8;
    uint64_t low = 0;

    for (unsigned i = octets; i-- > 0;) {
        unsigned octet = ip >> (8 * i) & 0xff;

        low = low << 16 | octet / 100 << 8 | octet / 10 % 10 << 4 | octet % 10;
    }
    return ip6_add(net->subnet6.address, low);
}

static void apply_alike(struct plan6 *p, struct node *node)
{
    list_each(struct nic, node->nics, nic)
    {
        struct ip6 wish;

        if (!wants_address(nic, p->net) || ip6_is_set(nic->ip6) || !nic->ip || nic->dynamic)
            continue;
        wish = alike(p->net, nic->ip);
        if (is_usable(p->net, wish) && !has(&p->taken, wish))
            give(p, nic, wish);
    }
}

/* False at the end of the subnet. */
static bool next_free(const struct plan6 *p, const struct ip6_set *avoided, struct ip6 *next)
{
    const struct dhcp6_setting *dhcp = &p->net->dhcp6;
    struct ip6 last = cidr6_last(p->net->subnet6);

    for (;;) {
        if (ip6_compare(*next, last) > 0)
            return false;
        if (dhcp->has_range && ip6_compare(*next, dhcp->first) >= 0 &&
            ip6_compare(*next, dhcp->last) <= 0)
            *next = dhcp->last;
        else if (is_usable(p->net, *next) && !has(&p->taken, *next) &&
                 !(avoided && has(avoided, *next)))
            return true;
        if (ip6_compare(*next, last) == 0)
            return false;
        *next = ip6_add(*next, 1);
    }
}

static int fill(struct plan6 *p, struct error **err)
{
    struct ip6 next = cidr6_first_host(p->net->subnet6);
    const struct ip6_set *avoided = &p->recorded;
    char text[CIDR6_TEXT];

    for (size_t i = 0; i < p->cluster->node_count; i++)
        list_each(struct nic, p->cluster->nodes[i].nics, nic)
        {
            if (!wants_address(nic, p->net) || ip6_is_set(nic->ip6))
                continue;
            if (!next_free(p, avoided, &next)) {
                avoided = NULL;
                next = cidr6_first_host(p->net->subnet6);
                if (!next_free(p, avoided, &next)) {
                    error_set(err, ERROR_CONFIG,
                              "network '%s' (%s) has no IPv6 address left for node '%s'",
                              p->net->name, cidr6_format(p->net->subnet6, text),
                              p->cluster->nodes[i].name);
                    return error_hint(err, "give network '%s' a larger subnet6", p->net->name);
                }
            }
            give(p, nic, next);
        }
    return 0;
}

static void collect(struct plan6 *p)
{
    const struct cluster *cluster = p->cluster;

    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            if (wants_address(nic, p->net) && ip6_is_set(nic->ip6))
                vector_push(p->taken.items, p->taken.count, nic->ip6);
        }
    for (size_t i = 0; i < cluster->orphan_count; i++)
        list_each(struct nic, cluster->orphans[i].nics, nic)
        {
            if (nic->net == p->net && ip6_is_set(nic->ip6))
                vector_push(p->taken.items, p->taken.count, nic->ip6);
        }
    for (size_t i = 0; i < p->record_count; i++) {
        if (strcmp(p->records[i]->network, p->net->name) == 0)
            vector_push(p->recorded.items, p->recorded.count, p->records[i]->ip6);
    }
    if (p->taken.count)
        qsort(p->taken.items, p->taken.count, sizeof *p->taken.items, compare_ip6);
    if (p->recorded.count)
        qsort(p->recorded.items, p->recorded.count, sizeof *p->recorded.items, compare_ip6);
}

static int plan_network(struct plan6 *p, struct error **err)
{
    int outcome;

    collect(p);
    for (size_t i = 0; p->record_count && i < p->cluster->node_count; i++)
        apply_records(p, &p->cluster->nodes[i]);
    for (size_t i = 0; i < p->cluster->node_count; i++)
        apply_alike(p, &p->cluster->nodes[i]);
    outcome = fill(p, err);
    free(p->taken.items);
    free(p->recorded.items);
    return outcome;
}

int address_plan6(struct cluster *cluster, const struct address_record *records, size_t count,
                  struct error **err)
{
    auto_free const struct address_record **sorted = xcalloc(count + 1, sizeof *sorted);
    size_t sorted_count = 0;

    for (size_t i = 0; i < count; i++) {
        if (ip6_is_set(records[i].ip6))
            sorted[sorted_count++] = &records[i];
    }
    qsort(sorted, sorted_count, sizeof *sorted, compare_record);
    list_each(const struct network, cluster->networks, net)
    {
        struct plan6 p = {
            .cluster = cluster, .net = net, .records = sorted, .record_count = sorted_count};

        if (net->subnet6.prefix && plan_network(&p, err) < 0)
            return -1;
    }
    return 0;
}
