/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/network_xml.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"

/* 0 when there is none or it is not IPv4. */
static uint32_t address(xmlNodePtr node, const char *name)
{
    auto_free char *text = xmlreader_attribute(node, name);
    uint32_t ip = 0;

    if (!text || ip4_parse(text, &ip, NULL))
        return 0;
    return ip;
}

/* All zero when there is none or it is not IPv6. */
static struct ip6 address6(xmlNodePtr node, const char *name)
{
    auto_free char *text = xmlreader_attribute(node, name);
    struct ip6 ip6 = {0}, none = {0};

    return text && ip6_parse(text, &ip6, NULL) == 0 ? ip6 : none;
}

/* libvirt gives back what was defined: a prefix, or the netmask, or neither (which means the
 * netmask of the address's class). */
static unsigned prefix_of(xmlNodePtr ip, uint32_t first)
{
    auto_free char *text = xmlreader_attribute(ip, "prefix");
    long long prefix = xmlreader_number(text, -1);
    uint32_t mask = address(ip, "netmask");

    if (prefix >= 0 && prefix <= 32)
        return (unsigned)prefix;
    if (mask)
        return (unsigned)__builtin_popcount(mask);
    return first >> 31 == 0 ? 8 : first >> 30 == 2 ? 16 : 24;
}

static void read_dhcp(xmlNodePtr dhcp, struct network_view *view)
{
    xmlNodePtr range = xmlreader_child(dhcp, "range");

    if (range && !view->has_range) {
        view->range_first = address(range, "start");
        view->range_last = address(range, "end");
        view->has_range = view->range_first && view->range_last;
    }
    for (xmlNodePtr host = xmlreader_child(dhcp, "host"); host; host = xmlreader_next(host)) {
        struct network_view_host item = {.mac = xmlreader_attribute(host, "mac"),
                                         .name = xmlreader_attribute(host, "name"),
                                         .ip = address(host, "ip")};

        vector_push(view->dhcp_hosts, view->dhcp_host_count, item);
    }
}

static void read_dhcp6(xmlNodePtr dhcp, struct network_view *view)
{
    xmlNodePtr range = xmlreader_child(dhcp, "range");

    if (range && !view->has_range6) {
        view->range6_first = address6(range, "start");
        view->range6_last = address6(range, "end");
        view->has_range6 = ip6_is_set(view->range6_first) && ip6_is_set(view->range6_last);
    }
    for (xmlNodePtr host = xmlreader_child(dhcp, "host"); host; host = xmlreader_next(host)) {
        struct network_view_host6 item = {.id = xmlreader_attribute(host, "id"),
                                          .name = xmlreader_attribute(host, "name"),
                                          .ip6 = address6(host, "ip")};

        vector_push(view->dhcp6_hosts, view->dhcp6_host_count, item);
    }
}

static void read_ip6(xmlNodePtr ip, struct network_view *view)
{
    auto_free char *prefix = xmlreader_attribute(ip, "prefix");
    struct cidr6 subnet = {.address = address6(ip, "address")};
    long long number = xmlreader_number(prefix, 64);

    if (!ip6_is_set(subnet.address))
        return;
    subnet.prefix = number >= 1 && number <= 128 ? (unsigned)number : 64;
    vector_push(view->subnets6, view->subnet6_count, subnet);
    view->subnet6 = view->subnets6[0];
    read_dhcp6(xmlreader_child(ip, "dhcp"), view);
}

static void read_ips(xmlNodePtr root, struct network_view *view)
{
    for (xmlNodePtr ip = xmlreader_child(root, "ip"); ip; ip = xmlreader_next(ip)) {
        struct cidr subnet = {.address = address(ip, "address")};

        if (!subnet.address) {
            read_ip6(ip, view);
            continue;
        }
        subnet.prefix = prefix_of(ip, subnet.address);
        vector_push(view->subnets, view->subnet_count, subnet);
        read_dhcp(xmlreader_child(ip, "dhcp"), view);
    }
    if (view->subnet_count)
        view->subnet = view->subnets[0];
}

/* As the same address is written everywhere; "" for what is none. */
static void read_address(xmlNodePtr node, const char *name, char out[IP6_TEXT])
{
    uint32_t ip = address(node, name);
    struct ip6 ip6 = address6(node, name);

    out[0] = '\0';
    if (ip)
        ip4_format(ip, out);
    else if (ip6_is_set(ip6))
        ip6_format(ip6, out);
}

static void read_forwarders(xmlNodePtr dns, struct network_view *view)
{
    for (xmlNodePtr n = xmlreader_child(dns, "forwarder"); n; n = xmlreader_next(n)) {
        char text[IP6_TEXT];

        read_address(n, "addr", text);
        if (text[0])
            vector_push(view->forwarders, view->forwarder_count, xstrdup(text));
    }
}

static void read_options(xmlNodePtr options, struct network_view *view)
{
    for (xmlNodePtr n = xmlreader_child(options, "option"); n; n = xmlreader_next(n)) {
        auto_free char *value = xmlreader_attribute(n, "value");

        if (value && strncmp(value, "dhcp-option=", 12) == 0)
            vector_push(view->options, view->option_count, TAKE(value));
    }
}

static void read_dns(xmlNodePtr dns, struct network_view *view)
{
    view->dns_off = xmlreader_is(dns, "enable", "no");
    for (xmlNodePtr host = xmlreader_child(dns, "host"); host; host = xmlreader_next(host)) {
        struct network_view_dns item = {.address = ""};

        read_address(host, "ip", item.address);
        for (xmlNodePtr n = xmlreader_child(host, "hostname"); n; n = xmlreader_next(n))
            vector_push(item.names, item.name_count, xmlreader_text(n));
        vector_push(view->dns_hosts, view->dns_host_count, item);
    }
}

static void read_forward(xmlNodePtr root, struct network_view *view)
{
    xmlNodePtr forward = xmlreader_child(root, "forward");

    if (!forward)
        return;
    view->forward_mode = xmlreader_attribute(forward, "mode");
    view->forward_dev = xmlreader_attribute(forward, "dev");
    if (!view->forward_mode)
        view->forward_mode = xstrdup("nat"); /* libvirt's default */
    view->nat6 = xmlreader_is(xmlreader_child(forward, "nat"), "ipv6", "yes");
}

static char *read_before(xmlNodePtr root)
{
    xmlNodePtr element =
        xmlreader_child_ns(xmlreader_child(root, "metadata"), TAG_BEFORE_URI, "uplink");

    return element ? xmlreader_text(element) : NULL;
}

int network_view_parse(const char *xml, struct network_view *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr root = document ? xmlreader_root(document, "network", err) : NULL;
    xmlNodePtr bridge = xmlreader_child(root, "bridge");
    auto_free char *mtu = xmlreader_child_attribute(root, "mtu", "size");
    auto_free char *delay = xmlreader_attribute(bridge, "delay");

    if (!root)
        return -1;
    *ret = (struct network_view){
        .xml = xstrdup(xml),
        .name = xmlreader_child_text(root, "name"),
        .bridge = xmlreader_attribute(bridge, "name"),
        .mac = xmlreader_child_attribute(root, "mac", "address"),
        .domain = xmlreader_child_attribute(root, "domain", "name"),
        .stp = bridge && !xmlreader_is(bridge, "stp", "off"),
        .delay = xmlreader_number(delay, 0),
        .mtu = xmlreader_number(mtu, 0),
    };
    read_forward(root, ret);
    read_ips(root, ret);
    read_dns(xmlreader_child(root, "dns"), ret);
    read_forwarders(xmlreader_child(root, "dns"), ret);
    read_options(xmlreader_child(root, "options"), ret);
    ret->before = read_before(root);
    tag_read(root, &ret->tag);
    return 0;
}

void network_view_done(struct network_view *view)
{
    for (size_t i = 0; i < view->dhcp_host_count; i++) {
        free(view->dhcp_hosts[i].mac);
        free(view->dhcp_hosts[i].name);
    }
    for (size_t i = 0; i < view->dns_host_count; i++) {
        for (size_t n = 0; n < view->dns_hosts[i].name_count; n++)
            free(view->dns_hosts[i].names[n]);
        free(view->dns_hosts[i].names);
    }
    for (size_t i = 0; i < view->dhcp6_host_count; i++) {
        free(view->dhcp6_hosts[i].id);
        free(view->dhcp6_hosts[i].name);
    }
    for (size_t i = 0; i < view->forwarder_count; i++)
        free(view->forwarders[i]);
    for (size_t i = 0; i < view->option_count; i++)
        free(view->options[i]);
    free(view->forwarders);
    free(view->options);
    free(view->subnets6);
    free(view->dhcp6_hosts);
    free(view->xml);
    free(view->name);
    free(view->bridge);
    free(view->mac);
    free(view->forward_mode);
    free(view->forward_dev);
    free(view->before);
    free(view->domain);
    free(view->subnets);
    free(view->dhcp_hosts);
    free(view->dns_hosts);
    tag_done(&view->tag);
    *view = (struct network_view){0};
}
