/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/provision.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "host/key.h"
#include "network/address_plan.h"
#include "network/mac_plan.h"
#include "network/conflict.h"
#include "network/forward_plan.h"
#include "network/guard/guard.h"
#include "network/network.h"
#include "network/persist/persist.h"
#include "provision/check/host_check.h"
#include "provision/copy/clone.h"
#include "provision/node/machine.h"
#include "provision/pool.h"
#include "provision/node/readiness.h"
#include "provision/node/seed.h"
#include "provision/node/volume.h"
#include "provision/publish/publish.h"

static const struct resource_kind *const image_kinds[] = {&pool_kind, &image_kind, NULL};
const struct resource_kind *const provision_kinds[] = {
    &pool_kind, &network_kind,   &image_kind,   &domain_kind,  &clone_kind, &volume_kind,
    &seed_kind, &readiness_kind, &publish_kind, &persist_kind, NULL,
};

/* The addresses that nodes have according to their tags. The texts stay the survey's. */
static void collect_records(const struct site *site, struct address_record **ret, size_t *count)
{
    for (size_t h = 0; h < site->host_count; h++) {
        const struct survey *survey = &site->hosts[h].survey;

        for (size_t i = 0; i < survey->domain_count; i++) {
            const struct tag *tag = &survey->domains[i].config.tag;
            const json_t *nics = json_object_get(tag->spec, "networks");
            json_t *nic;
            size_t n;

            if (!survey->domains[i].ours)
                continue;
            json_array_foreach (nics, n, nic) {
                const char *ip = json_string_value(json_object_get(nic, "ip"));
                const char *ip6 = json_string_value(json_object_get(nic, "ip6"));
                struct address_record record = {
                    .node = tag->name,
                    .network = json_string_value(json_object_get(nic, "network"))};

                bool any = ip && ip4_parse(ip, &record.ip, NULL) == 0;

                any = (ip6 && ip6_parse(ip6, &record.ip6, NULL) == 0) || any;
                if (any && record.network)
                    vector_push(*ret, *count, record);
            }
        }
    }
}

static void plan_macs(const struct site *site)
{
    for (size_t h = 0; h < site->host_count; h++) {
        const struct survey *survey = &site->hosts[h].survey;

        for (size_t i = 0; i < survey->domain_count; i++) {
            const struct tag *tag = &survey->domains[i].config.tag;
            struct node *node =
                survey->domains[i].ours ? cluster_node(site->cluster, tag->name) : NULL;

            if (node)
                mac_plan(site->cluster->name, node, json_object_get(tag->spec, "networks"));
        }
    }
}

static int plan_addresses(struct provision *p, struct error **err)
{
    struct address_record *records = NULL;
    size_t count = 0;
    int outcome;

    collect_records(&p->site, &records, &count);
    outcome = address_plan(p->site.cluster, records, count, err);
    if (outcome == 0)
        forward_plan(&p->site);
    free(records);
    plan_macs(&p->site);
    return outcome;
}

/* Domains that are not ours, and have a name or a UUID that a node of ours needs. */
static void find_foreign_domains(const struct provision *p, struct diagnostics *d)
{
    const struct cluster *cluster = p->site.cluster;

    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];
        const struct site_host *host = site_host(&p->site, node->host);
        auto_free char *name = identity_domain(cluster->name, node->name);
        const struct survey_domain *other = survey_domain_named(&host->survey, name);
        char uuid[UUID_TEXT];

        identity_domain_uuid(cluster->name, node->name, uuid);
        if (!other || other->ours)
            other = survey_domain(&host->survey, uuid);
        if (!other || other->ours)
            continue;
        diagnostic_hint(
            diagnostics_error(d, node->source->key_position, "node-foreign",
                              "a domain named '%s' is on host '%s' and is not virtopo's",
                              other->name, node->host),
            "it will not be touched: remove it (virsh destroy %s; virsh undefine %s), or "
            "rename "
            "the cluster or the node",
            other->name, other->name);
    }
}

/* The cluster's own key that the nodes were given, when this machine does not have it. One that
 * the file named before, and does not any more, is another: told by key_ensure()'s comment. */
static char *recall_public_key(const struct provision *p)
{
    auto_free char *comment = key_comment(p->site.cluster_name);

    for (size_t h = 0; h < p->site.host_count; h++) {
        const struct survey *survey = &p->site.hosts[h].survey;

        for (size_t i = 0; i < survey->domain_count; i++) {
            const json_t *login = json_object_get(survey->domains[i].config.tag.spec, "login");
            const char *key = json_string_value(json_object_get(login, "key"));

            if (survey->domains[i].ours && key && strstr(key, comment))
                return xstrdup(key);
        }
    }
    return NULL;
}

static int find_key(struct provision *p, struct error **err)
{
    const struct cluster *cluster = p->site.cluster;
    auto_error struct error *reason = NULL;

    p->own_key = !cluster->ssh.key;
    p->key_path = p->own_key ? key_cluster_path(cluster->name) : xstrdup(cluster->ssh.key);
    if (key_public(p->key_path, &p->public_key, &reason) == 0)
        return 0;
    if (!p->own_key || reason->kind != ERROR_NOT_FOUND) {
        error_move(err, TAKE(reason));
        return error_hint(err, "ssh.key names the private key that guests are reached with; "
                               "leave it out and virtopo makes one");
    }
    p->public_key = recall_public_key(p);
    return 0;
}

static int open_cluster(struct provision *p, struct diagnostics *d, struct error **err)
{
    clone_adopt(p);
    conflict_find(&p->site, d);
    find_foreign_domains(p, d);
    if (clone_check_orphans(p, d, err) < 0 || plan_addresses(p, err) < 0 ||
        (!p->options.images_only && guard_find(&p->site, d, err) < 0))
        return -1;
    return find_key(p, err);
}

int provision_open(const struct provision_options *options, struct diagnostics *d,
                   struct provision *ret, struct error **err)
{
    *ret = (struct provision){.options = *options, .diagnostics = d};
    if (site_open(options->cluster, options->cluster_name, options->uri, options->dir,
                  options->parallel, &ret->site, err) < 0)
        return -1;
    if (!options->cluster) {
        ret->set.unwanted_note = "";
        ret->key_path = key_cluster_path(options->cluster_name);
        return 0;
    }
    if (open_cluster(ret, d, err) < 0) {
        provision_close(ret);
        return -1;
    }
    return 0;
}

/* Addresses that an earlier look gave out are given out anew. */
static void forget_addresses(struct cluster *cluster)
{
    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            if (!nic->ip_explicit)
                nic->ip = 0;
            if (!nic->ip6_explicit)
                nic->ip6 = (struct ip6){0};
        }
}

int provision_reopen(struct provision *p, struct diagnostics *d, struct error **err)
{
    resource_set_done(&p->set);
    if (site_survey(&p->site, err) < 0)
        return -1;
    if (clone_has_leftovers(p) && (clone_sweep(p, err) < 0 || site_survey(&p->site, err) < 0))
        return -1;
    if (!p->options.cluster) {
        p->set.unwanted_note = "";
        return 0;
    }
    forget_addresses(p->site.cluster);
    free(TAKE(p->key_path));
    free(TAKE(p->public_key));
    return open_cluster(p, d, err);
}

int provision_offline(struct cluster *cluster, struct diagnostics *d, struct provision *ret,
                      struct error **err)
{
    *ret = (struct provision){.options = {.cluster = cluster}, .diagnostics = d};
    site_offline(cluster, &ret->site);
    if (plan_addresses(ret, err) < 0 || find_key(ret, err) < 0) {
        provision_close(ret);
        return -1;
    }
    return 0;
}

void provision_close(struct provision *p)
{
    resource_set_done(&p->set);
    site_close(&p->site);
    free(p->key_path);
    free(p->public_key);
    free(p->rebuilt);
    *p = (struct provision){0};
}

void provision_finding(struct provision *p, const struct document_node *source, const char *key,
                       const char *check, struct error *error)
{
    const struct document_node *value = document_get(source, key);
    auto_free char *text = error_text(error);
    struct diagnostic *finding = diagnostics_error(
        p->diagnostics, value ? value->position : source->position, check, "%s", text);

    if (error->hint)
        diagnostic_hint(finding, "%s", error->hint);
    error_free(error);
}

bool provision_is_partial(const struct provision *p, const char *node)
{
    const struct cluster *cluster = p->site.cluster;
    const struct node *known = cluster ? cluster_node(cluster, node) : NULL;

    if (clone_is_stray(p, node))
        return true;
    return p->partial &&
           (!known || !resource_set_find(&p->set, &domain_kind, known->host, node));
}

/* A run for some nodes neither removes nor changes anything else. */
static void keep_others(struct provision *p)
{
    for (size_t i = 0; i < p->set.count; i++) {
        struct resource *r = p->set.items[i];

        if (!r->wanted && !r->part_of)
            r->keep = true;
    }
}

int provision_plan(struct provision *p, struct plan *ret, struct error **err)
{
    const struct resource_kind *const *kinds =
        p->options.images_only ? image_kinds : provision_kinds;

    for (; *kinds; kinds++) {
        if ((*kinds)->observe && (*kinds)->observe(p, &p->set, err) < 0)
            return -1;
    }
    if (p->partial)
        keep_others(p);
    if (plan_compare(&p->set, p, ret, err) < 0)
        return -1;
    if ((!p->site.cluster || (host_check(p, err) == 0 && publish_check(p, err) == 0)) &&
        !p->diagnostics->errors)
        return 0;
    plan_done(ret);
    return -1;
}

int provision_lock(struct provision *p, enum lock_mode mode, struct provision_locks *ret,
                   struct error **err)
{
    auto_free char *name = xasprintf("cluster/%s", p->site.cluster_name);

    *ret = (struct provision_locks){0};
    for (size_t i = 0; i < p->site.host_count; i++) {
        struct host_lock lock;

        if (host_lock_take(p->site.hosts[i].host, name, mode, &lock, err) < 0) {
            provision_unlock(ret);
            return -1;
        }
        vector_push(ret->items, ret->count, lock);
    }
    return 0;
}

void provision_unlock(struct provision_locks *locks)
{
    for (size_t i = 0; i < locks->count; i++) {
        struct host *host = locks->items[i].host;

        host_lock_release(&locks->items[i]);
        host_lock_sweep(host);
    }
    free(locks->items);
    *locks = (struct provision_locks){0};
}

void provision_sweep(struct provision *p)
{
    for (size_t i = 0; i < p->site.host_count; i++)
        host_lock_sweep(p->site.hosts[i].host);
}

/* Whether this run will log in somewhere. */
static bool waits_for_ssh(const struct provision *p)
{
    for (size_t i = 0; i < p->set.count; i++) {
        const struct resource *r = p->set.items[i];

        if (r->kind == &readiness_kind &&
            (r->action == ACTION_CREATE || r->action == ACTION_REPLACE))
            return true;
    }
    return false;
}

/* Better now than after minutes of waiting for guests that cannot let us in. */
static int check_key(const struct provision *p, struct error **err)
{
    auto_error struct error *reason = NULL;

    if (!waits_for_ssh(p) || key_check_usable(p->key_path, &reason) == 0)
        return 0;
    if (reason->kind == ERROR_NOT_FOUND && p->own_key)
        error_hint(&reason,
                   "bring the key from the machine where the cluster was made; without it, "
                   "`virtopo up --no-wait` changes what can be changed");
    return error_move(err, TAKE(reason));
}

int provision_prepare(struct provision *p, struct error **err)
{
    auto_free char *comment = key_comment(p->site.cluster_name);

    if (!p->own_key || p->public_key)
        return check_key(p, err);
    if (key_ensure(p->key_path, comment, err) < 0 ||
        key_public(p->key_path, &p->public_key, err) < 0)
        return error_wrap(err, "making the cluster's key");
    for (size_t i = 0; i < p->set.count; i++) {
        struct resource *r = p->set.items[i];

        if (r->kind == &domain_kind && r->wanted && machine_hash_seed(r->data, err) < 0)
            return -1;
    }
    return 0;
}
