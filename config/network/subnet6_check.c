/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of networks: subnet6, gateway6, the range of dhcp6. */
#include "config/network/network_check.h"

#include <stdlib.h>
#include <string.h>

#define SHORTEST_PREFIX 48
#define LONGEST_PREFIX 126

struct block {
    const char *subnet, *what;
};

static const struct block forbidden[] = {
    {"::/8", "is reserved: unspecified, loopback and mapped IPv4 addresses"},
    {"fe80::/10", "is for link-local addresses"},
    {"fec0::/10", "was for site-local addresses and is not used any more"},
    {"ff00::/8", "is for multicast"},
};

/* Unique local addresses, and those for documents. */
static const char *const private_blocks[] = {"fc00::/7", "2001:db8::/32", "3fff::/20"};

static struct cidr6 block_cidr(const char *text)
{
    struct cidr6 cidr = {0};

    /* the texts are those above */
    (void)!cidr6_parse(text, &cidr, NULL);
    return cidr;
}

static void check_block(struct loader *l, struct network *network, struct position at)
{
    char text[CIDR6_TEXT];

    for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
        if (!cidr6_overlaps(network->subnet6, block_cidr(forbidden[i].subnet)))
            continue;
        finding_error(l->d, at, "subnet6-reserved",
                      "take a unique local one, such as fd00:21::/64",
                      "subnet6 %s cannot be used: %s %s", cidr6_format(network->subnet6, text),
                      forbidden[i].subnet, forbidden[i].what);
        network->usable6 = false;
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(private_blocks); i++) {
        struct cidr6 block = block_cidr(private_blocks[i]);

        if (block.prefix <= network->subnet6.prefix &&
            cidr6_contains(block, network->subnet6.address))
            return;
    }
    /* on somebody else's network they are what is routed there */
    if (network_mode(network)->serves)
        finding_warning(l->d, at, "subnet6-public", "take a unique local one: from fd00::/8",
                        "subnet6 %s is not a unique local one: the host cannot reach the real "
                        "machines there while the network is up",
                        cidr6_format(network->subnet6, text));
}

/* False after a finding. */
static bool check_size(struct loader *l, const struct network *network,
                       const struct document_node *value)
{
    unsigned prefix = network->subnet6.prefix;
    struct cidr6 better = {network->subnet6.address, 64};
    char text[CIDR6_TEXT];

    better.address = cidr6_network(better);
    if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) {
        finding_error(l->d, value->position, "subnet6-size",
                      "the prefix must be /48 to /126; with /64 all guests can do",
                      "subnet6 %s is too %s", value->text,
                      prefix > LONGEST_PREFIX ? "small for a gateway and a node" : "large");
        return false;
    }
    if (prefix < 64 && network_mode(network)->serves && network->dhcp6.enabled) {
        finding_error(l->d, value->position, "subnet6-size",
                      arena_printf(l->arena, "write \"%s\", or 'dhcp6: false'",
                                   cidr6_format(better, text)),
                      "DHCPv6 needs a prefix of /64 or longer, and subnet6 is %s", value->text);
        return false;
    }
    return true;
}

static void check_subnet6(struct loader *l, struct network *network)
{
    struct cidr6 base = {cidr6_network(network->subnet6), network->subnet6.prefix};
    const struct document_node *value = document_get(network->source, "subnet6");
    char text[CIDR6_TEXT], better[CIDR6_TEXT];
    struct cidr6 given;

    /* What could not be read has been reported. */
    if (!value || value->kind != DOCUMENT_SCALAR || cidr6_parse(value->text, &given, NULL) < 0)
        return;
    if (!check_size(l, network, value))
        return;
    network->usable6 = true;
    check_block(l, network, value->position);
    if (ip6_compare(base.address, network->subnet6.address) != 0)
        finding_error(l->d, value->position, "subnet6-host-bits",
                      arena_printf(l->arena, "write \"%s\"", cidr6_format(base, better)),
                      "subnet6 %s has host bits set: it is an address in %s",
                      cidr6_format(network->subnet6, text), better);
    if (!document_get(network->source, "gateway6") && network_mode(network)->serves)
        network->gateway6 = cidr6_first_host(base);
    network->subnet6 = base;
}

bool network_has_host6(const struct network *network, struct ip6 address)
{
    return cidr6_contains(network->subnet6, address) &&
           ip6_compare(address, cidr6_first_host(network->subnet6)) >= 0;
}

const char *loader_room6(struct loader *l, const struct network *network)
{
    struct ip6 first = cidr6_first_host(network->subnet6), last = cidr6_last(network->subnet6);
    char from[IP6_TEXT], to[IP6_TEXT];

    if (ip6_compare(first, network->gateway6) == 0)
        first = ip6_add(first, 1);
    return arena_printf(l->arena, "%s to %s", ip6_format(first, from), ip6_format(last, to));
}

static void check_gateway6(struct loader *l, const struct network *network)
{
    char gateway[IP6_TEXT], first[IP6_TEXT], last[IP6_TEXT], subnet[CIDR6_TEXT];

    if (!ip6_is_set(network->gateway6) || network_has_host6(network, network->gateway6))
        return;
    finding_error(l->d, loader_position(network->source, "gateway6"), "gateway6-subnet",
                  arena_printf(l->arena, "it must be from %s to %s",
                               ip6_format(cidr6_first_host(network->subnet6), first),
                               ip6_format(cidr6_last(network->subnet6), last)),
                  cidr6_contains(network->subnet6, network->gateway6)
                      ? "gateway6 %s means any router of %s"
                      : "gateway6 %s is outside of subnet6 %s",
                  ip6_format(network->gateway6, gateway),
                  cidr6_format(network->subnet6, subnet));
}

static void check_range_end(struct loader *l, const struct network *network, size_t i,
                            struct ip6 address)
{
    const struct document_node *dhcp = document_get(network->source, "dhcp6");
    char text[IP6_TEXT], subnet[CIDR6_TEXT];

    if (network_has_host6(network, address))
        return;
    finding_error(l->d, dhcp->items[i]->position, "dhcp6-range",
                  arena_printf(l->arena, "nodes can have %s", loader_room6(l, network)),
                  "the dhcp6 range's %s address %s is outside of what subnet6 %s has for nodes",
                  i ? "last" : "first", ip6_format(address, text),
                  cidr6_format(network->subnet6, subnet));
}

static void check_range6(struct loader *l, const struct network *network)
{
    const struct document_node *value = document_get(network->source, "dhcp6");
    const struct dhcp6_setting *dhcp = &network->dhcp6;
    char first[IP6_TEXT], last[IP6_TEXT], gateway[IP6_TEXT];

    if (!dhcp->has_range)
        return;
    ip6_format(dhcp->first, first);
    ip6_format(dhcp->last, last);
    check_range_end(l, network, 0, dhcp->first);
    check_range_end(l, network, 1, dhcp->last);
    if (ip6_compare(dhcp->first, dhcp->last) > 0)
        finding_error(l->d, value->position, "dhcp6-range",
                      arena_printf(l->arena, "write [\"%s\", \"%s\"]", last, first),
                      "the dhcp6 range's first address %s comes after its last, %s", first,
                      last);
    else if (ip6_compare(network->gateway6, dhcp->first) >= 0 &&
             ip6_compare(network->gateway6, dhcp->last) <= 0)
        finding_error(l->d, value->position, "dhcp6-range",
                      "let the range start behind it, or set another gateway6",
                      "the dhcp6 range contains the gateway's address %s",
                      ip6_format(network->gateway6, gateway));
}

/* RFC 8200, 5: the kernel switches IPv6 off on a device whose packets are smaller. */
#define SMALLEST_MTU 1280

static void check_mtu(struct loader *l, const struct network *network)
{
    if (network->mtu && network->mtu < SMALLEST_MTU)
        finding_error(l->d, loader_position(network->source, "mtu"), "subnet6-mtu",
                      "raise it, or leave 'subnet6' out",
                      "mtu %lld of network '%s' is too small: IPv6 needs %d", network->mtu,
                      network->name, SMALLEST_MTU);
}

void check_network_subnet6(struct loader *l, struct network *network)
{
    check_unfit(l, &network_schema, network->source, "gateway6 dhcp6",
                document_get(network->source, "subnet6") != NULL);
    if (!network_mode(network)->serves)
        network->dhcp6 = (struct dhcp6_setting){0};
    check_subnet6(l, network);
    if (!network->usable6)
        return;
    check_gateway6(l, network);
    check_range6(l, network);
    check_mtu(l, network);
}

static int compare(const void *a, const void *b)
{
    const struct network *x = *(struct network *const *)a, *y = *(struct network *const *)b;
    int order = ip6_compare(x->subnet6.address, y->subnet6.address);

    if (order)
        return order;
    if (x->subnet6.prefix != y->subnet6.prefix)
        return x->subnet6.prefix < y->subnet6.prefix ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void report_overlap(struct loader *l, const struct network *a, const struct network *b)
{
    const struct network *later = a > b ? a : b, *earlier = a > b ? b : a;
    struct position at = loader_position(later->source, "subnet6");
    char own[CIDR6_TEXT], other[CIDR6_TEXT];

    finding_error(l->d, at, "subnet6-overlap", "give each network addresses of its own",
                  "subnet6 %s overlaps %s of network '%s' in %s",
                  cidr6_format(later->subnet6, own), cidr6_format(earlier->subnet6, other),
                  earlier->name,
                  loader_line(l, at, loader_position(earlier->source, "subnet6")));
}

/* Sorted by address, a subnet overlaps one before it exactly when it starts within the one
 * that reaches furthest. */
void check_network_overlaps6(struct loader *l)
{
    size_t count = 0;
    auto_free struct network **sorted = xcalloc(l->cluster->networks.count + 1, sizeof *sorted);
    struct network *widest = NULL;

    list_each(struct network, l->cluster->networks, network)
    {
        if (network->usable6)
            sorted[count++] = network;
    }
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = 0; i < count; i++) {
        if (widest && cidr6_overlaps(widest->subnet6, sorted[i]->subnet6))
            report_overlap(l, widest, sorted[i]);
        if (!widest ||
            ip6_compare(cidr6_last(sorted[i]->subnet6), cidr6_last(widest->subnet6)) > 0)
            widest = sorted[i];
    }
}
