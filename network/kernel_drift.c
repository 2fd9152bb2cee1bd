/* SPDX-License-Identifier: Apache-2.0 */
#include "network/kernel_drift.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/shell.h"
#include "network/carry.h"
#include "network/replug.h"
#include "util/file.h"

#define OUTSIDE "changed outside of virtopo"

struct search {
    struct resource *resource;
    struct network_object *object;
    const struct links *links;
    const struct network_view *running;
};

static void add(const struct search *s, const char *what, const char *from, const char *to)
{
    change_add(&s->resource->changes, CHANGE_LIVE, what, from, to, OUTSIDE);
}

static bool find_parked(const struct search *s)
{
    struct network_object *o = s->object;

    if (!links_find(s->links, o->parked))
        return false;
    change_add(&s->resource->changes, CHANGE_LIVE, "bridge", o->parked, o->bridge,
               "its restart was cut off");
    o->work.parked = true;
    return true;
}

static bool find_bridge(const struct search *s)
{
    struct network_object *o = s->object;
    const struct link *bridge = links_find(s->links, o->bridge);

    if (!bridge) {
        add(s, "bridge", NULL, o->bridge);
        o->work.no_bridge = true;
        return false;
    }
    if (!bridge->up) {
        add(s, "bridge state", "down", "up");
        o->work.host_side = true;
    }
    return true;
}

static void find_address(const struct search *s, const char *text)
{
    if (link_has_address(links_find(s->links, s->object->bridge), text))
        return;
    add(s, "host address", NULL, text);
    s->object->work.host_side = true;
}

static void find_addresses(const struct search *s)
{
    char text[CIDR_TEXT], text6[CIDR6_TEXT];

    for (size_t i = 0; i < s->running->subnet_count; i++)
        find_address(s, cidr_format(s->running->subnets[i], text));
    for (size_t i = 0; i < s->running->subnet6_count; i++)
        find_address(s, cidr6_format(s->running->subnets6[i], text6));
}

static bool is_on(const struct domain_view_nic *nic, const struct network_object *o)
{
    return nic->network && strcmp(nic->network, o->name) == 0;
}

/* By the node's name. */
static void find_loose(const struct search *s, const struct survey_domain *d)
{
    for (size_t i = 0; i < d->live.nic_count; i++) {
        const struct domain_view_nic *nic = &d->live.nics[i];
        const struct link *tap = nic->target ? links_find(s->links, nic->target) : NULL;
        auto_free char *what = xasprintf("link of %s", d->live.tag.name);

        if (!is_on(nic, s->object) || !tap ||
            (tap->master && strcmp(tap->master, s->object->bridge) == 0))
            continue;
        add(s, what, tap->master, s->object->bridge);
        s->object->work.loose_ports = true;
    }
}

/* Whether somebody listens on port 53 of an address, by the kernel's table of sockets. */
static bool is_served(const char *table, uint32_t address)
{
    auto_free char *wanted = xasprintf(" %08X:0035 ", htonl(address));

    return strstr(table, wanted) != NULL;
}

/* On this machine alone: another one would be asked by a command more each time. */
static void find_server(const struct search *s)
{
    struct network_object *o = s->object;
    auto_buffer struct buffer table = {0};

    if (!o->network->dns.enabled || !host_is_local(o->host->host) ||
        !s->running->subnet.prefix || file_read("/proc/net/udp", 16 << 20, &table, NULL) < 0 ||
        !table.data)
        return;
    if (is_served(table.data, s->running->subnet.address))
        return;
    add(s, "dnsmasq", "stopped", "running");
    o->work.no_server = true;
}

void kernel_drift_find(struct resource *r, struct network_object *o,
                       const struct network_view *running)
{
    struct search s = {.resource = r, .object = o, .running = running};
    const struct survey *survey = &o->host->survey;

    const struct survey_network *found = r->state;

    if (host_is_mock(o->host->host) || site_links(o->host, &s.links, NULL) < 0 ||
        find_parked(&s) || !found->active || !find_bridge(&s))
        return;
    find_addresses(&s);
    for (size_t i = 0; i < survey->domain_count; i++) {
        if (survey->domains[i].ours && survey->domains[i].has_live)
            find_loose(&s, &survey->domains[i]);
    }
    find_server(&s);
}

/* BRIDGE ADDRESS/PREFIX… -- TAP… */
static const char mend_script[] =
    "set -eu\n"
    "bridge=$1\n"
    "shift\n"
    "ip link set dev \"$bridge\" up\n"
    "while [ \"$1\" != -- ]; do\n"
    "  ip -o address show dev \"$bridge\" | grep -qF \" $1 \" ||\n"
    "    case $1 in\n"
    "    *:*) ip address add \"$1\" dev \"$bridge\" nodad ;;\n"
    "    *) ip address add \"$1\" broadcast + dev \"$bridge\" ;;\n"
    "    esac\n"
    "  shift\n"
    "done\n"
    "shift\n"
    "for tap; do\n"
    "  [ \"$(readlink \"/sys/class/net/$tap/master\" | sed 's|.*/||')\" = \"$bridge\" ] ||\n"
    "    ip link set dev \"$tap\" master \"$bridge\" up\n"
    "done\n";

static int run_mend(const struct network_object *o, const struct network_view *running,
                    struct error **err)
{
    static const struct shell_options as_root = {.root = true};
    const struct survey *survey = &o->host->survey;
    auto_free const char **words = NULL;
    auto_free char(*texts)[CIDR_TEXT] = xcalloc(running->subnet_count + 1, sizeof *texts);
    auto_free char(*texts6)[CIDR6_TEXT] = xcalloc(running->subnet6_count + 1, sizeof *texts6);
    size_t count = 0;

    vector_push(words, count, o->bridge);
    for (size_t i = 0; i < running->subnet_count; i++)
        vector_push(words, count, cidr_format(running->subnets[i], texts[i]));
    for (size_t i = 0; i < running->subnet6_count; i++)
        vector_push(words, count, cidr6_format(running->subnets6[i], texts6[i]));
    vector_push(words, count, "--");
    for (size_t i = 0; i < survey->domain_count; i++) {
        const struct domain_view *live = &survey->domains[i].live;

        for (size_t n = 0; survey->domains[i].ours && n < live->nic_count; n++) {
            if (is_on(&live->nics[n], o) && live->nics[n].target)
                vector_push(words, count, live->nics[n].target);
        }
    }
    vector_push(words, count, NULL);
    return shell_check(o->host->host, "mending the bridge of a network", mend_script, words,
                       &as_root, NULL, err);
}

int kernel_drift_mend(const struct network_object *o, virConnectPtr connection,
                      virNetworkPtr network, const struct network_view *running,
                      struct error **err)
{
    if ((o->work.host_side || o->work.loose_ports) && run_mend(o, running, err) < 0) {
        if (o->work.host_side)
            return -1;
        /* libvirt can do that, without being root there */
        error_clear(err);
        if (replug_guests(connection, &o->host->survey, o->name, o->bridge, err) < 0)
            return -1;
    }
    return o->work.no_server ? carry_revive_server(o, network, err) : 0;
}
