/* SPDX-License-Identifier: Apache-2.0 */
#include "network/address_plan.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/address_plan6.h"

/* The addresses of one network that are taken, ascending. */
struct taken {
    uint32_t *items;
    size_t count;
};

static int compare_ip(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static bool is_taken(const struct taken *t, uint32_t ip)
{
    return t->count && bsearch(&ip, t->items, t->count, sizeof ip, compare_ip);
}

static void sort_taken(struct taken *t)
{
    if (t->count)
        qsort(t->items, t->count, sizeof *t->items, compare_ip);
}

/* Mostly at the end: nodes are given ascending addresses. */
static void take(struct taken *t, uint32_t ip)
{
    size_t place = t->count;

    while (place > 0 && t->items[place - 1] > ip)
        place--;
    vector_push(t->items, t->count, ip);
    memmove(t->items + place + 1, t->items + place, (t->count - 1 - place) * sizeof *t->items);
    t->items[place] = ip;
}

static bool in_range(const struct network *net, uint32_t ip)
{
    return net->dhcp.has_range && ip >= net->dhcp.first && ip <= net->dhcp.last;
}

static bool is_usable(const struct network *net, uint32_t ip)
{
    return ip >= cidr_first_host(net->subnet) && ip <= cidr_last_host(net->subnet) &&
           ip != net->gateway && !in_range(net, ip);
}

static int compare_name(const void *a, const void *b)
{
    const struct address_record *x = *(const struct address_record *const *)a;
    const struct address_record *y = *(const struct address_record *const *)b;
    int order = strcmp(x->node, y->node);

    return order ? order : strcmp(x->network, y->network);
}

/* By node and network; several of one node on one network stay in their order. */
static int compare_record(const void *a, const void *b)
{
    const struct address_record *x = *(const struct address_record *const *)a;
    const struct address_record *y = *(const struct address_record *const *)b;
    int order = compare_name(a, b);

    return order ? order : x < y ? -1 : x > y;
}

struct records {
    const struct address_record **items; /* sorted */
    size_t count;
};

/* The first record of a node on a network, or the end. */
static size_t find_records(const struct records *records, const struct address_record *key)
{
    size_t low = 0, high = records->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_name(&records->items[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool wants_address(const struct nic *nic, const struct network *net)
{
    return nic->net == net && !nic->dynamic;
}

/* The node's NICs on the network that have no address get those of its records that are free,
 * in order. */
static void apply_node_records(struct node *node, const struct network *net,
                               const struct records *records, struct taken *taken)
{
    const struct address_record name = {.node = node->name, .network = net->name}, *key = &name;
    size_t next = find_records(records, key);

    list_each(struct nic, node->nics, nic)
    {
        if (!wants_address(nic, net) || nic->ip)
            continue;
        while (next < records->count && compare_name(&records->items[next], &key) == 0 &&
               (!is_usable(net, records->items[next]->ip) ||
                is_taken(taken, records->items[next]->ip)))
            next++;
        if (next == records->count || compare_name(&records->items[next], &key) != 0)
            return;
        nic->ip = records->items[next++]->ip;
        take(taken, nic->ip);
    }
}

static void collect(const struct cluster *cluster, const struct network *net,
                    struct taken *taken)
{
    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            if (wants_address(nic, net) && nic->ip)
                vector_push(taken->items, taken->count, nic->ip);
        }
    for (size_t i = 0; i < cluster->orphan_count; i++)
        list_each(struct nic, cluster->orphans[i].nics, nic)
        {
            if (nic->net == net)
                vector_push(taken->items, taken->count, nic->ip);
        }
    sort_taken(taken);
}

/* Those that nodes have which are not in the file any more, or left alone in this run: they are
 * given out only when there are no others. */
static void collect_recorded(const struct records *records, const struct network *net,
                             struct taken *recorded)
{
    for (size_t i = 0; i < records->count; i++) {
        if (records->items[i]->ip && strcmp(records->items[i]->network, net->name) == 0)
            vector_push(recorded->items, recorded->count, records->items[i]->ip);
    }
    sort_taken(recorded);
}

static uint32_t next_free(const struct network *net, const struct taken *taken,
                          const struct taken *avoided, uint32_t from)
{
    uint32_t last = cidr_last_host(net->subnet);

    while (from <= last && (!is_usable(net, from) || is_taken(taken, from) ||
                            (avoided && is_taken(avoided, from))))
        from++;
    return from;
}

static int fill(struct cluster *cluster, const struct network *net, struct taken *taken,
                const struct taken *avoided, struct error **err)
{
    uint32_t next = cidr_first_host(net->subnet);
    uint32_t last = cidr_last_host(net->subnet);
    char text[CIDR_TEXT];

    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            if (!wants_address(nic, net) || nic->ip)
                continue;
            next = next_free(net, taken, avoided, next);
            if (next > last && avoided) {
                avoided = NULL;
                next = next_free(net, taken, NULL, cidr_first_host(net->subnet));
            }
            if (next > last) {
                error_set(err, ERROR_CONFIG,
                          "network '%s' (%s) has no address left for node '%s'", net->name,
                          cidr_format(net->subnet, text), cluster->nodes[i].name);
                return error_hint(err,
                                  "give network '%s' a larger subnet, or a smaller dhcp range",
                                  net->name);
            }
            nic->ip = next++;
            take(taken, nic->ip);
        }
    return 0;
}

static void derive_macs(struct cluster *cluster, struct node *node)
{
    size_t position = 0;

    list_each(struct nic, node->nics, nic)
    {
        const struct nic *nics = node->nics.items;
        unsigned index = 0;

        for (size_t i = 0; i < position; i++)
            index += strcmp(nics[i].network, nic->network) == 0;
        if (!nic->mac_explicit)
            nic->mac = identity_mac(cluster->name, node->name, nic->network, index);
        position++;
    }
}

int address_plan(struct cluster *cluster, const struct address_record *records, size_t count,
                 struct error **err)
{
    struct records sorted = {0};
    int outcome = 0;

    for (size_t i = 0; i < count; i++)
        vector_push(sorted.items, sorted.count, &records[i]);
    if (count)
        qsort(sorted.items, count, sizeof *sorted.items, compare_record);
    for (size_t i = 0; i < cluster->node_count; i++)
        derive_macs(cluster, &cluster->nodes[i]);
    list_each(struct network, cluster->networks, net)
    {
        struct taken taken = {0}, recorded = {0};

        collect(cluster, net, &taken);
        collect_recorded(&sorted, net, &recorded);
        for (size_t i = 0; count && i < cluster->node_count; i++)
            apply_node_records(&cluster->nodes[i], net, &sorted, &taken);
        if (outcome == 0)
            outcome = fill(cluster, net, &taken, &recorded, err);
        free(taken.items);
        free(recorded.items);
    }
    free(sorted.items);
    return outcome ? outcome : address_plan6(cluster, records, count, err);
}
