/* SPDX-License-Identifier: Apache-2.0 */
#include "network/conflict.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/bridge.h"
#include "network/own_bridge/own_bridge.h"
#include "network/presence.h"
#include "network/subnet.h"

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

/* True after a finding. */
static bool check_overlap(const struct wanted *w, const struct survey_network *other,
                          const struct subnet *ours, struct subnet theirs,
                          struct diagnostics *d)
{
    char own[SUBNET_TEXT], text[SUBNET_TEXT];

    if (!subnet_overlaps(ours, &theirs))
        return false;
    theirs.four.address = cidr_network(theirs.four);
    theirs.of6.address = cidr6_network(theirs.of6);
    diagnostic_hint(diagnostics_error(d, position_of(w->network, ours->key), "network-overlap",
                                      "%s %s overlaps %s '%s' (%s) on host '%s'", ours->key,
                                      subnet_format(ours, own), whose(other), other->name,
                                      subnet_format(&theirs, text), host_name(w->host->host)),
                    "choose another %s; `virsh net-list --all` shows what is there", ours->key);
    return true;
}

static void check_subnet(const struct wanted *w, const struct survey_network *other,
                         struct diagnostics *d)
{
    const struct network_view *view = &other->view;
    struct subnet mine[2];
    size_t count = subnet_of(w->network, mine);

    for (size_t m = 0; m < count; m++) {
        bool found = false;

        for (size_t i = 0; !found && i < view->subnet_count; i++)
            found =
                check_overlap(w, other, &mine[m], (struct subnet){.four = view->subnets[i]}, d);
        for (size_t i = 0; !found && i < view->subnet6_count; i++)
            found = check_overlap(w, other, &mine[m],
                                  (struct subnet){.six = true, .of6 = view->subnets6[i]}, d);
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
        if (network_mode(w->network)->serves)
            check_subnet(w, other, d);
    }
    if (!network_mode(w->network)->serves)
        return;
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
                presence_find(&site->hosts[i], network, d);
            if (network_is_foreign(network))
                continue;
            w.name = identity_network(site->cluster_name, network->name);
            identity_network_uuid(site->cluster_name, network->name, w.uuid);
            if (network->bridge)
                snprintf(w.bridge, sizeof w.bridge, "%s", network->bridge);
            else
                identity_bridge(site->cluster_name, network->name, w.bridge);
            check_against(&w, d);
            if (network_is_own_bridge(network))
                own_bridge_find(site, &site->hosts[i], network, d);
            free(w.name);
        }
}
