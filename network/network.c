/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/network_diff.h"
#include "network/own_bridge/own_bridge.h"
#include "network/replug.h"
#include "network/successor.h"
#include "network/users.h"

static int compare_host(const void *a, const void *b)
{
    const struct network_host *x = a, *y = b;

    if (x->ip != y->ip)
        return x->ip < y->ip ? -1 : 1;
    return ip6_compare(x->ip6, y->ip6);
}

/* Every NIC with an address on the network: a reservation and a name. A node's name means its
 * first address there. */
static void collect_node(struct network_object *o, const struct node *node)
{
    bool named = false;

    list_each(struct nic, node->nics, nic)
    {
        struct network_host host = {
            .ip = nic->ip, .ip6 = nic->ip6, .name = node->name, .nameless = named};

        if (nic->net != o->network || (!nic->ip && !ip6_is_set(nic->ip6)))
            continue;
        named = true;
        mac_format(nic->mac, host.mac);
        vector_push(o->hosts, o->host_count, host);
    }
}

static void collect_hosts(struct network_object *o, const struct cluster *cluster)
{
    for (size_t i = 0; i < cluster->node_count; i++)
        collect_node(o, &cluster->nodes[i]);
    for (size_t i = 0; i < cluster->orphan_count; i++)
        collect_node(o, &cluster->orphans[i]);
    if (o->host_count)
        qsort(o->hosts, o->host_count, sizeof *o->hosts, compare_host);
}

struct resource *network_want(struct resource_set *set, const struct site *site,
                              const struct network *network, const char *host)
{
    struct resource *r = resource_set_add(set, &network_kind, host, network->name);
    struct network_object *o = xcalloc(1, sizeof *o);

    r->wanted = true;
    r->data = o;
    o->site = site;
    o->host = site_host(site, host);
    o->network = network;
    o->name = identity_network(site->cluster_name, network->name);
    identity_network_uuid(site->cluster_name, network->name, o->uuid);
    if (network->bridge)
        snprintf(o->bridge, sizeof o->bridge, "%s", network->bridge);
    else
        identity_bridge(site->cluster_name, network->name, o->bridge);
    identity_parked_bridge(site->cluster_name, network->name, o->parked);
    mac_format(identity_bridge_mac(site->cluster_name, host, network->name), o->mac);
    collect_hosts(o, site->cluster);
    return r;
}

/* One that libvirt has chosen stays: the guests know it. */
static void keep_mac(struct network_object *o, const struct network_view *view)
{
    if (view->mac && strlen(view->mac) < sizeof o->mac)
        memcpy(o->mac, view->mac, strlen(view->mac) + 1);
}

static int network_observe(void *context, struct resource_set *set, struct error **err)
{
    const struct site *site = context;

    for (size_t h = 0; h < site->host_count; h++) {
        struct site_host *host = &site->hosts[h];

        for (size_t i = 0; i < host->survey.network_count; i++) {
            struct survey_network *found = &host->survey.networks[i];
            struct resource *r;
            struct network_object *o;

            if (!found->ours)
                continue;
            r = resource_set_find(set, &network_kind, host_name(host->host),
                                  found->view.tag.name);
            if (!r) {
                r = resource_set_add(set, &network_kind, host_name(host->host),
                                     found->view.tag.name);
                o = xcalloc(1, sizeof *o);
                o->site = site;
                o->host = host;
                o->name = xstrdup(found->name);
                snprintf(o->uuid, sizeof o->uuid, "%s", found->uuid);
                identity_bridge(site->cluster_name, found->view.tag.name, o->bridge);
                identity_parked_bridge(site->cluster_name, found->view.tag.name, o->parked);
                r->data = o;
                if (users_refuse_foreign(host, found, err) < 0)
                    return -1;
            }
            r->present = true;
            r->state = found;
            keep_mac(r->data, &found->view);
        }
    }
    successor_find(set);
    return 0;
}

bool network_yields(const struct resource *r)
{
    return ((const struct network_object *)r->data)->yields;
}

int network_render(const struct resource *r, char **ret, struct error **err)
{
    const struct network_object *o = r->data;
    json_t *spec = cluster_network_spec(o->network);
    char kind[] = "network";
    struct tag tag = {.cluster = (char *)o->site->cluster_name,
                      .kind = kind,
                      .name = r->name,
                      .host = r->host,
                      .owner = o->site->owner,
                      .spec = spec};
    struct network_template t = {.name = o->name,
                                 .bridge = o->bridge,
                                 .mac = network_is_own_bridge(o->network) ? NULL : o->mac,
                                 .domain = o->site->cluster->domain,
                                 .network = o->network,
                                 .hosts = o->hosts,
                                 .host_count = o->host_count,
                                 .tag = &tag,
                                 .before = o->before};
    int outcome;

    snprintf(t.uuid, sizeof t.uuid, "%s", o->uuid);
    outcome = network_xml(&t, ret, err);
    json_decref(spec);
    return outcome;
}

bool network_own_script(const struct resource *r, struct buffer *out)
{
    const struct network_object *o = r->data;

    if (!network_is_own_bridge(o->network))
        return false;
    own_bridge_render(r, out);
    return true;
}

static int network_create(void *context, struct resource *r, struct task *task,
                          struct error **err)
{
    const struct network_object *o = r->data;
    auto_free char *xml = NULL;
    auto_network virNetworkPtr network = NULL;

    (void)context;
    (void)task;
    if (network_is_own_bridge(o->network))
        return own_bridge_apply(r, err);
    if (network_render(r, &xml, err) < 0)
        return -1;
    auto_call struct host_call call = host_call_begin(o->host->host);
    network = virNetworkDefineXML(call.connection, xml);
    if (!network)
        return error_virt(err, "defining network '%s'", o->name);
    if (network_start(o, network, err) < 0)
        return -1;
    if (o->network->autostart && virNetworkSetAutostart(network, 1) < 0)
        return error_virt(err, "making network '%s' start with the host", o->name);
    return replug_guests(call.connection, &o->host->survey, o->name, o->bridge, err);
}

static int network_destroy(void *context, struct resource *r, struct task *task,
                           struct error **err)
{
    const struct network_object *o = r->data;
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_network virNetworkPtr network = virNetworkLookupByUUIDString(call.connection, o->uuid);

    (void)context;
    (void)task;
    if (!network)
        return virt_last_code() == VIR_ERR_NO_NETWORK
                   ? 0
                   : error_virt(err, "looking for network '%s'", o->name);
    if (virNetworkIsActive(network) == 1 && virNetworkDestroy(network) < 0 &&
        virt_last_code() != VIR_ERR_OPERATION_INVALID)
        return error_virt(err, "stopping network '%s'", o->name);
    if (own_bridge_unmake(r, err) < 0)
        return -1;
    if (virNetworkUndefine(network) < 0 && virt_last_code() != VIR_ERR_NO_NETWORK)
        return error_virt(err, "removing network '%s'", o->name);
    return network_clear_bridge(o, err);
}

static char *network_describe(void *context, const struct resource *r)
{
    const struct network_object *o = r->data;
    char text[CIDR_TEXT], text6[CIDR6_TEXT];

    (void)context;
    if (!o->network)
        return NULL;
    if (network_is_own_bridge(o->network))
        return own_bridge_describe(o);
    if (o->network->subnet6.prefix)
        return xasprintf("%-10s %s %s", network_mode_words[o->network->mode],
                         cidr_format(o->network->subnet, text),
                         cidr6_format(o->network->subnet6, text6));
    return xasprintf("%-10s %s", network_mode_words[o->network->mode],
                     cidr_format(o->network->subnet, text));
}

static void network_done(struct resource *r)
{
    struct network_object *o = r->data;

    if (!o)
        return;
    free(o->name);
    free(o->before);
    free(o->hosts);
    free(o);
}

const struct resource_kind network_kind = {
    .name = "network",
    .rank = 20,
    .observe = network_observe,
    .diff = network_diff,
    .create = network_create,
    .update = network_update,
    .destroy = network_destroy,
    .describe = network_describe,
    .done = network_done,
};
