/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/status.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "host/nic_address.h"
#include "network/forward_plan.h"

static const char *const state_names[] = {"missing", "running", "paused",
                                          "stopped", "crashed", "killed"};

const char *node_state_name(enum node_state state)
{
    return state_names[state];
}

static enum node_state state_of(const struct survey_domain *d)
{
    switch (d->state) {
    case VIR_DOMAIN_PAUSED:
    case VIR_DOMAIN_PMSUSPENDED:
        return NODE_PAUSED;
    case VIR_DOMAIN_CRASHED:
        return NODE_CRASHED;
    case VIR_DOMAIN_SHUTOFF:
        return faults_find(&d->config.faults, FAULT_KILLED, NULL) ? NODE_KILLED : NODE_STOPPED;
    default:
        return NODE_RUNNING;
    }
}

static void ask_lease(struct host *host, const char *cluster, struct node_address *a)
{
    auto_free char *name = identity_network(cluster, a->network);
    auto_call struct host_call call = host_call_begin(host);
    auto_network virNetworkPtr network = virNetworkLookupByName(call.connection, name);
    virNetworkDHCPLeasePtr *leases = NULL;
    int count = network ? virNetworkGetDHCPLeases(network, a->mac, &leases, 0) : 0;

    for (int i = 0; i < count; i++) {
        if (leases[i]->ipaddr && leases[i]->type == VIR_IP_ADDR_TYPE_IPV6)
            snprintf(a->ip6, sizeof a->ip6, "%.45s", leases[i]->ipaddr);
        else if (leases[i]->ipaddr && !a->ip[0])
            snprintf(a->ip, sizeof a->ip, "%.15s", leases[i]->ipaddr);
        virNetworkDHCPLeaseFree(leases[i]);
    }
    free(leases);
}

static const struct domain_view_nic *nic_with(const struct survey_domain *d, const char *mac)
{
    struct mac wanted;

    for (size_t i = 0; mac_parse(mac, &wanted, NULL) == 0 && i < d->live.nic_count; i++) {
        if (memcmp(&d->live.nics[i].mac, &wanted, sizeof wanted) == 0)
            return &d->live.nics[i];
    }
    return NULL;
}

/* From the leases of our own network; on somebody else's, whatever libvirt knows. */
static void ask_address(struct host *host, const struct survey_domain *d, const char *cluster,
                        struct node_address *a)
{
    auto_free char *own = identity_network(cluster, a->network);
    const struct domain_view_nic *nic = nic_with(d, a->mac);
    uint32_t forward;

    a->is_user = nic && nic->is_user;
    if (a->is_user) {
        if (forward_reach_ssh(host, nic, &forward, &a->port))
            ip4_format(forward, a->ip);
        return;
    }

    if (nic && (!nic->network || strcmp(nic->network, own) != 0)) {
        auto_call struct host_call call = host_call_begin(host);
        auto_domain virDomainPtr domain = virDomainLookupByUUIDString(call.connection, d->uuid);
        uint32_t ip = domain ? nic_address(domain, nic->mac) : 0;

        if (ip)
            ip4_format(ip, a->ip);
        return;
    }
    ask_lease(host, cluster, a);
}

static const char *spec_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void read_addresses(const struct site_host *host, const struct survey_domain *d,
                           struct node_status *n)
{
    const json_t *nics = json_object_get(d->config.tag.spec, "networks");
    json_t *nic;
    size_t i;

    json_array_foreach (nics, i, nic) {
        const char *network = spec_text(nic, "network");
        const char *ip = spec_text(nic, "ip"), *mac = spec_text(nic, "mac");
        const char *ip6 = spec_text(nic, "ip6");
        struct node_address a = {.network = xstrdup(network ? network : "?")};

        const struct domain_view_nic *live = mac ? nic_with(d, mac) : NULL;

        snprintf(a.mac, sizeof a.mac, "%s", mac ? mac : "");
        a.apart = live && live->dev && !live->network && host_is_local(host->host);
        if (ip6 && strchr(ip6, ':'))
            snprintf(a.ip6, sizeof a.ip6, "%s", ip6);
        if (ip && strcmp(ip, "dhcp") != 0)
            snprintf(a.ip, sizeof a.ip, "%s", ip);
        if (d->active && (!a.ip[0] || (ip6 && strcmp(ip6, "dhcp") == 0)))
            ask_address(host->host, d, n->cluster, &a);
        vector_push(n->addresses, n->address_count, a);
    }
}

static bool has_drifted(const struct survey_domain *d)
{
    return d->has_live &&
           (d->live.memory != d->config.memory || d->live.cpus != d->config.cpus ||
            d->live.nic_count != d->config.nic_count);
}

static bool asks_for_ready(const json_t *spec)
{
    const json_t *ready = json_object_get(spec, "ready");
    const char *kind =
        json_is_string(ready) ? json_string_value(ready) : spec_text(ready, "kind");

    return kind && strcmp(kind, "none") != 0;
}

static void add_domain(const struct site *site, const struct site_host *host,
                       const struct survey_domain *d, struct status *s)
{
    const struct tag *tag = &d->config.tag;
    struct node_status n = {.cluster = xstrdup(tag->cluster),
                            .name = xstrdup(tag->name),
                            .host = xstrdup(host_name(host->host)),
                            .state = state_of(d),
                            .cpus = d->config.cpus,
                            .memory = d->config.memory,
                            .has_ready = asks_for_ready(tag->spec),
                            .drifted = has_drifted(d)};

    n.unwanted = site->cluster && !cluster_node(site->cluster, tag->name);
    n.clone_of = xstrdup_null(tag->clone_of);
    n.ready = xstrdup_null(d->has_live ? d->live.ready : NULL);
    n.image = xstrdup_null(spec_text(tag->spec, "image"));
    n.user = xstrdup_null(spec_text(json_object_get(tag->spec, "login"), "user"));
    n.host_key = xstrdup_null(tag->extra_hostkey);
    n.owner = xstrdup_null(tag->owner);
    faults_copy(d->has_live ? &d->live.faults : &d->config.faults, &n.faults);
    if (d->has_live) /* said of an earlier run */
        faults_remove(&n.faults, FAULT_KILLED, NULL);
    read_addresses(host, d, &n);
    vector_push(s->nodes, s->node_count, n);
}

static bool is_listed(const struct status *s, const char *name)
{
    for (size_t i = 0; i < s->node_count; i++) {
        if (strcmp(s->nodes[i].name, name) == 0)
            return true;
    }
    return false;
}

static void add_missing(const struct cluster *cluster, struct status *s)
{
    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];
        struct node_status n = {.cluster = NULL};

        if (is_listed(s, node->name))
            continue;
        n = (struct node_status){.cluster = xstrdup(cluster->name),
                                 .name = xstrdup(node->name),
                                 .host = xstrdup(node->host),
                                 .cpus = node->cpus.count,
                                 .memory = node->memory.size,
                                 .image = xstrdup_null(node->image_name)};
        vector_push(s->nodes, s->node_count, n);
    }
}

/* "web-2" before "web-10". */
static int compare_nodes(const void *a, const void *b)
{
    const struct node_status *x = a, *y = b;
    int order = strcmp(x->cluster, y->cluster);

    return order ? order : strverscmp(x->name, y->name);
}

void status_read(const struct site *site, struct status *ret)
{
    *ret = (struct status){0};
    for (size_t h = 0; h < site->host_count; h++) {
        const struct site_host *host = &site->hosts[h];

        for (size_t i = 0; i < host->survey.domain_count; i++) {
            const struct survey_domain *d = &host->survey.domains[i];

            if (d->ours)
                add_domain(site, host, d, ret);
        }
        for (size_t i = 0; i < host->survey.network_count; i++) {
            const struct survey_network *found = &host->survey.networks[i];
            struct network_status n = {.active = found->active};

            if (!found->ours)
                continue;
            n.cluster = xstrdup(found->view.tag.cluster);
            n.name = xstrdup(found->view.tag.name);
            n.host = xstrdup(host_name(host->host));
            n.bridge = xstrdup_null(found->view.bridge);
            if (found->view.subnet.prefix) {
                struct cidr subnet = {cidr_network(found->view.subnet),
                                      found->view.subnet.prefix};

                cidr_format(subnet, n.subnet);
            }
            vector_push(ret->networks, ret->network_count, n);
        }
    }
    if (site->cluster)
        add_missing(site->cluster, ret);
    if (ret->node_count)
        qsort(ret->nodes, ret->node_count, sizeof *ret->nodes, compare_nodes);
}

void status_done(struct status *status)
{
    for (size_t i = 0; i < status->node_count; i++) {
        struct node_status *n = &status->nodes[i];

        for (size_t a = 0; a < n->address_count; a++)
            free(n->addresses[a].network);
        free(n->addresses);
        free(n->cluster);
        free(n->name);
        free(n->host);
        free(n->ready);
        free(n->image);
        free(n->user);
        free(n->host_key);
        free(n->owner);
        free(n->clone_of);
        faults_done(&n->faults);
    }
    for (size_t i = 0; i < status->network_count; i++) {
        free(status->networks[i].cluster);
        free(status->networks[i].name);
        free(status->networks[i].host);
        free(status->networks[i].bridge);
    }
    free(status->nodes);
    free(status->networks);
    *status = (struct status){0};
}

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

static json_t *address_json(const struct node_address *a)
{
    json_t *object =
        json_pack("{s:s, s:o, s:o, s:o}", "network", a->network, "ip", text_or_null(a->ip),
                  "ip6", text_or_null(a->ip6), "mac", text_or_null(a->mac));

    if (a->port)
        json_object_set_new(object, "port", json_integer(a->port));
    return object;
}

json_t *status_node_json(const struct node_status *n)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "cluster", n->cluster, "name", n->name,
                  "host", n->host, "state", node_state_name(n->state), "cpus",
                  (json_int_t)n->cpus, "memory_bytes", (json_int_t)n->memory);
    json_t *addresses = json_array(), *faults = json_array();

    for (size_t i = 0; i < n->address_count; i++)
        json_array_append_new(addresses, address_json(&n->addresses[i]));
    json_object_set_new(object, "addresses", addresses);
    json_object_set_new(object, "ready_since", text_or_null(n->ready));
    json_object_set_new(object, "image", text_or_null(n->image));
    json_object_set_new(object, "user", text_or_null(n->user));
    json_object_set_new(object, "host_key", text_or_null(n->host_key));
    json_object_set_new(object, "owner", text_or_null(n->owner));
    json_object_set_new(object, "in_file", json_boolean(!n->unwanted));
    if (n->clone_of)
        json_object_set_new(object, "clone_of", json_string(n->clone_of));
    json_object_set_new(object, "waits_for_restart", json_boolean(n->drifted));
    for (size_t i = 0; i < n->faults.count; i++)
        json_array_append_new(faults, fault_json(&n->faults.items[i]));
    json_object_set_new(object, "faults", faults);
    return object;
}

json_t *status_network_json(const struct network_status *n)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "cluster", n->cluster, "name", n->name,
                     "host", n->host, "state", n->active ? "running" : "stopped", "bridge",
                     text_or_null(n->bridge), "subnet", text_or_null(n->subnet));
}
