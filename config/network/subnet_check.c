/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of subnets: gateways, ranges, what overlaps. */
#include <stdlib.h>
#include <string.h>

#include "config/network/network_check.h"

#define SHORTEST_PREFIX 8
#define LONGEST_PREFIX 30

struct block {
    uint32_t address;
    unsigned prefix;
    const char *what;
};

static const struct block forbidden[] = {
    {0x00000000, 8, "means \"this network\""},
    {0x7f000000, 8, "is the loopback's"},
    {0xa9fe0000, 16, "is for link-local addresses"},
    {0xe0000000, 4, "is for multicast"},
    {0xf0000000, 4, "is reserved"},
};

static const struct block private_blocks[] = {
    {0x0a000000, 8, NULL},  {0xac100000, 12, NULL}, {0xc0a80000, 16, NULL},
    {0x64400000, 10, NULL}, {0xc6120000, 15, NULL}, {0xc0000200, 24, NULL},
    {0xc6336400, 24, NULL}, {0xcb007100, 24, NULL},
};

static struct cidr block_cidr(const struct block *block)
{
    return (struct cidr){.address = block->address, .prefix = block->prefix};
}

static void check_block(struct loader *l, struct network *network, struct position at)
{
    char text[CIDR_TEXT];

    for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
        if (!cidr_overlaps(network->subnet, block_cidr(&forbidden[i])))
            continue;
        finding_error(l->d, at, "subnet-reserved", "take a private one, such as 10.20.0.0/24",
                      "subnet %s cannot be used: %s %s", cidr_format(network->subnet, text),
                      cidr_format(block_cidr(&forbidden[i]), (char[CIDR_TEXT]){0}),
                      forbidden[i].what);
        network->usable = false;
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(private_blocks); i++) {
        if (private_blocks[i].prefix <= network->subnet.prefix &&
            cidr_contains(block_cidr(&private_blocks[i]), network->subnet.address))
            return;
    }
    if (!network_mode(network)->serves)
        return;
    finding_warning(l->d, at, "subnet-public",
                    "take a private one: from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
                    "subnet %s is not private: the host cannot reach the real machines there "
                    "while the network is up",
                    cidr_format(network->subnet, text));
}

static void check_subnet(struct loader *l, struct network *network)
{
    struct cidr base = {.address = cidr_network(network->subnet),
                        .prefix = network->subnet.prefix};
    const struct document_node *value = document_get(network->source, "subnet");
    char text[CIDR_TEXT], better[CIDR_TEXT];
    struct cidr given;

    /* What could not be read has been reported. */
    if (!value || value->kind != DOCUMENT_SCALAR || cidr_parse(value->text, &given, NULL) < 0)
        return;
    if (base.prefix > LONGEST_PREFIX || base.prefix < SHORTEST_PREFIX) {
        finding_error(l->d, value->position, "subnet-size",
                      "the prefix must be /8 to /30; /24 has room for 253 nodes",
                      "subnet %s is too %s", value->text,
                      base.prefix > LONGEST_PREFIX ? "small for a gateway and a node"
                                                   : "large");
        return;
    }
    network->usable = true;
    check_block(l, network, value->position);
    if (base.address != network->subnet.address)
        finding_error(l->d, value->position, "subnet-host-bits",
                      arena_printf(l->arena, "write %s", cidr_format(base, better)),
                      "subnet %s has host bits set: it is an address in %s",
                      cidr_format(network->subnet, text), better);
    if (!document_get(network->source, "gateway") && network_mode(network)->serves)
        network->gateway = cidr_first_host(base);
    network->subnet = base;
}

static bool is_host_address(struct cidr subnet, uint32_t address)
{
    return address >= cidr_first_host(subnet) && address <= cidr_last_host(subnet);
}

const char *loader_room(struct loader *l, const struct network *network)
{
    uint32_t first = cidr_first_host(network->subnet), last = cidr_last_host(network->subnet);
    uint32_t gateway = network->gateway;
    char from[IP4_TEXT], to[IP4_TEXT], own[IP4_TEXT];
    bool is_between = gateway > first && gateway < last;

    first += gateway == first;
    last -= gateway == last;
    if (first == last)
        return arena_strdup(l->arena, ip4_format(first, from));
    return arena_printf(l->arena, "%s to %s%s%s", ip4_format(first, from), ip4_format(last, to),
                        is_between ? ", but not the gateway's " : "",
                        is_between ? ip4_format(gateway, own) : "");
}

static void check_gateway(struct loader *l, const struct network *network)
{
    struct position at = loader_position(network->source, "gateway");
    char gateway[IP4_TEXT], first[IP4_TEXT], last[IP4_TEXT], subnet[CIDR_TEXT];

    if (!network->gateway || is_host_address(network->subnet, network->gateway))
        return;
    ip4_format(network->gateway, gateway);
    cidr_format(network->subnet, subnet);
    finding_error(l->d, at, "gateway-subnet",
                  arena_printf(l->arena, "it must be from %s to %s",
                               ip4_format(cidr_first_host(network->subnet), first),
                               ip4_format(cidr_last_host(network->subnet), last)),
                  cidr_contains(network->subnet, network->gateway)
                      ? "gateway %s is the network or broadcast address of %s"
                      : "gateway %s is outside of subnet %s",
                  gateway, subnet);
}

static void check_range_end(struct loader *l, const struct network *network, size_t i,
                            uint32_t address)
{
    const struct document_node *dhcp = document_get(network->source, "dhcp");
    char text[IP4_TEXT], subnet[CIDR_TEXT];

    if (is_host_address(network->subnet, address))
        return;
    finding_error(l->d, dhcp->items[i]->position, "dhcp-range",
                  arena_printf(l->arena, "nodes can have %s", loader_room(l, network)),
                  "the dhcp range's %s address %s is outside of what subnet %s has for nodes",
                  i ? "last" : "first", ip4_format(address, text),
                  cidr_format(network->subnet, subnet));
}

static void check_range(struct loader *l, const struct network *network)
{
    const struct document_node *value = document_get(network->source, "dhcp");
    const struct dhcp_setting *dhcp = &network->dhcp;
    char first[IP4_TEXT], last[IP4_TEXT];

    if (!dhcp->has_range)
        return;
    ip4_format(dhcp->first, first);
    ip4_format(dhcp->last, last);
    check_range_end(l, network, 0, dhcp->first);
    check_range_end(l, network, 1, dhcp->last);
    if (dhcp->first > dhcp->last)
        finding_error(l->d, value->position, "dhcp-range",
                      arena_printf(l->arena, "write [%s, %s]", last, first),
                      "the dhcp range's first address %s comes after its last, %s", first,
                      last);
    else if (network->gateway >= dhcp->first && network->gateway <= dhcp->last)
        finding_error(l->d, value->position, "dhcp-range",
                      "let the range start behind it, or set another gateway",
                      "the dhcp range contains the gateway's address %s",
                      ip4_format(network->gateway, (char[IP4_TEXT]){0}));
}

static int compare(const void *a, const void *b)
{
    const struct network *x = *(struct network *const *)a, *y = *(struct network *const *)b;

    if (x->subnet.address != y->subnet.address)
        return x->subnet.address < y->subnet.address ? -1 : 1;
    if (x->subnet.prefix != y->subnet.prefix)
        return x->subnet.prefix < y->subnet.prefix ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Sorted by address, a subnet overlaps one before it exactly when it starts within the one
 * that reaches furthest. */
void check_network_overlaps(struct loader *l)
{
    size_t count = 0;
    auto_free struct network **sorted = xcalloc(l->cluster->networks.count + 1, sizeof *sorted);
    struct network *widest = NULL;

    list_each(struct network, l->cluster->networks, network)
    {
        if (network->usable)
            sorted[count++] = network;
    }
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = 0; i < count; i++) {
        bool overlaps = widest && cidr_overlaps(widest->subnet, sorted[i]->subnet);
        struct network *later, *earlier;
        char own[CIDR_TEXT], other[CIDR_TEXT];

        /* several ways into one LAN */
        if (overlaps && !(network_is_foreign(widest) && network_is_foreign(sorted[i]))) {
            later = widest > sorted[i] ? widest : sorted[i];
            earlier = widest > sorted[i] ? sorted[i] : widest;
            finding_error(l->d, loader_position(later->source, "subnet"), "subnet-overlap",
                          "give each network addresses of its own",
                          "subnet %s overlaps %s of network '%s' in %s",
                          cidr_format(later->subnet, own), cidr_format(earlier->subnet, other),
                          earlier->name,
                          loader_line(l, loader_position(later->source, "subnet"),
                                      loader_position(earlier->source, "subnet")));
        }
        if (!widest || cidr_broadcast(sorted[i]->subnet) > cidr_broadcast(widest->subnet))
            widest = sorted[i];
    }
}

void check_network_subnet(struct loader *l, struct network *network)
{
    if (!document_get(network->source, "subnet"))
        finding_error(l->d,
                      network->source->key ? network->source->key_position
                                           : network->source->position,
                      "required", "add 'subnet: 10.20.0.0/24'", "network '%s' has no 'subnet'",
                      network->name);
    check_subnet(l, network);
    if (network->usable) {
        check_gateway(l, network);
        check_range(l, network);
    }
}

void check_network_lan(struct loader *l, struct network *network)
{
    const struct document_node *gateway = document_get(network->source, "gateway");

    if (document_get(network->source, "subnet")) {
        check_subnet(l, network);
        if (network->usable)
            check_gateway(l, network);
    } else if (gateway) {
        finding_error(l->d, gateway->key_position, "gateway-subnet",
                      "add the LAN's 'subnet', or leave both to its DHCP server",
                      "'gateway' needs a 'subnet'");
    }
}
