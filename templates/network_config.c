/* SPDX-License-Identifier: Apache-2.0 */
/* The seed's network-config, version 2: what cloud-init hands on to netplan, or translates. */
#include "templates/cloud_init.h"

#include <string.h>

#include "templates/yaml_writer.h"

static bool is_static(const struct nic *nic)
{
    return nic->net && nic->ip && !nic->dynamic;
}

static bool is_static6(const struct nic *nic)
{
    return nic->net && nic->ip6_from == NIC_IP6_STATIC && ip6_is_set(nic->ip6);
}

/* Every network's resolver knows every node, but only those with a way out know the world:
 * an isolated one's is asked only where there is no other. */
static bool resolver_leads_out(const struct node *node)
{
    bool any = false;

    list_each(const struct nic, node->nics, nic)
    {
        any = any || (nic->net && nic->net->dns.enabled && network_mode(nic->net)->leads_out);
    }
    return any;
}

static void add_address(json_t *list, const char *address, unsigned prefix)
{
    json_array_append_new(list, json_sprintf("%s/%u", address, prefix));
}

static void add_addresses(json_t *item, const struct nic *nic)
{
    json_t *list = json_array();
    char ip[IP4_TEXT], ip6[IP6_TEXT];

    if (is_static(nic))
        add_address(list, ip4_format(nic->ip, ip), nic->net->subnet.prefix);
    if (is_static6(nic))
        add_address(list, ip6_format(nic->ip6, ip6), nic->net->subnet6.prefix);
    if (json_array_size(list))
        json_object_set(item, "addresses", list);
    json_decref(list);
}

static void add_route(json_t *list, const char *to, const char *via)
{
    json_array_append_new(list, json_pack("{s:s, s:s}", "to", to, "via", via));
}

/* Where the address comes later, the router is not known to be near until then. */
static void add_extra(json_t *list, const struct nic *nic, const struct route *route)
{
    json_t *item = json_pack("{s:s, s:s}", "to", route->to, "via", route->via);

    if (!(route->six ? is_static6(nic) : is_static(nic)))
        json_object_set_new(item, "on-link", json_true());
    json_array_append_new(list, item);
}

/* A router needs no route to itself; what a NIC says goes before what its network says. */
static bool is_wanted(const struct seed_template *t, const struct nic *nic,
                      const struct route *route, const struct list *better)
{
    if (route_is_default(route) && node_default_nic(t->node, route->six) != nic)
        return false;
    if (route->six ? ip6_compare(route->via6, nic->ip6) == 0 : route->via4 == nic->ip)
        return false;
    if (better)
        list_each(const struct route, *better, other)
        {
            if (strcmp(other->to, route->to) == 0)
                return false;
        }
    return true;
}

static void add_routes(json_t *item, const struct seed_template *t, const struct nic *nic)
{
    json_t *list = json_array();
    char ip[IP4_TEXT], ip6[IP6_TEXT];

    /* "default" instead of the prefix is unknown to older netplan and cloud-init */
    if (is_static(nic) && nic->net->gateway && node_default_nic(t->node, false) == nic &&
        !nic_routes_all(nic, false))
        add_route(list, "0.0.0.0/0", ip4_format(nic->net->gateway, ip));
    if (is_static6(nic) && ip6_is_set(nic->net->gateway6) &&
        node_default_nic(t->node, true) == nic && !nic_routes_all(nic, true))
        add_route(list, "::/0", ip6_format(nic->net->gateway6, ip6));
    if (nic->net)
        list_each(const struct route, nic->net->routes, route)
        {
            if (is_wanted(t, nic, route, &nic->routes))
                add_extra(list, nic, route);
        }
    list_each(const struct route, nic->routes, route)
    {
        if (is_wanted(t, nic, route, NULL))
            add_extra(list, nic, route);
    }
    if (json_array_size(list))
        json_object_set(item, "routes", list);
    json_decref(list);
}

static void add_nameservers(json_t *item, const struct seed_template *t, const struct nic *nic)
{
    const struct dns_setting *dns = nic->net ? &nic->net->dns : NULL;
    json_t *servers, *search;
    bool own = dns && is_static(nic) && dns->enabled &&
               network_mode(nic->net)->leads_out == resolver_leads_out(t->node);
    char ip[IP4_TEXT];

    if (!dns || !(own || dns->servers.count || dns->search.count))
        return;
    servers = json_array();
    for (size_t i = 0; i < dns->servers.count; i++)
        json_array_append_new(servers, json_string(dns->servers.items[i]));
    if (own && !dns->servers.count)
        json_array_append_new(servers, json_string(ip4_format(nic->net->gateway, ip)));
    search = json_pack("[s]", t->cluster->domain);
    for (size_t i = 0; i < dns->search.count; i++)
        json_array_append_new(search, json_string(dns->search.items[i]));
    json_object_set_new(item, "nameservers",
                        json_array_size(servers)
                            ? json_pack("{s:O, s:O}", "addresses", servers, "search", search)
                            : json_pack("{s:O}", "search", search));
    json_decref(servers);
    json_decref(search);
}

/* Whether its DHCP server sends a router that is not the node's way out. */
static bool brings_false_route(const struct seed_template *t, const struct nic *nic)
{
    return nic->net && node_default_nic(t->node, false) != nic &&
           (network_mode(nic->net)->leads_out || !network_mode(nic->net)->serves);
}

static json_t *ethernet(const struct seed_template *t, const struct nic *nic, bool first)
{
    json_t *item = json_object();
    char mac[MAC_TEXT];
    long long mtu = nic->mtu > 0 ? nic->mtu : nic->net ? nic->net->mtu : 0;

    json_object_set_new(item, "match",
                        json_pack("{s:s}", "macaddress", mac_format(nic->mac, mac)));
    json_object_set_new(item, "dhcp4", json_boolean(!is_static(nic)));
    if (!is_static(nic) && brings_false_route(t, nic))
        json_object_set_new(item, "dhcp4-overrides", json_pack("{s:b}", "use-routes", 0));
    json_object_set_new(item, "dhcp6", json_boolean(nic->ip6_from == NIC_IP6_DHCP));
    /* where the address is known, so is the way: waiting for routers would delay the boot */
    json_object_set_new(item, "accept-ra", json_boolean(nic->ip6_from != NIC_IP6_STATIC));
    add_addresses(item, nic);
    add_routes(item, t, nic);
    add_nameservers(item, t, nic);
    if (mtu > 0)
        json_object_set_new(item, "mtu", json_integer(mtu));
    /* the boot waits for the first one only */
    if (!first)
        json_object_set_new(item, "optional", json_true());
    return item;
}

int seed_network_config(const struct seed_template *t, struct buffer *out, struct error **err)
{
    json_t *ethernets = json_object();
    json_t *data = json_pack("{s:i, s:o}", "version", 2, "ethernets", ethernets);
    size_t index = 0;
    int result;

    list_each(const struct nic, t->node->nics, nic)
    {
        auto_free char *name = xasprintf("net%zu", index);

        json_object_set_new(ethernets, name, ethernet(t, nic, index == 0));
        index++;
    }
    result = yaml_write(data, out, err);
    json_decref(data);
    return result;
}
