/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of bridges that virtopo makes. */
#include <string.h>

#include "config/network/network_check.h"
#include "util/ip6.h"

/* The least that the kernel takes with the spanning tree protocol. */
#define STP_DELAY_MS 2000

/* A bridge that somebody else made is not changed. */
static void check_foreign_keys(struct loader *l, const struct network *network)
{
    static const char *const keys[] = {"stp",  "forward_delay", "autostart",
                                       "vlan", "confirm",       "persist"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct document_node *value = document_get(network->source, keys[i]);

        if (value)
            finding_error(l->d, value->key_position, "network-mode",
                          "add 'uplink: eth1', 'address' or 'create: true', and virtopo makes "
                          "the bridge",
                          "'%s' is not for a bridge that is there: it is used, never changed",
                          keys[i]);
    }
}

static void check_without_uplink(struct loader *l, const struct network *network)
{
    static const char *const keys[] = {"vlan", "confirm"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct document_node *value = document_get(network->source, keys[i]);

        if (value && !network->uplink)
            finding_error(l->d, value->key_position, "uplink-missing",
                          "add the device that leads outside: 'uplink: eth1'",
                          "'%s' needs an 'uplink'", keys[i]);
    }
}

static void check_stp(struct loader *l, const struct network *network)
{
    const struct document_node *delay = document_get(network->source, "forward_delay");

    if (network->stp && delay && network->forward_delay < STP_DELAY_MS)
        finding_error(l->d, delay->position, "bridge-stp", "write 2s or more, or leave it out",
                      "forward_delay %s is too short for stp: the kernel wants at least 2s",
                      delay->text);
}

static void check_address(struct loader *l, const struct network *network)
{
    const struct document_node *value = document_get(network->source, "address");
    struct cidr own = network->address;
    char text[CIDR_TEXT], net[CIDR_TEXT];

    if (!value || !own.prefix)
        return;
    cidr_format(own, text);
    if (own.prefix < 31 &&
        (own.address == cidr_network(own) || own.address == cidr_broadcast(own)))
        finding_error(
            l->d, value->position, "bridge-address",
            arena_printf(l->arena, "write an address in it, such as %s",
                         cidr_format((struct cidr){cidr_first_host(own), own.prefix}, net)),
            "address %s is the %s address of its subnet", text,
            own.address == cidr_network(own) ? "network" : "broadcast");
    else if (network->usable && !cidr_contains(network->subnet, own.address))
        finding_error(l->d, value->position, "bridge-address",
                      "take one of the subnet, or leave out one of them",
                      "address %s is outside of subnet %s", text,
                      cidr_format(network->subnet, net));
    else if (network->usable && network->subnet.prefix != own.prefix)
        finding_error(
            l->d, value->position, "bridge-address",
            arena_printf(l->arena, "write the subnet's prefix, /%u", network->subnet.prefix),
            "address %s has another prefix than subnet %s", text,
            cidr_format(network->subnet, net));
}

static void check_address6(struct loader *l, struct network *network)
{
    const struct document_node *value = document_get(network->source, "address6");
    auto_error struct error *reason = NULL;
    struct cidr6 own;
    char text[CIDR6_TEXT];

    if (!value || !network->address6)
        return;
    if (cidr6_parse(network->address6, &own, &reason) < 0) {
        finding_error(l->d, value->position, "bridge-address",
                      "an address with its prefix, such as fd00:50::1/64", "%s",
                      reason->message);
        return;
    }
    if (own.prefix == 0 ||
        (own.prefix < 127 && ip6_compare(own.address, cidr6_network(own)) == 0))
        finding_error(l->d, value->position, "bridge-address",
                      "write an address in it, such as fd00:50::1/64",
                      "address6 %s is the network address of its subnet", value->text);
    else if (own.address.bytes[0] == 0xff ||
             (own.address.bytes[0] == 0xfe && (own.address.bytes[1] & 0xc0) == 0x80))
        finding_error(l->d, value->position, "bridge-address",
                      "take a unique local one, such as fd00:50::1/64, or a global one",
                      "address6 %s is %s", value->text,
                      own.address.bytes[0] == 0xff ? "for multicast"
                                                   : "link-local: the kernel gives those");
    network->address6 = arena_strdup(l->arena, cidr6_format(own, text));
}

/* Other networks whose subnet the host's address is in. */
static void check_overlap(struct loader *l, const struct network *network)
{
    char own[CIDR_TEXT], other[CIDR_TEXT];

    if (!network->address.prefix)
        return;
    list_each(struct network, l->cluster->networks, n)
    {
        if (n == network || !n->usable || !cidr_overlaps(n->subnet, network->address))
            continue;
        finding_error(l->d, loader_position(network->source, "address"), "subnet-overlap",
                      "give each network addresses of its own",
                      "address %s is in the subnet %s of network '%s'",
                      cidr_format(network->address, own), cidr_format(n->subnet, other),
                      n->name);
        return;
    }
}

/* Who else has the device. Two VLANs of it are two ports. */
static void check_uplink(struct loader *l, struct names *ports, struct network *network)
{
    struct position at = loader_position(network->source, "uplink");
    const char *port;
    struct network *before;

    check_device_name(l, at, "device", network->uplink, "`ip link` shows those of the host");
    if (!network->uplink)
        return;
    port = arena_printf(l->arena, "%s %lld", network->uplink, network->vlan.tag);
    before = names_add(ports, port, network);
    if (before)
        finding_error(l->d, at, "uplink-taken",
                      network->vlan.tag ? "give each a VLAN of its own"
                                        : "give each a device, or a 'vlan', of its own",
                      "uplink %s%s is already the one of network '%s' in %s", network->uplink,
                      network->vlan.tag
                          ? arena_printf(l->arena, " with vlan %lld", network->vlan.tag)
                          : "",
                      before->name, loader_line(l, at, before->source->key_position));
}

/* What the device is to others of the file. */
static void check_uplink_use(struct loader *l, const struct network *network)
{
    struct position at = loader_position(network->source, "uplink");

    if (!network->uplink)
        return;
    list_each(struct network, l->cluster->networks, n)
    {
        if (n->bridge && strcmp(n->bridge, network->uplink) == 0)
            finding_error(l->d, at, "uplink-taken",
                          "name the device that leads outside: `ip link` shows those of the "
                          "host",
                          "uplink %s is the bridge of network '%s'", network->uplink, n->name);
        else if (!network->vlan.tag && n->dev && strcmp(n->dev, network->uplink) == 0)
            finding_error(l->d, at, "uplink-taken",
                          "a device is in a bridge or has macvtaps, not both: take mode bridge "
                          "for both networks",
                          "uplink %s is the device of network '%s', of mode %s",
                          network->uplink, n->name, network_mode_words[n->mode]);
        else if (!network->vlan.tag && n->forward_dev &&
                 strcmp(n->forward_dev, network->uplink) == 0)
            finding_error(l->d, loader_position(n->source, "forward_dev"), "uplink-taken",
                          network->bridge ? arena_printf(l->arena, "write 'forward_dev: %s'",
                                                         network->bridge)
                                          : "name the other network's bridge there",
                          "%s becomes a port of the bridge of network '%s', and packets leave "
                          "through that bridge",
                          n->forward_dev, network->name);
    }
}

void check_own_bridges(struct loader *l)
{
    auto_names struct names ports = {0};

    list_each(struct network, l->cluster->networks, network)
    {
        if (network->mode != NETWORK_BRIDGE)
            continue;
        if (!network_is_own_bridge(network)) {
            check_foreign_keys(l, network);
            continue;
        }
        check_without_uplink(l, network);
        check_stp(l, network);
        check_address(l, network);
        check_address6(l, network);
        check_overlap(l, network);
        check_uplink(l, &ports, network);
        check_uplink_use(l, network);
    }
}
