/* SPDX-License-Identifier: Apache-2.0 */
#include "network/own_bridge/own_bridge.h"

#include <string.h>

struct compared {
    struct resource *r;
    const struct network_object *o;
    const struct links *links;
    const struct link *bridge;           /* ours, or NULL */
    const struct bridge_before *earlier; /* as last applied */
    bool has_earlier;
};

static const char outside[] = "changed outside of virtopo";

static void live(const struct compared *c, const char *what, const char *from, const char *to,
                 const char *note)
{
    change_add(&c->r->changes, CHANGE_LIVE, what, from, to, note);
}

static void recreate(struct resource *r, const char *what, const char *from, const char *to)
{
    if (strcmp(from ? from : "none", to ? to : "none") == 0)
        return;
    change_add(&r->changes, CHANGE_RECREATE, what, from, to, NULL);
    r->replace = true;
}

static void text_changed(const struct compared *c, const char *what, const char *from,
                         const char *to)
{
    if (strcmp(from ? from : "", to ? to : "") != 0)
        live(c, what, from, to, NULL);
}

static char *number(long long value)
{
    return value ? xasprintf("%lld", value) : NULL;
}

/* What the file says otherwise than when it was last applied. */
static void diff_file(const struct compared *c, const struct bridge_script *script)
{
    auto_free char *from = number(c->earlier->vlan), *to = number(c->o->network->vlan.tag);
    const struct bridge_lines *own = &c->earlier->own;

    text_changed(c, "uplink", c->earlier->uplink, c->o->network->uplink);
    text_changed(c, "vlan", from, to);
    for (size_t i = 0; i < own->count; i++) {
        bool stays = false;

        for (size_t k = 0; k < ARRAY_SIZE(script->addresses); k++)
            stays = stays ||
                    (script->addresses[k] && strcmp(script->addresses[k], own->items[i]) == 0);
        if (!stays)
            live(c, "address", own->items[i], NULL, NULL);
    }
}

static bool was_own(const struct compared *c, const char *address)
{
    for (size_t i = 0; i < c->earlier->own.count; i++) {
        if (strcmp(c->earlier->own.items[i], address) == 0)
            return true;
    }
    return false;
}

static void diff_address(const struct compared *c, const char *address)
{
    if (address && !link_has_address(c->bridge, address))
        live(c, "address", NULL, address, was_own(c, address) ? outside : NULL);
}

/* What the uplink had, and the bridge has no more. */
static void diff_moved(const struct compared *c)
{
    for (size_t i = 0; i < c->earlier->addresses.count; i++) {
        const char *line = c->earlier->addresses.items[i];
        auto_free char *address = xstrndup(line, strcspn(line, " "));

        /* leases end, and what comes from a router may change */
        if (strstr(line, " valid_lft ") || strstr(line, " peer "))
            continue;
        if (!link_has_address(c->bridge, address))
            live(c, "address", NULL, address, outside);
    }
}

static void diff_number(const struct compared *c, const char *what, const char *unit,
                        long long from, long long to)
{
    auto_free char *a = xasprintf("%lld%s", from, unit), *b = xasprintf("%lld%s", to, unit);

    if (from != to)
        live(c, what, a, b, NULL);
}

static void diff_settings(const struct compared *c)
{
    const struct network *n = c->o->network;
    uint64_t delay = own_bridge_delay(n);

    if (!c->bridge->up)
        live(c, "state", "down", "up", outside);
    if (c->bridge->stp != n->stp)
        live(c, "stp", c->bridge->stp ? "on" : "off", n->stp ? "on" : "off", NULL);
    diff_number(c, "forward_delay", "ms", c->bridge->forward_delay,
                (long long)(delay / 10 * 10));
    if (n->mtu)
        diff_number(c, "mtu", "", c->bridge->mtu, n->mtu);
}

static void diff_port(const struct compared *c, const struct bridge_script *script)
{
    const char *port = script->vlan_device ? script->vlan_device : script->uplink;
    const struct link *link = port ? links_find(c->links, port) : NULL;

    if (!port)
        return;
    if (!link)
        live(c, "port", NULL, port, outside);
    else if (!link->master || strcmp(link->master, c->o->bridge) != 0)
        live(c, "port", "unplugged", port, outside);
    else if (!link->up)
        live(c, "port", "down", "up", outside);
}

static void diff_host(const struct compared *c)
{
    struct bridge_names names;
    struct bridge_script script;

    own_bridge_script(c->o, NULL, &script, &names);
    if (!c->has_earlier)
        live(c, "record", NULL, "written", NULL);
    else
        diff_file(c, &script);
    if (!c->bridge) {
        live(c, "bridge", NULL, c->o->bridge,
             c->has_earlier && ((const struct survey_network *)c->r->state)->active ? outside
                                                                                    : NULL);
        return;
    }
    if (c->r->changes.count == 0)
        diff_port(c, &script);
    diff_settings(c);
    for (size_t i = 0; i < ARRAY_SIZE(script.addresses); i++)
        diff_address(c, script.addresses[i]);
    diff_moved(c);
}

int own_bridge_diff(struct resource *r, struct error **err)
{
    const struct network_object *o = r->data;
    const struct survey_network *found = r->state;
    auto_free char *mark = bridge_mark(o->site->cluster_name, r->name);
    auto_before struct bridge_before earlier = {0};
    struct compared c = {.r = r, .o = o, .earlier = &earlier};

    recreate(r, "mode",
             found->view.forward_mode ? mode_of_forward(found->view.forward_mode) : "isolated",
             "bridge");
    recreate(r, "bridge", found->view.bridge, o->bridge);
    if (r->replace)
        return 0;
    c.has_earlier =
        found->view.before && bridge_before_parse(found->view.before, &earlier, NULL) == 0;
    if (site_links(o->host, &c.links, err) < 0)
        return -1;
    c.bridge = links_find(c.links, o->bridge);
    if (c.bridge && (!c.bridge->alias || strcmp(c.bridge->alias, mark) != 0))
        c.bridge = NULL;
    diff_host(&c);
    return 0;
}
