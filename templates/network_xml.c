/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/network_xml.h"

#include <inttypes.h>

static void write_dhcp_host(struct xmlwriter *w, const struct network_host *host)
{
    char ip[IP4_TEXT];

    xml_empty(w, "host", "mac", host->mac[0] ? host->mac : NULL, "name",
              host->nameless ? NULL : host->name, "ip", ip4_format(host->ip, ip), NULL);
}

static void write_dns_host(struct xmlwriter *w, const struct network_host *host,
                           const char *domain)
{
    char ip[IP4_TEXT];

    xml_open(w, "host");
    xml_attribute(w, "ip", ip4_format(host->ip, ip));
    xml_element(w, "hostname", host->name);
    if (domain)
        xml_elementf(w, "hostname", "%s.%s", host->name, domain);
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
}

static void write_dns(struct xmlwriter *w, const struct network_template *t)
{
    xml_open(w, "domain");
    xml_attribute(w, "name", t->domain);
    /* unknown names of our domain are not asked for outside */
    if (t->network->dns)
        xml_attribute(w, "localOnly", "yes");
    xml_close(w);
    xml_open(w, "dns");
    if (!t->network->dns)
        xml_attribute(w, "enable", "no");
    for (size_t i = 0; t->network->dns && i < t->host_count; i++) {
        if (!t->hosts[i].nameless)
            write_dns_host(w, &t->hosts[i], t->domain);
    }
    xml_close(w);
}

static void write_dhcp(struct xmlwriter *w, const struct network_template *t)
{
    const struct dhcp_setting *dhcp = &t->network->dhcp;
    char first[IP4_TEXT], last[IP4_TEXT];
    bool any = dhcp->has_range;

    for (size_t i = 0; !any && i < t->host_count; i++)
        any = t->hosts[i].mac[0];
    if (!dhcp->enabled || !any)
        return;
    xml_open(w, "dhcp");
    if (dhcp->has_range)
        xml_empty(w, "range", "start", ip4_format(dhcp->first, first), "end",
                  ip4_format(dhcp->last, last), NULL);
    for (size_t i = 0; i < t->host_count; i++) {
        if (t->hosts[i].mac[0])
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

/* libvirt's dnsmasq would answer with the names in the host's own /etc/hosts, under the
 * cluster's domain: a node that is called like the host would be two machines. */
static void write_no_hosts(struct xmlwriter *w)
{
    xml_open(w, "dnsmasq:options");
    xml_empty(w, "dnsmasq:option", "value", "no-hosts", NULL);
    xml_close(w);
}

int network_xml(const struct network_template *t, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "network");
    if (t->network->dns)
        xml_attribute(&w, "xmlns:dnsmasq", "http://libvirt.org/schemas/network/dnsmasq/1.0");
    xml_element(&w, "name", t->name);
    xml_element(&w, "uuid", t->uuid);
    if (t->tag) {
        xml_open(&w, "metadata");
        tag_write(&w, t->tag);
        xml_close(&w);
    }
    if (network_mode(t->network)->forward)
        xml_empty(&w, "forward", "mode", network_mode(t->network)->forward, "dev",
                  t->network->forward_dev, NULL);
    write_bridge(&w, t);
    write_dns(&w, t);
    write_ip(&w, t);
    if (t->network->dns)
        write_no_hosts(&w);
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

int network_dns_host_xml(const struct network_host *host, const char *domain, char **ret,
                         struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_dns_host(&w, host, domain);
    return xml_finish(&w, ret, err);
}
