/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/network_shape.h"

#include <stdlib.h>
#include <string.h>

#include "config/network/mode.h"
#include "templates/xmlreader.h"
#include "util/address.h"
#include "util/buffer.h"
#include "util/ip6.h"

#define DNSMASQ_URI "http://libvirt.org/schemas/network/dnsmasq/1.0"

static void append(struct buffer *out, const char *text)
{
    buffer_printf(out, "%s%s", out->length ? ", " : "", text);
}

static char *taken(struct buffer *out)
{
    return out->length ? buffer_take(out) : NULL;
}

/* In the file's word, where it has one; nat is libvirt's default. */
static char *read_mode(xmlNodePtr network)
{
    xmlNodePtr forward = xmlreader_child(network, "forward");
    auto_free char *mode = xmlreader_attribute(forward, "mode");

    return xstrdup_null(mode_of_forward(!forward ? NULL : mode ? mode : "nat"));
}

static char *read_forward_dev(xmlNodePtr network)
{
    return xmlreader_child_attribute(network, "forward", "dev");
}

static char *read_nat6(xmlNodePtr network)
{
    xmlNodePtr nat = xmlreader_child(xmlreader_child(network, "forward"), "nat");

    return xmlreader_is(nat, "ipv6", "yes") ? xstrdup("on") : NULL;
}

static char *read_bridge(xmlNodePtr network)
{
    return xmlreader_child_attribute(network, "bridge", "name");
}

static char *read_stp(xmlNodePtr network)
{
    xmlNodePtr bridge = xmlreader_child(network, "bridge");

    return bridge ? xstrdup(xmlreader_is(bridge, "stp", "off") ? "off" : "on") : NULL;
}

static char *read_delay(xmlNodePtr network)
{
    auto_free char *delay = xmlreader_child_attribute(network, "bridge", "delay");

    return xasprintf("%ss", delay ? delay : "0");
}

static char *read_mtu(xmlNodePtr network)
{
    return xmlreader_child_attribute(network, "mtu", "size");
}

static char *read_domain(xmlNodePtr network)
{
    return xmlreader_child_attribute(network, "domain", "name");
}

static char *read_dns(xmlNodePtr network)
{
    return xstrdup(xmlreader_is(xmlreader_child(network, "dns"), "enable", "no") ? "off"
                                                                                 : "on");
}

static char *read_forwarders(xmlNodePtr network)
{
    xmlNodePtr item = xmlreader_child(xmlreader_child(network, "dns"), "forwarder");
    auto_buffer struct buffer out = {0};

    for (; item; item = xmlreader_next(item)) {
        auto_free char *address = xmlreader_attribute(item, "addr");
        auto_free char *domain = xmlreader_attribute(item, "domain");
        auto_free char *text = domain
                                   ? xasprintf("%s for %s", address ? address : "none", domain)
                                   : xstrdup(address ? address : "none");

        append(&out, text);
    }
    return taken(&out);
}

/* What the file has no key for: somebody's own. */
static char *read_dns_more(xmlNodePtr network)
{
    static const char *const names[] = {"txt", "srv"};
    xmlNodePtr dns = xmlreader_child(network, "dns");
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        for (xmlNodePtr n = xmlreader_child(dns, names[i]); n; n = xmlreader_next(n)) {
            auto_free char *name = xmlreader_attribute(n, i ? "service" : "name");
            auto_free char *text = xasprintf("%s %s", names[i], name ? name : "?");

            append(&out, text);
        }
    }
    return taken(&out);
}

/* libvirt gives back what was defined: a prefix, or the netmask, or neither (which means the
 * netmask of the address's class). */
static unsigned prefix4(xmlNodePtr ip, uint32_t address)
{
    auto_free char *text = xmlreader_attribute(ip, "prefix");
    auto_free char *netmask = xmlreader_attribute(ip, "netmask");
    long long prefix = xmlreader_number(text, -1);
    uint32_t mask = 0;

    if (prefix >= 0 && prefix <= 32)
        return (unsigned)prefix;
    if (netmask && !ip4_parse(netmask, &mask, NULL))
        return (unsigned)__builtin_popcount(mask);
    return address >> 31 == 0 ? 8 : address >> 30 == 2 ? 16 : 24;
}

/* All addresses of a family with their prefixes; `of_subnet`: those of the subnets. */
static char *read_ip4(xmlNodePtr network, bool of_subnet)
{
    auto_buffer struct buffer out = {0};

    for (xmlNodePtr ip = xmlreader_child(network, "ip"); ip; ip = xmlreader_next(ip)) {
        auto_free char *text = xmlreader_attribute(ip, "address");
        char line[CIDR_TEXT];
        struct cidr cidr;

        if (!text || ip4_parse(text, &cidr.address, NULL))
            continue;
        cidr.prefix = prefix4(ip, cidr.address);
        if (of_subnet)
            cidr.address = cidr_network(cidr);
        append(&out, cidr_format(cidr, line));
    }
    return taken(&out);
}

static char *read_subnet(xmlNodePtr network)
{
    return read_ip4(network, true);
}

static char *read_address(xmlNodePtr network)
{
    return read_ip4(network, false);
}

static char *read_address6(xmlNodePtr network)
{
    auto_buffer struct buffer out = {0};

    for (xmlNodePtr ip = xmlreader_child(network, "ip"); ip; ip = xmlreader_next(ip)) {
        auto_free char *text = xmlreader_attribute(ip, "address");
        auto_free char *prefix = xmlreader_attribute(ip, "prefix");
        auto_free char *line = NULL;
        char canonical[IP6_TEXT];
        struct ip6 address;

        if (!xmlreader_is(ip, "family", "ipv6") || !text || ip6_parse(text, &address, NULL))
            continue;
        line = xasprintf("%s/%s", ip6_format(address, canonical), prefix ? prefix : "64");
        append(&out, line);
    }
    return taken(&out);
}

static char *read_routes(xmlNodePtr network)
{
    auto_buffer struct buffer out = {0};

    for (xmlNodePtr r = xmlreader_child(network, "route"); r; r = xmlreader_next(r)) {
        auto_free char *to = xmlreader_attribute(r, "address");
        auto_free char *prefix = xmlreader_attribute(r, "prefix");
        auto_free char *via = xmlreader_attribute(r, "gateway");
        auto_free char *line =
            xasprintf("%s/%s via %s", to ? to : "?", prefix ? prefix : "?", via ? via : "?");

        append(&out, line);
    }
    return taken(&out);
}

static void append_rate(struct buffer *out, xmlNodePtr rate, const char *word)
{
    static const char *const keys[] = {"average", "peak", "burst", "floor"};

    if (!rate)
        return;
    append(out, word);
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        auto_free char *value = xmlreader_attribute(rate, keys[i]);

        if (value)
            buffer_printf(out, " %s %s", keys[i], value);
    }
}

static char *read_bandwidth(xmlNodePtr network)
{
    xmlNodePtr bandwidth = xmlreader_child(network, "bandwidth");
    auto_buffer struct buffer out = {0};

    append_rate(&out, xmlreader_child(bandwidth, "inbound"), "in");
    append_rate(&out, xmlreader_child(bandwidth, "outbound"), "out");
    return taken(&out);
}

/* Without that which every network with DNS has. */
static char *read_options(xmlNodePtr network)
{
    xmlNodePtr options = xmlreader_child_ns(network, DNSMASQ_URI, "options");
    auto_buffer struct buffer out = {0};

    for (xmlNodePtr n = xmlreader_child(options, "option"); n; n = xmlreader_next(n)) {
        auto_free char *value = xmlreader_attribute(n, "value");

        if (value && strcmp(value, "no-hosts") != 0)
            append(&out, value);
    }
    return taken(&out);
}

/* Elements of which virtopo writes none. */
static char *read_more(xmlNodePtr network)
{
    static const char *const known[] = {"name",  "uuid",      "metadata", "forward", "mtu",
                                        "mac",   "domain",    "bridge",   "dns",     "ip",
                                        "route", "bandwidth", "options"};
    auto_buffer struct buffer out = {0};

    for (xmlNodePtr n = network->children; n; n = n->next) {
        bool is_known = n->type != XML_ELEMENT_NODE;

        for (size_t i = 0; i < ARRAY_SIZE(known); i++)
            is_known = is_known || strcmp((const char *)n->name, known[i]) == 0;
        if (!is_known)
            append(&out, (const char *)n->name);
    }
    return taken(&out);
}

const struct network_shape_row network_shape_rows[] = {
    {"bridge", true, read_bridge},
    {"subnet", true, read_subnet},
    {"mode", false, read_mode},
    {"forward_dev", false, read_forward_dev},
    {"nat of IPv6", false, read_nat6},
    {"host address", false, read_address},
    {"host address of IPv6", false, read_address6},
    {"routes", false, read_routes},
    {"mtu", false, read_mtu},
    {"stp", false, read_stp},
    {"forward_delay", false, read_delay},
    {"bandwidth", false, read_bandwidth},
    {"dns", false, read_dns},
    {"domain", false, read_domain},
    {"dns.forwarders", false, read_forwarders},
    {"dns entries", false, read_dns_more},
    {"dhcp options", false, read_options},
    {"elements", false, read_more},
};
const size_t network_shape_row_count = ARRAY_SIZE(network_shape_rows);
