/* SPDX-License-Identifier: Apache-2.0 */
#include "network/conflict.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/bridge.h"
#include "network/presence.h"

struct wanted {
    const struct site_host *host;
    const struct network *network;
    char uuid[UUID_TEXT];
    char *name;
    char bridge[BRIDGE_TEXT];
};

static struct position position_of(const struct network *network, const char *key)
{
    const struct document_node *value = document_get(network->source, key);

    return value ? value->position : network->source->position;
}

static const char *whose(const struct survey_network *other)
{
    return other->view.tag.cluster ? "another cluster's network" : "the network";
}

static void check_subnet(const struct wanted *w, const struct survey_network *other,
                         struct diagnostics *d)
{
    char ours[CIDR_TEXT], theirs[CIDR_TEXT];

    for (size_t i = 0; i < other->view.subnet_count; i++) {
        struct cidr subnet = other->view.subnets[i];

        if (!cidr_overlaps(w->network->subnet, subnet))
            continue;
        subnet.address = cidr_network(subnet);
        diagnostic_hint(
            diagnostics_error(d, position_of(w->network, "subnet"), "network-overlap",
                              "subnet %s overlaps %s '%s' (%s) on host '%s'",
                              cidr_format(w->network->subnet, ours), whose(other), other->name,
                              cidr_format(subnet, theirs), host_name(w->host->host)),
            "choose another subnet; `virsh net-list --all` shows what is there");
        return;
    }
}

static void check_identity(const struct wanted *w, const struct survey_network *other,
                           struct diagnostics *d)
{
    bool same_name = strcmp(other->name, w->name) == 0;

    if (!same_name && strcmp(other->uuid, w->uuid) != 0)
        return;
    diagnostic_hint(
        diagnostics_error(d, w->network->source->key_position, "network-foreign",
                          "a network named '%s'%s is on host '%s' and is not virtopo's",
                          other->name, same_name ? "" : ", with the UUID that ours would get,",
                          host_name(w->host->host)),
        "it will not be touched: remove it (virsh net-undefine %s), or rename the cluster or "
        "the network",
        other->name);
}

static void check_bridge(const struct wanted *w, const struct survey_network *other,
                         struct diagnostics *d)
{
    if (!other->view.bridge || strcmp(other->view.bridge, w->bridge) != 0)
        return;
    diagnostics_error(d, position_of(w->network, "bridge"), "network-bridge",
                      "bridge %s belongs to network '%s' on host '%s'", w->bridge, other->name,
                      host_name(w->host->host));
}

static void check_against(const struct wanted *w, struct diagnostics *d)
{
    const struct survey *survey = &w->host->survey;
    const struct survey_network *mine = survey_network(survey, w->uuid);

    for (size_t i = 0; i < survey->network_count; i++) {
        const struct survey_network *other = &survey->networks[i];

        /* Our own ones, also those that go away in this run, are the plan's business. */
        if (other->ours)
            continue;
        check_identity(w, other, d);
        check_bridge(w, other, d);
        check_subnet(w, other, d);
    }
    if (!(mine && mine->view.bridge && strcmp(mine->view.bridge, w->bridge) == 0) &&
        host_is_local(w->host->host) && !host_is_mock(w->host->host) &&
        if_nametoindex(w->bridge) != 0 && (w->network->bridge || !bridge_is_idle(w->bridge)))
        diagnostic_hint(
            diagnostics_error(d, position_of(w->network, "bridge"), "network-bridge",
                              "a network device %s exists on the host already", w->bridge),
            "give the network another `bridge`, or remove the device");
}

static bool is_used(const struct site_host *host, const struct cluster *cluster,
                    const struct network *network)
{
    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];

        list_each(struct nic, node->nics, nic)
        {
            if (nic->net == network && strcmp(node->host, host_name(host->host)) == 0)
                return true;
        }
    }
    return false;
}

void conflict_find(const struct site *site, struct diagnostics *d)
{
    for (size_t i = 0; i < site->host_count; i++)
        list_each(struct network, site->cluster->networks, network)
        {
            struct wanted w = {.host = &site->hosts[i], .network = network};

            /* ours are made on every host */
            if (!network_is_foreign(network) || is_used(w.host, site->cluster, network))
                presence_find(w.host, network, d);
            if (network_is_foreign(network))
                continue;
            w.name = identity_network(site->cluster_name, network->name);
            identity_network_uuid(site->cluster_name, network->name, w.uuid);
            if (network->bridge)
                snprintf(w.bridge, sizeof w.bridge, "%s", network->bridge);
            else
                identity_bridge(site->cluster_name, network->name, w.bridge);
            check_against(&w, d);
            free(w.name);
        }
}
