/* SPDX-License-Identifier: Apache-2.0 */
/* Ports that somebody else has, and hosts that cannot do it. */
#include <string.h>

#include "host/firewall.h"
#include "provision/publish/publish.h"

struct look {
    struct provision *p;
    const struct firewall_view *view;
    const struct machine *machine;
    const char *host;
    bool makes; /* this run would make or change rules */
};

static bool is_any(const char *address)
{
    return !*address || strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

/* Whether a packet can be for both. */
static bool meets(const struct port_forward *port, bool udp, unsigned number,
                  const char *address)
{
    bool is_ip6 = strchr(address, ':') != NULL;

    if (udp != (port->protocol == PORT_UDP) || number != port->host_port)
        return false;
    if (*port->address && *address && is_ip6 != port->is_ip6)
        return false;
    return is_any(port->address) || is_any(address) || strcmp(port->address, address) == 0;
}

static void check_sockets(const struct look *k, const struct port_forward *port)
{
    for (size_t i = 0; i < k->view->socket_count; i++) {
        const struct firewall_socket *s = &k->view->sockets[i];
        bool bracket = strchr(s->address, ':') != NULL;

        if (!meets(port, s->udp, s->port, s->address))
            continue;
        diagnostic_hint(
            diagnostics_error(k->p->diagnostics, port->source->position, "publish-busy",
                              "port %u/%s of host '%s' is in use: %s listens on %s%s%s:%u",
                              port->host_port, port_protocol_words[port->protocol], k->host,
                              s->who ? s->who : "somebody", bracket ? "[" : "",
                              *s->address ? s->address : "*", bracket ? "]" : "", s->port),
            *port->address ? "publish another port, or stop what listens there"
                           : "publish another port, name an address of the host before it "
                             "(\"192.0.2.1:%u:%u\"), or stop what listens there",
            port->host_port, port->port);
        return;
    }
}

static void check_others(const struct look *k, const struct port_forward *port,
                         const struct rule_list *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *r = &rules->items[i];
        const char *node;

        if (r->place != RULE_DNAT || rule_is_of(r, k->p->site.cluster_name, &node) ||
            !meets(port, r->udp, r->port, r->target))
            continue;
        diagnostic_hint(diagnostics_error(k->p->diagnostics, port->source->position,
                                          "publish-taken",
                                          "port %u/%s of host '%s' is published by %s",
                                          port->host_port, port_protocol_words[port->protocol],
                                          k->host, r->mark + strlen("virtopo:")),
                        "publish another port: that is CLUSTER/NODE of somebody else");
        return;
    }
}

/* What can be done at all. */
static bool check_means(const struct look *k, const struct port_forward *first)
{
    struct diagnostic *finding;

    if (k->view->unprivileged) {
        finding = diagnostics_error(k->p->diagnostics, first->source->position, "publish-host",
                                    "the firewall of host '%s' cannot be changed without root",
                                    k->host);
        diagnostic_hint(finding, "run virtopo as root, let that user use sudo without a "
                                 "password, or name root in the host's uri: "
                                 "qemu+ssh://root@HOST/system");
        return false;
    }
    if (k->view->has_iptables[RULE_IP4] || k->view->has_nft)
        return true;
    finding = diagnostics_error(k->p->diagnostics, first->source->position, "publish-host",
                                "host '%s' has neither iptables nor nft to publish ports with",
                                k->host);
    diagnostic_hint(finding, "install one of them there: libvirt needs it too");
    return false;
}

static void warn(const struct look *k, const struct port_forward *first)
{
    struct diagnostic *finding;

    if (!k->makes && !k->view->forwarding[RULE_IP4]) {
        finding = diagnostics_warning(
            k->p->diagnostics, first->source->position, "forwarding-off",
            "host '%s' forwards no packets: nobody outside of it reaches what is published",
            k->host);
        diagnostic_hint(finding, "somebody turned that off after libvirt turned it on: "
                                 "sysctl -w net.ipv4.ip_forward=1");
    }
    if (k->view->firewalld_strict) {
        finding = diagnostics_warning(
            k->p->diagnostics, first->source->position, "firewalld-strict",
            "firewalld on host '%s' refuses ports that others publish", k->host);
        diagnostic_hint(finding, "set StrictForwardPorts=no in /etc/firewalld/firewalld.conf, "
                                 "then: firewall-cmd --reload");
    }
}

static void check_one(const struct look *k)
{
    const struct list *publish = &k->machine->node->publish;

    if (k->makes && !check_means(k, publish->items))
        return;
    warn(k, publish->items);
    list_each(struct port_forward, *publish, port)
    {
        if (!k->makes || !port->source)
            continue;
        check_sockets(k, port);
        check_others(k, port, &k->view->iptables);
        check_others(k, port, &k->view->nft);
    }
}

int publish_check(struct provision *p, struct error **err)
{
    for (size_t i = 0; i < p->set.count; i++) {
        const struct resource *r = p->set.items[i];
        struct look look = {.p = p, .host = r->host};

        if (r->kind != &publish_kind || !r->wanted)
            continue;
        look.machine = resource_set_find(&p->set, &domain_kind, r->host, r->name)->data;
        look.makes = r->action != ACTION_NONE;
        if (site_firewall(look.machine->host, &look.view, err) < 0)
            return -1;
        check_one(&look);
    }
    return 0;
}
