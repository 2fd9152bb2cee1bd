/* SPDX-License-Identifier: Apache-2.0 */
/* A network as libvirt XML, with every static address as a DHCP reservation and every node's
 * name for its DNS; and what is read back of one. */
#ifndef TEMPLATES_NETWORK_XML_H
#define TEMPLATES_NETWORK_XML_H

#include "config/cluster.h"
#include "templates/tag.h"

struct network_host {
    char mac[MAC_TEXT]; /* "" for one with a DNS name only */
    uint32_t ip;
    const char *name; /* the node */
    /* A further address of that node: a reservation without a name, as libvirt takes a name
     * once a network, and none in its DNS. */
    bool nameless;
};

struct network_template {
    const char *name; /* "lab_lan" */
    char uuid[UUID_TEXT];
    const char *bridge; /* at most 15 characters */
    const char *domain; /* DNS domain */
    const struct network *network;
    const struct network_host *hosts; /* sorted by ip */
    size_t host_count;
    const struct tag *tag;
};

int network_xml(const struct network_template *t, char **ret, struct error **err) MUST_CHECK;
/* <host mac=… name=… ip=…/> for virNetworkUpdate's DHCP section. */
int network_dhcp_host_xml(const struct network_host *host, char **ret,
                          struct error **err) MUST_CHECK;
/* <host ip=…><hostname>web-1</hostname><hostname>web-1.lab.test</hostname></host>, the form
 * that network_xml writes too; for the DNS section. */
int network_dns_host_xml(const struct network_host *host, const char *domain, char **ret,
                         struct error **err) MUST_CHECK;

struct network_view {
    char *name, *bridge, *forward_mode, *domain; /* forward_mode NULL: isolated */
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
    struct network_view_dns {
        uint32_t ip;
        char **names;
        size_t name_count;
    } * dns_hosts;
    size_t dns_host_count;
    struct tag tag; /* tag.cluster NULL: not ours */
};

int network_view_parse(const char *xml, struct network_view *ret,
                       struct error **err) MUST_CHECK;
void network_view_done(struct network_view *view);

#endif
