/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/network_xml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void write_dhcp_host(struct xmlwriter *w, const struct network_host *host)
{
    char ip[IP4_TEXT];

    xml_empty(w, "host", "mac", host->mac[0] ? host->mac : NULL, "name",
              host->nameless ? NULL : host->name, "ip", ip4_format(host->ip, ip), NULL);
}

const char *network_duid(const char *mac, char out[DUID_TEXT])
{
    snprintf(out, DUID_TEXT, "00:03:00:01:%s", mac);
    return out;
}

static void write_dhcp6_host(struct xmlwriter *w, const struct network_host *host)
{
    char duid[DUID_TEXT], ip[IP6_TEXT];

    xml_empty(w, "host", "id", network_duid(host->mac, duid), "name",
              host->nameless ? NULL : host->name, "ip", ip6_format(host->ip6, ip), NULL);
}

static void write_dns_host(struct xmlwriter *w, const struct network_name *name)
{
    xml_open(w, "host");
    xml_attribute(w, "ip", name->address);
    for (size_t i = 0; i < name->count; i++)
        xml_element(w, "hostname", name->names[i]);
    xml_close(w);
}

static void write_bridge(struct xmlwriter *w, const struct network_template *t)
{
    const struct network *network = t->network;

    xml_open(w, "bridge");
    xml_attribute(w, "name", t->bridge);
    xml_attribute(w, "stp", network->stp ? "on" : "off");
    /* libvirt counts the forward delay in seconds */
    xml_attributef(w, "delay", "%" PRIu64, (network->forward_delay + 999) / 1000);
    xml_close(w);
    if (network->mtu > 0) {
        xml_open(w, "mtu");
        xml_attributef(w, "size", "%lld", network->mtu);
        xml_close(w);
    }
    if (t->mac)
        xml_empty(w, "mac", "address", t->mac, NULL);
}

static void write_dns(struct xmlwriter *w, const struct network_template *t)
{
    const struct string_list *forwarders = &t->network->dns.forwarders;
    struct network_names names;

    network_names(t->network, t->domain, t->hosts, t->host_count, &names);
    xml_open(w, "domain");
    xml_attribute(w, "name", t->domain);
    /* unknown names of our domain are not asked for outside */
    if (t->network->dns.enabled)
        xml_attribute(w, "localOnly", "yes");
    xml_close(w);
    xml_open(w, "dns");
    if (!t->network->dns.enabled)
        xml_attribute(w, "enable", "no");
    for (size_t i = 0; i < forwarders->count; i++)
        xml_empty(w, "forwarder", "addr", forwarders->items[i], NULL);
    for (size_t i = 0; i < names.count; i++)
        write_dns_host(w, &names.items[i]);
    xml_close(w);
    network_names_done(&names);
}

static void write_dhcp(struct xmlwriter *w, const struct network_template *t)
{
    const struct dhcp_setting *dhcp = &t->network->dhcp;
    char first[IP4_TEXT], last[IP4_TEXT];
    bool any = dhcp->has_range;

    for (size_t i = 0; !any && i < t->host_count; i++)
        any = t->hosts[i].mac[0] && t->hosts[i].ip;
    if (!dhcp->enabled || !any)
        return;
    xml_open(w, "dhcp");
    if (dhcp->has_range)
        xml_empty(w, "range", "start", ip4_format(dhcp->first, first), "end",
                  ip4_format(dhcp->last, last), NULL);
    for (size_t i = 0; i < t->host_count; i++) {
        if (t->hosts[i].mac[0] && t->hosts[i].ip)
            write_dhcp_host(w, &t->hosts[i]);
    }
    xml_close(w);
}

static void write_ip(struct xmlwriter *w, const struct network_template *t)
{
    char gateway[IP4_TEXT];

    xml_open(w, "ip");
    xml_attribute(w, "family", "ipv4");
    xml_attribute(w, "address", ip4_format(t->network->gateway, gateway));
    xml_attributef(w, "prefix", "%u", t->network->subnet.prefix);
    write_dhcp(w, t);
    xml_close(w);
}

static void write_dhcp6(struct xmlwriter *w, const struct network_template *t)
{
    const struct dhcp6_setting *dhcp = &t->network->dhcp6;
    char first[IP6_TEXT], last[IP6_TEXT];
    bool any = dhcp->has_range;

    for (size_t i = 0; !any && i < t->host_count; i++)
        any = t->hosts[i].mac[0] && ip6_is_set(t->hosts[i].ip6);
    if (!dhcp->enabled || !any)
        return;
    xml_open(w, "dhcp");
    if (dhcp->has_range)
        xml_empty(w, "range", "start", ip6_format(dhcp->first, first), "end",
                  ip6_format(dhcp->last, last), NULL);
    for (size_t i = 0; i < t->host_count; i++) {
        if (t->hosts[i].mac[0] && ip6_is_set(t->hosts[i].ip6))
            write_dhcp6_host(w, &t->hosts[i]);
    }
    xml_close(w);
}

/* Behind the IPv4 one: updates of the running network go by this order. */
static void write_ip6(struct xmlwriter *w, const struct network_template *t)
{
    char gateway[IP6_TEXT];

    if (!t->network->subnet6.prefix)
        return;
    xml_open(w, "ip");
    xml_attribute(w, "family", "ipv6");
    xml_attribute(w, "address", ip6_format(t->network->gateway6, gateway));
    xml_attributef(w, "prefix", "%u", t->network->subnet6.prefix);
    write_dhcp6(w, t);
    xml_close(w);
}

/* Without it libvirt's dnsmasq would answer with the names in the host's own /etc/hosts, under
 * the cluster's domain: a node that is called like the host would be two machines. */
static void write_options(struct xmlwriter *w, const struct network_template *t)
{
    size_t count;
    auto_free char **options = network_options(t->network, t->domain, &count);

    if (t->network->dns.enabled || count) {
        xml_open(w, "dnsmasq:options");
        if (t->network->dns.enabled)
            xml_empty(w, "dnsmasq:option", "value", "no-hosts", NULL);
        for (size_t i = 0; i < count; i++)
            xml_empty(w, "dnsmasq:option", "value", options[i], NULL);
        xml_close(w);
    }
    for (size_t i = 0; i < count; i++)
        free(options[i]);
}

static void write_forward(struct xmlwriter *w, const struct network *network)
{
    const char *mode = network_mode(network)->forward;

    if (!mode)
        return;
    xml_open(w, "forward");
    xml_attribute(w, "mode", mode);
    if (network->forward_dev)
        xml_attribute(w, "dev", network->forward_dev);
    if (network->subnet6.prefix && strcmp(mode, "nat") == 0)
        xml_empty(w, "nat", "ipv6", "yes", NULL);
    xml_close(w);
}

static void write_metadata(struct xmlwriter *w, const struct network_template *t)
{
    if (!t->tag)
        return;
    xml_open(w, "metadata");
    tag_write(w, t->tag);
    if (t->before) {
        xml_open(w, TAG_BEFORE_PREFIX ":uplink");
        xml_attribute(w, "xmlns:" TAG_BEFORE_PREFIX, TAG_BEFORE_URI);
        xml_text(w, t->before);
        xml_close(w);
    }
    xml_close(w);
}

/* What libvirt makes itself: a bridge with its addresses, dnsmasq and firewall. */
static void write_served(struct xmlwriter *w, const struct network_template *t)
{
    write_bridge(w, t);
    write_dns(w, t);
    write_ip(w, t);
    write_ip6(w, t);
    write_options(w, t);
}

int network_xml(const struct network_template *t, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "network");
    if (t->network->dns.enabled || t->network->dns.servers.count ||
        t->network->dns.search.count || t->network->routes.count)
        xml_attribute(&w, "xmlns:dnsmasq", "http://libvirt.org/schemas/network/dnsmasq/1.0");
    xml_element(&w, "name", t->name);
    xml_element(&w, "uuid", t->uuid);
    write_metadata(&w, t);
    write_forward(&w, t->network);
    if (network_mode(t->network)->serves)
        write_served(&w, t);
    else
        xml_empty(&w, "bridge", "name", t->bridge, NULL);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

int network_dhcp_host_xml(const struct network_host *host, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_dhcp_host(&w, host);
    return xml_finish(&w, ret, err);
}

int network_dhcp6_host_xml(const struct network_host *host, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_dhcp6_host(&w, host);
    return xml_finish(&w, ret, err);
}

int network_dns_host_xml(const struct network_name *name, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_dns_host(&w, name);
    return xml_finish(&w, ret, err);
}
