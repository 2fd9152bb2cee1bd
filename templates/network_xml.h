/* SPDX-License-Identifier: Apache-2.0 */
/* A network as libvirt XML, with every static address as a DHCP reservation and every node's
 * name for its DNS; and what is read back of one. */
#ifndef TEMPLATES_NETWORK_XML_H
#define TEMPLATES_NETWORK_XML_H

#include "config/cluster.h"
#include "templates/network_names.h"
#include "templates/tag.h"

struct network_host {
    char mac[MAC_TEXT]; /* "" for one with a DNS name only */
    uint32_t ip;        /* 0: none of IPv4 */
    const char *name;   /* the node */
    /* A further address of that node: a reservation without a name, as libvirt takes a name
     * once a network, and none in its DNS. */
    bool nameless;
    struct ip6 ip6; /* all zero: none of IPv6 */
};

struct network_template {
    const char *name; /* "lab_lan" */
    char uuid[UUID_TEXT];
    const char *bridge; /* at most 15 characters */
    const char *mac; /* the bridge's: guests know the gateway by it. NULL: libvirt's choice */
    const char *domain; /* DNS domain */
    const struct network *network;
    const struct network_host *hosts; /* sorted by ip */
    size_t host_count;
    const struct tag *tag;
    const char *before; /* bridges made by us: how the host was (JSON), or NULL */
};

int network_xml(const struct network_template *t, char **ret, struct error **err) MUST_CHECK;
/* <host mac=… name=… ip=…/> for virNetworkUpdate's DHCP section. */
int network_dhcp_host_xml(const struct network_host *host, char **ret,
                          struct error **err) MUST_CHECK;
/* The same of IPv6, <host id=… name=… ip=…/>: the client's DUID, where it is made of the MAC
 * (type 3), or the name that the client tells. */
int network_dhcp6_host_xml(const struct network_host *host, char **ret,
                           struct error **err) MUST_CHECK;
#define DUID_TEXT (MAC_TEXT + 12)
const char *network_duid(const char *mac, char out[DUID_TEXT]);
/* <host ip=…><hostname>web-1</hostname><hostname>web-1.lab.test</hostname></host>, the form
 * that network_xml writes too; for the DNS section. */
int network_dns_host_xml(const struct network_name *name, char **ret,
                         struct error **err) MUST_CHECK;
/* What dnsmasq is told beside what libvirt has elements for, one "dhcp-option=…" each: other
 * servers, search domains, routes. The texts are the caller's to free. */
char **network_options(const struct network *network, const char *domain, size_t *count);

struct network_view {
    char *xml;                                   /* what was parsed */
    char *name, *bridge, *forward_mode, *domain; /* forward_mode NULL: isolated */
    char *mac;                                   /* the bridge's, or NULL */
    char *forward_dev;    /* the one device that packets leave through, or NULL */
    struct cidr subnet;   /* of the first IPv4 <ip>; address is the host's; prefix 0: none */
    struct cidr *subnets; /* all of them */
    size_t subnet_count;
    bool has_range;
    uint32_t range_first, range_last;
    bool stp;
    long long delay; /* of the bridge, in seconds */
    long long mtu;   /* 0: not given */
    bool dns_off;    /* <dns enable='no'/> */
    struct network_view_host {
        char *mac, *name;
        uint32_t ip;
    } * dhcp_hosts;
    size_t dhcp_host_count;
    struct cidr6 subnet6; /* of the first IPv6 <ip>; prefix 0: none */
    struct cidr6 *subnets6;
    size_t subnet6_count;
    bool has_range6, nat6; /* <nat ipv6='yes'/> */
    struct ip6 range6_first, range6_last;
    struct network_view_host6 {
        char *id, *name;
        struct ip6 ip6;
    } * dhcp6_hosts;
    size_t dhcp6_host_count;
    char **forwarders, **options; /* options: dnsmasq's, those for DHCP */
    size_t forwarder_count, option_count;
    struct network_view_dns {
        char address[IP6_TEXT]; /* canonical; "" for what is no address */
        char **names;
        size_t name_count;
    } * dns_hosts;
    size_t dns_host_count;
    char *before;   /* as in the template */
    struct tag tag; /* tag.cluster NULL: not ours */
};

int network_view_parse(const char *xml, struct network_view *ret,
                       struct error **err) MUST_CHECK;
void network_view_done(struct network_view *view);

#endif
