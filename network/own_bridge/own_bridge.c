/* SPDX-License-Identifier: Apache-2.0 */
#include "network/own_bridge/own_bridge.h"

#include <stdlib.h>
#include <string.h>

#include "network/network.h"
#include "network/own_bridge/run_script.h"
#include "network/replug.h"

#define CONFIRM_MS 30000
#define SHORTEST_STP_DELAY_MS 2000

uint64_t own_bridge_delay(const struct network *network)
{
    if (network->stp && network->forward_delay < SHORTEST_STP_DELAY_MS)
        return SHORTEST_STP_DELAY_MS;
    return network->forward_delay;
}

/* "eth1.30", or a name that is short enough. */
static void name_device(const struct network_object *o, char out[BRIDGE_TEXT])
{
    const struct network *n = o->network;
    auto_free char *plain = xasprintf("%s.%lld", n->uplink, n->vlan.tag);

    if (strlen(plain) < BRIDGE_TEXT)
        snprintf(out, BRIDGE_TEXT, "%s", plain);
    else
        snprintf(out, BRIDGE_TEXT, "vt%.8s.%u", o->uuid, (unsigned)n->vlan.tag & 4095);
}

static void name_all(const struct network_object *o, struct bridge_script *ret,
                     struct bridge_names *names)
{
    snprintf(names->folder, sizeof names->folder, "/run/virtopo/%.36s", o->uuid);
    snprintf(names->temporary, sizeof names->temporary, "vt%.8s", o->uuid);
    ret->folder = names->folder;
    ret->temporary = names->temporary;
}

static void take_before(const struct bridge_before *before, struct bridge_script *ret)
{
    ret->uplink_mac = before->mac;
    ret->uplink_mtu = before->mtu;
    ret->uplink_up = before->up;
    ret->moved_addresses = before->addresses;
    ret->moved_routes = before->routes;
    ret->gateways = before->gateways;
}

void own_bridge_script(const struct network_object *o, const struct bridge_before *before,
                       struct bridge_script *ret, struct bridge_names *names)
{
    const struct network *n = o->network;

    *ret = (struct bridge_script){
        .cluster = o->site->cluster_name,
        .network = n->name,
        .bridge = o->bridge,
        .uplink = n->uplink,
        .vlan = n->vlan.tag,
        .stp = n->stp,
        .forward_delay = own_bridge_delay(n),
        .mtu = n->mtu,
        /* a port of a bridge with the protocol listens and learns first */
        .confirm =
            (n->confirm ? n->confirm : CONFIRM_MS) + (n->stp ? 2 * own_bridge_delay(n) : 0),
        .uplink_up = true,
    };
    name_all(o, ret, names);
    if (n->uplink && n->vlan.tag) {
        name_device(o, names->device);
        ret->vlan_device = names->device;
    }
    if (n->address.prefix)
        ret->addresses[0] = cidr_format(n->address, names->address);
    ret->addresses[1] = n->address6;
    if (before)
        take_before(before, ret);
}

/* What was made then, to take it away. */
static void script_of(const struct network_object *o, const char *network,
                      const struct bridge_before *before, struct bridge_script *ret,
                      struct bridge_names *names)
{
    *ret = (struct bridge_script){.cluster = o->site->cluster_name,
                                  .network = network,
                                  .bridge = before->bridge,
                                  .uplink = before->uplink,
                                  .vlan_device = before->device,
                                  .vlan = before->vlan,
                                  .confirm = CONFIRM_MS};
    name_all(o, ret, names);
    take_before(before, ret);
}

void own_bridge_render(const struct resource *r, struct buffer *out)
{
    struct bridge_names names;
    struct bridge_script script;

    own_bridge_script(r->data, NULL, &script, &names);
    bridge_script_write(&script, out);
}

char *own_bridge_describe(const struct network_object *o)
{
    const struct network *n = o->network;
    auto_buffer struct buffer text = {0};
    char address[CIDR_TEXT];

    buffer_printf(&text, "%-10s %s", network_mode_words[n->mode], o->bridge);
    if (n->uplink)
        buffer_printf(&text, " on %s", n->uplink);
    if (n->vlan.tag)
        buffer_printf(&text, ", vlan %lld", n->vlan.tag);
    if (n->address.prefix)
        buffer_printf(&text, ", host %s", cidr_format(n->address, address));
    if (n->address6)
        buffer_printf(&text, "%s %s", n->address.prefix ? "," : ", host", n->address6);
    return buffer_take(&text);
}

static const struct survey_network *found_of(const struct resource *r)
{
    return r->state;
}

/* What the record of an earlier run says; false: there is none that can be read. */
static bool read_earlier(const struct resource *r, struct bridge_before *ret)
{
    const struct survey_network *found = found_of(r);

    *ret = (struct bridge_before){0};
    return found && found->view.before &&
           bridge_before_parse(found->view.before, ret, NULL) == 0;
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool is_same_shape(const struct network_object *o, const struct bridge_before *earlier)
{
    return same(earlier->bridge, o->bridge) && same(earlier->uplink, o->network->uplink) &&
           earlier->vlan == o->network->vlan.tag;
}

/* An uplink that several VLANs of the cluster lie on has been changed by the first of them. */
static void take_shared(const struct resource *r, struct bridge_before *before)
{
    const struct network_object *o = r->data;

    for (size_t i = 0; i < o->host->survey.network_count; i++) {
        const struct survey_network *other = &o->host->survey.networks[i];
        auto_before struct bridge_before theirs = {0};

        if (other->view.before && strcmp(other->uuid, o->uuid) != 0 &&
            bridge_before_parse(other->view.before, &theirs, NULL) == 0 &&
            same(theirs.uplink, before->uplink)) {
            before->mtu = theirs.mtu;
            before->up = theirs.up;
            return;
        }
    }
}

/* How the uplink is now, and with what an earlier run took from it. */
static int look(const struct resource *r, const struct links *links,
                const struct bridge_before *earlier, struct bridge_before *ret,
                struct error **err)
{
    const struct network_object *o = r->data;
    const struct network *n = o->network;
    auto_free char *mark = bridge_mark(o->site->cluster_name, n->name);
    const struct link *bridge = links_find(links, o->bridge);
    bool is_made = bridge && same(bridge->alias, mark);
    bool known = earlier && is_same_shape(o, earlier);
    struct bridge_names names;
    struct bridge_script script;

    *ret = (struct bridge_before){0};
    own_bridge_script(o, NULL, &script, &names);
    if (n->uplink && bridge_before_read(links, n->uplink, !n->vlan.tag, ret, err) < 0)
        return error_wrap(err, "making bridge %s on host '%s'", o->bridge,
                          host_name(o->host->host));
    if (n->uplink && n->vlan.tag)
        take_shared(r, ret);
    if (known && n->uplink && (is_made || ret->addresses.count == 0)) {
        free(ret->mac);
        ret->mac = xstrdup_null(earlier->mac);
        ret->mtu = earlier->mtu;
        ret->up = earlier->up;
        bridge_before_merge(ret, earlier);
    }
    ret->bridge = xstrdup(o->bridge);
    ret->device = xstrdup_null(script.vlan_device);
    ret->vlan = n->vlan.tag;
    for (size_t i = 0; i < ARRAY_SIZE(script.addresses); i++) {
        if (script.addresses[i])
            vector_push(ret->own.items, ret->own.count, xstrdup(script.addresses[i]));
    }
    return 0;
}

static bool has_line(const struct bridge_lines *lines, const char *line)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (strcmp(lines->items[i], line) == 0)
            return true;
    }
    return false;
}

/* Addresses from an earlier file. The strings are borrowed. */
static void find_gone(const struct bridge_before *earlier, const struct bridge_before *now,
                      struct bridge_lines *ret)
{
    *ret = (struct bridge_lines){0};
    for (size_t i = 0; i < earlier->own.count; i++) {
        if (!has_line(&now->own, earlier->own.items[i]))
            vector_push(ret->items, ret->count, earlier->own.items[i]);
    }
}

/* The record is in the definition, and a network that runs shows the one that it was started
 * with: stopping it does nothing to the bridge, nor to the guests on it. */
static int define(const struct resource *r, const struct bridge_before *before,
                  struct error **err)
{
    struct network_object *o = r->data;
    const struct survey_network *found = found_of(r);
    auto_free char *xml = NULL;
    auto_network virNetworkPtr network = NULL;

    free(o->before);
    o->before = bridge_before_text(before);
    if (found && found->persistent && same(found->view.before, o->before))
        return 0;
    if (network_render(r, &xml, err) < 0)
        return -1;
    auto_call struct host_call call = host_call_begin(o->host->host);
    network = virNetworkDefineXML(call.connection, xml);
    if (!network)
        return error_virt(err, "defining network '%s'", o->name);
    if (virNetworkIsActive(network) == 1 && virNetworkDestroy(network) < 0 &&
        virt_last_code() != VIR_ERR_OPERATION_INVALID)
        return error_virt(err, "stopping network '%s'", o->name);
    return 0;
}

static int start(const struct resource *r, struct error **err)
{
    const struct network_object *o = r->data;
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_network virNetworkPtr network = virNetworkLookupByUUIDString(call.connection, o->uuid);

    if (!network)
        return error_virt(err, "looking for network '%s'", o->name);
    if (virNetworkIsActive(network) != 1 && virNetworkCreate(network) < 0)
        return error_virt(err, "starting network '%s'", o->name);
    if (virNetworkSetAutostart(network, o->network->autostart) < 0)
        return error_virt(err, "setting autostart of network '%s'", o->name);
    return replug_guests(call.connection, &o->host->survey, o->name, o->bridge, err);
}

/* Whether what is to be done can cut the connection that we come by. */
static bool is_risky(const struct links *links, const struct bridge_script *script)
{
    const struct link *uplink = script->uplink ? links_find(links, script->uplink) : NULL;

    return uplink && !script->vlan_device && !same(uplink->master, script->bridge) &&
           script->moved_addresses.count + script->moved_routes.count > 0;
}

static int make(const struct network_object *o, const struct bridge_before *earlier,
                const struct bridge_before *now, const struct links *links, struct error **err)
{
    auto_free char *what = xasprintf("making bridge %s", o->bridge);
    struct bridge_names names;
    struct bridge_script script;
    int outcome;

    own_bridge_script(o, now, &script, &names);
    if (earlier)
        find_gone(earlier, now, &script.gone);
    outcome = is_risky(links, &script) ? run_script_guarded(o->host->host, &script, err)
                                       : run_script(o->host->host, &script, "make", what, err);
    free(script.gone.items);
    return outcome;
}

/* Another uplink or VLAN: the bridge stays for the guests on it. */
static int take_apart(const struct resource *r, const struct bridge_before *earlier,
                      struct error **err)
{
    const struct network_object *o = r->data;
    auto_free char *what = xasprintf("changing bridge %s", o->bridge);
    struct bridge_names names;
    struct bridge_script script;

    script_of(o, r->name, earlier, &script, &names);
    return run_script(o->host->host, &script, "unmake", what, err);
}

int own_bridge_apply(struct resource *r, struct error **err)
{
    const struct network_object *o = r->data;
    auto_before struct bridge_before earlier = {0}, now = {0};
    bool had = read_earlier(r, &earlier);
    const struct links *links;

    if (had && !is_same_shape(o, &earlier) && take_apart(r, &earlier, err) < 0)
        return -1;
    site_forget_links(o->host);
    if (site_links(o->host, &links, err) < 0 ||
        look(r, links, had ? &earlier : NULL, &now, err) < 0 || define(r, &now, err) < 0 ||
        make(o, had ? &earlier : NULL, &now, links, err) < 0)
        return -1;
    return start(r, err);
}

/* Ports that are not the uplink: guests of others. */
static int refuse_ports(const struct network_object *o, const struct bridge_before *before,
                        struct error **err)
{
    const char *port = before->device ? before->device : before->uplink;
    auto_buffer struct buffer names = {0};
    const struct links *links;

    site_forget_links(o->host);
    if (site_links(o->host, &links, err) < 0)
        return -1;
    for (size_t i = 0; i < links->count; i++) {
        const struct link *link = &links->items[i];

        if (link->master && strcmp(link->master, before->bridge) == 0 &&
            !same(link->name, port))
            buffer_printf(&names, "%s%s", names.length ? ", " : "", link->name);
    }
    if (!names.length)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "bridge %s on host '%s' cannot go: somebody else has %s in it", before->bridge,
              host_name(o->host->host), names.data);
    return error_hint(err, "take it out first: ip link set dev DEVICE nomaster");
}

char *own_bridge_port(const struct survey_network *found)
{
    auto_before struct bridge_before before = {0};

    if (!found->view.before || bridge_before_parse(found->view.before, &before, NULL) < 0)
        return NULL;
    return xstrdup_null(before.device ? before.device : before.uplink);
}

int own_bridge_unmake(const struct resource *r, struct error **err)
{
    const struct network_object *o = r->data;
    auto_before struct bridge_before before = {0};
    auto_free char *what = NULL;
    struct bridge_names names;
    struct bridge_script script;

    if (!read_earlier(r, &before))
        return 0;
    if (refuse_ports(o, &before, err) < 0)
        return -1;
    what = xasprintf("putting back what bridge %s had", before.bridge);
    script_of(o, r->name, &before, &script, &names);
    return run_script(o->host->host, &script, "unmake", what, err);
}
