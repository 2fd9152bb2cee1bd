/* SPDX-License-Identifier: Apache-2.0 */
/* The seed's network-config, version 2: what cloud-init hands on to netplan, or translates. */
#include "templates/cloud_init.h"

#include <string.h>

#include "templates/yaml_writer.h"

static bool is_static(const struct nic *nic)
{
    return nic->ip && !nic->dynamic;
}

static json_t *ip_string(uint32_t ip)
{
    char text[IP4_TEXT];

    return json_string(ip4_format(ip, text));
}

/* Every network's resolver knows every node, but only those with a way out know the world:
 * an isolated one's is asked only where there is no other. */
static bool resolver_leads_out(const struct node *node)
{
    bool any = false;

    list_each(const struct nic, node->nics, nic)
    {
        any = any || (nic->net && nic->net->dns && network_mode(nic->net)->leads_out);
    }
    return any;
}

/* The first with an address on a network that leads out. */
static const struct nic *default_route(const struct node *node)
{
    list_each(const struct nic, node->nics, nic)
    {
        if (nic->net && network_leads_out(nic->net))
            return is_static(nic) ? nic : NULL; /* DHCP brings its own */
    }
    return NULL;
}

static void add_static(json_t *item, const struct seed_template *t, const struct nic *nic)
{
    char ip[IP4_TEXT];
    auto_free char *address =
        xasprintf("%s/%u", ip4_format(nic->ip, ip), nic->net->subnet.prefix);

    json_object_set_new(item, "addresses", json_pack("[s]", address));
    /* "default" instead of the prefix is unknown to older netplan and cloud-init */
    if (nic == default_route(t->node))
        json_object_set_new(
            item, "routes",
            json_pack("[{s:s, s:o}]", "to", "0.0.0.0/0", "via", ip_string(nic->net->gateway)));
    if (nic->net->dns && network_mode(nic->net)->leads_out == resolver_leads_out(t->node))
        json_object_set_new(item, "nameservers",
                            json_pack("{s:[o], s:[s]}", "addresses",
                                      ip_string(nic->net->gateway), "search",
                                      t->cluster->domain));
}

static json_t *ethernet(const struct seed_template *t, const struct nic *nic, bool first)
{
    json_t *item = json_object();
    char mac[MAC_TEXT];
    long long mtu = nic->mtu > 0 ? nic->mtu : nic->net ? nic->net->mtu : 0;
    bool fixed = is_static(nic) && nic->net;

    json_object_set_new(item, "match",
                        json_pack("{s:s}", "macaddress", mac_format(nic->mac, mac)));
    json_object_set_new(item, "dhcp4", json_boolean(!fixed));
    json_object_set_new(item, "dhcp6", json_false());
    /* nobody advertises on these networks: waiting for it would delay the boot */
    json_object_set_new(item, "accept-ra", json_false());
    if (fixed)
        add_static(item, t, nic);
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
