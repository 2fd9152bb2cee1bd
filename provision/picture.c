/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/picture.h"

#include <stdlib.h>
#include <string.h>

#include "provision/status.h"

static void add_file_networks(const struct cluster *cluster, struct picture *picture)
{
    list_each(struct network, cluster->networks, network)
    {
        json_t *spec = cluster_network_spec(network);

        picture_network(picture, network->name, spec);
        json_decref(spec);
    }
}

static struct picture_node *add_file_node(const struct node *node, struct picture *picture)
{
    json_t *spec = cluster_node_spec(node);
    struct picture_node *added =
        picture_node(picture, node->name, node->group, node->host, spec);

    json_decref(spec);
    return added;
}

void provision_picture_file(const struct cluster *cluster, struct picture *ret)
{
    picture_init(ret, cluster->name);
    list_each(struct host_entry, cluster->hosts, host) picture_host(ret, host->name);
    add_file_networks(cluster, ret);
    for (size_t i = 0; i < cluster->node_count; i++)
        add_file_node(&cluster->nodes[i], ret);
    picture_sort(ret);
}

static enum picture_state state_of(enum node_state state)
{
    switch (state) {
    case NODE_RUNNING:
        return PICTURE_RUNNING;
    case NODE_PAUSED:
        return PICTURE_PAUSED;
    case NODE_STOPPED:
        return PICTURE_STOPPED;
    case NODE_CRASHED:
        return PICTURE_CRASHED;
    case NODE_KILLED:
        return PICTURE_KILLED;
    case NODE_MISSING:
        break;
    }
    return PICTURE_MISSING;
}

static const json_t *spec_of(const struct site *site, const struct node_status *n)
{
    for (size_t h = 0; h < site->host_count; h++) {
        const struct survey *survey = &site->hosts[h].survey;

        for (size_t i = 0; i < survey->domain_count; i++) {
            const struct tag *tag = &survey->domains[i].config.tag;

            if (survey->domains[i].ours && strcmp(tag->name, n->name) == 0 &&
                strcmp(host_name(site->hosts[h].host), n->host) == 0)
                return tag->spec;
        }
    }
    return NULL;
}

/* Addresses that the tag does not have: leases. They are in the tag's order. */
static void add_leases(struct picture *picture, struct picture_node *node,
                       const struct node_status *n)
{
    for (size_t i = 0; i < node->link_count && i < n->address_count; i++) {
        struct picture_link *link = &node->links[i];

        if (n->addresses[i].ip[0] && (!link->ip || strcmp(link->ip, "DHCP") == 0))
            link->ip = arena_strdup(picture->arena, n->addresses[i].ip);
    }
}

/* At the NIC that it is about, or at the node. */
static void add_faults(struct picture *picture, struct picture_node *node,
                       const struct node_status *n)
{
    for (size_t i = 0; i < n->faults.count; i++) {
        const struct fault *fault = &n->faults.items[i];
        auto_free char *text = fault_text(fault);

        if (!fault->network && fault->kind != FAULT_KILLED)
            node->fault = arena_strdup(picture->arena, text);
        for (size_t l = 0; fault->network && l < node->link_count; l++) {
            struct picture_link *link = &node->links[l];

            if (strcmp(picture->networks[link->network].name, fault->network) != 0)
                continue;
            link->down |= fault->kind == FAULT_LINK_DOWN;
            link->fault = link->fault
                              ? arena_printf(picture->arena, "%s; %s", link->fault, text)
                              : arena_strdup(picture->arena, text);
        }
    }
}

static void add_node(const struct site *site, const struct node_status *n,
                     struct picture *picture)
{
    const struct node *in_file = site->cluster ? cluster_node(site->cluster, n->name) : NULL;
    struct picture_node *added;

    if (n->state == NODE_MISSING) {
        if (in_file)
            add_file_node(in_file, picture)->state = PICTURE_MISSING;
        return;
    }
    added = picture_node(picture, n->name, in_file ? in_file->group : NULL, n->host,
                         spec_of(site, n));
    added->state = state_of(n->state);
    added->cpus = n->cpus;
    added->memory = n->memory;
    add_leases(picture, added, n);
    add_faults(picture, added, n);
}

static void add_networks(const struct site *site, const struct survey *survey,
                         struct picture *picture)
{
    for (size_t i = 0; i < survey->network_count; i++) {
        const struct survey_network *found = &survey->networks[i];
        const struct tag *tag = &found->view.tag;

        if (found->ours && strcmp(tag->cluster, site->cluster_name) == 0)
            picture_network(picture, tag->name, tag->spec)->state =
                found->active ? PICTURE_RUNNING : PICTURE_STOPPED;
    }
}

void provision_picture_live(const struct site *site, struct picture *ret)
{
    auto_status struct status status = {0};

    picture_init(ret, site->cluster_name);
    ret->live = true;
    for (size_t h = 0; h < site->host_count; h++)
        picture_host(ret, host_name(site->hosts[h].host));
    /* In the file's order where there is one; what is not ours is there, or not ours to say. */
    if (site->cluster)
        add_file_networks(site->cluster, ret);
    for (size_t i = 0; i < ret->network_count; i++)
        ret->networks[i].state = ret->networks[i].foreign ? PICTURE_RUNNING : PICTURE_MISSING;
    for (size_t h = 0; h < site->host_count; h++)
        add_networks(site, &site->hosts[h].survey, ret);
    status_read(site, &status);
    for (size_t i = 0; i < status.node_count; i++)
        add_node(site, &status.nodes[i], ret);
    for (size_t i = 0; i < ret->network_count; i++) {
        if (ret->networks[i].state == PICTURE_PLANNED)
            ret->networks[i].state = PICTURE_RUNNING;
    }
    picture_sort(ret);
}
