/* SPDX-License-Identifier: Apache-2.0 */
/* From a node's published ports to rules. */
#include <string.h>

#include "config/network/publish.h"
#include "host/identity.h"
#include "provision/publish/publish.h"

#define LOOPBACK "127.0.0.0/8"

/* One family of one port. */
struct forward {
    const struct port_forward *port;
    enum rule_family family;
    const char *address, *subnet, *bridge; /* of the node, its network, and the way there */
    const char *mark;
    bool is_detour;
};

static struct rule start(const struct forward *f, enum rule_place place)
{
    struct rule r = {.family = f->family, .place = place, .udp = f->port->protocol == PORT_UDP};

    snprintf(r.mark, sizeof r.mark, "%s", f->mark);
    return r;
}

static bool takes_loopback(const struct forward *f)
{
    return f->family == RULE_IP4 &&
           (port_forward_is_all(f->port) || strncmp(f->port->address, "127.", 4) == 0);
}

/* Two ports of the host may lead to one of the node. */
static void add_once(const struct rule *rule, struct rule_list *ret)
{
    if (!rule_list_has(ret, rule))
        rule_add(ret, rule);
}

/* To the host's port: goes to the node. */
static void add_way_in(const struct forward *f, struct rule_list *ret)
{
    struct rule r = start(f, RULE_DNAT);

    if (!port_forward_is_all(f->port))
        snprintf(r.target, sizeof r.target, "%s", f->port->address);
    r.port = f->port->host_port;
    snprintf(r.to, sizeof r.to, "%s", f->address);
    r.to_port = f->port->port;
    rule_add(ret, &r);
    r = start(f, RULE_ACCEPT);
    snprintf(r.target, sizeof r.target, "%s", f->address);
    snprintf(r.out, sizeof r.out, "%s", f->bridge);
    r.port = f->port->port;
    add_once(&r, ret);
}

/* From a neighbour of the node, or the host's own loopback, the answer would come from an
 * address that was never asked. */
static void add_way_back(const struct forward *f, struct rule_list *ret)
{
    struct rule r = start(f, RULE_SNAT);

    snprintf(r.target, sizeof r.target, "%s", f->address);
    r.port = f->port->port;
    if (!f->is_detour)
        snprintf(r.source, sizeof r.source, "%s", f->subnet);
    add_once(&r, ret);
    if (!takes_loopback(f))
        return;
    snprintf(r.source, sizeof r.source, "%s", LOOPBACK);
    if (!f->is_detour)
        add_once(&r, ret);
    struct rule guard = {.place = RULE_GUARD, .target = LOOPBACK};
    snprintf(guard.in, sizeof guard.in, "%s", f->bridge);
    snprintf(guard.mark, sizeof guard.mark, "%s", f->mark);
    add_once(&guard, ret);
}

/* A port without an address of the host is one of both families. */
static bool takes_family(const struct port_forward *port, enum rule_family family)
{
    return !*port->address || port->is_ip6 == (family == RULE_IP6);
}

static void add_family(const struct list *publish, const struct forward *shared,
                       struct rule_list *ret)
{
    list_each(struct port_forward, *publish, port)
    {
        struct forward f = *shared;

        if (!takes_family(port, f.family))
            continue;
        f.port = port;
        add_way_in(&f, ret);
        add_way_back(&f, ret);
    }
}

void publish_rules(const struct machine *m, struct rule_list *ret)
{
    const char *cluster = m->provision->site.cluster_name;
    struct publish_way way = publish_way(m->node);
    char mark[RULE_MARK], bridge[BRIDGE_TEXT], address[IP6_TEXT], subnet[CIDR6_TEXT];
    struct forward f = {.bridge = bridge,
                        .address = address,
                        .subnet = subnet,
                        .mark = rule_mark(cluster, m->node->name, mark),
                        .is_detour = way.is_detour};

    if (!way.nic)
        return;
    if (way.nic->net->bridge)
        snprintf(bridge, sizeof bridge, "%s", way.nic->net->bridge);
    else
        identity_bridge(cluster, way.nic->network, bridge);
    if (way.nic->ip) {
        ip4_format(way.nic->ip, address);
        cidr_format(way.nic->net->subnet, subnet);
        add_family(&m->node->publish, &f, ret);
    }
    if (ip6_is_set(way.nic->ip6)) {
        f.family = RULE_IP6;
        ip6_format(way.nic->ip6, address);
        cidr6_format(way.nic->net->subnet6, subnet);
        add_family(&m->node->publish, &f, ret);
    }
}
