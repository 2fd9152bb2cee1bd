/* SPDX-License-Identifier: Apache-2.0 */
/* From the model to resources: what there must be for the nodes that are wanted, and what
 * needs what. */
#include <stdlib.h>
#include <string.h>

#include "config/loader.h"
#include "network/network.h"
#include "network/persist/persist.h"
#include "provision/copy/clone.h"
#include "provision/node/machine.h"
#include "provision/pool.h"
#include "provision/provision.h"
#include "provision/node/readiness.h"
#include "provision/node/seed.h"
#include "provision/node/volume.h"
#include "provision/publish/publish.h"
#include "util/suggest.h"

static struct resource *wanted_node(struct provision *p, const struct node *node)
{
    return resource_set_find(&p->set, &domain_kind, node->host, node->name);
}

/* Disks that virtopo makes, and media that it brings to the host. What is there already is no
 * resource: it is only named in the domain. */
static void want_disks(struct machine *m, struct resource *pool)
{
    list_each(struct disk, m->node->disks, disk)
    {
        struct resource *volume;

        if (disk_is_foreign(disk))
            continue;
        volume = volume_want(m, disk);
        resource_need(volume, pool);
        resource_need(m->resource, volume);
    }
    list_each(struct cdrom, m->node->cdroms, cdrom)
    {
        if (cdrom->image)
            resource_need(m->resource, image_want(m->provision, cdrom->image, m->node->host));
    }
}

/* The root disk, and the seed for its first boot. */
static void want_root(struct machine *m, struct resource *image, struct resource *pool)
{
    m->root = volume_want(m, NULL);
    resource_need(m->root, image);
    resource_need(m->resource, image);
    resource_need(m->root, pool);
    resource_need(m->resource, m->root);
    m->seed = seed_want(m);
    resource_need(m->seed, pool);
    /* Whether the guest boots for the first time decides what its seed says. */
    resource_need(m->seed, m->root);
    resource_need(m->resource, m->seed);
}

static bool is_in_reach(const struct machine *m)
{
    list_each(struct nic, m->node->nics, nic)
    {
        if (machine_reaches(m, nic))
            return true;
    }
    return false;
}

/* Whether `up` waits for it. Where that would be in vain, it is said. */
static bool is_waited_for(struct provision *p, const struct machine *m)
{
    const struct node *node = m->node;
    const struct document_node *at = document_get(node->source, "networks");

    if (node->ready.kind != READY_SSH || p->options.no_wait || p->options.no_start)
        return false;
    if (is_in_reach(m))
        return true;
    diagnostic_hint(
        (loader_has_ready_kind(node) ? diagnostics_error : diagnostics_warning)(
            p->diagnostics, at ? at->position : node->source->position, "ready-macvtap",
            "node '%s' %s: its NICs are on devices of host '%s' by macvtap, and the host "
            "itself does not reach them",
            node->group,
            loader_has_ready_kind(node) ? "cannot be waited for" : "is not waited for",
            host_name(m->host->host)),
        "write 'ready: none', or give it a NIC on another network too");
    return false;
}

static int want_node(struct provision *p, const struct node *node, struct error **err)
{
    struct machine *m = machine_new(p, site_host(&p->site, node->host), node->name);
    struct resource *r = resource_set_add(&p->set, &domain_kind, node->host, node->name);
    struct resource *pool = pool_want(p, node->host, POOL_VOLUMES);
    struct resource *image = NULL;

    r->data = m;
    r->wanted = true;
    m->resource = r;
    m->node = node;
    if (!clone_keep_image(m) && node->image) {
        image = image_want(p, node->image, node->host);
        m->image = image_of(image);
    }
    if (machine_hash_seed(m, err) < 0)
        return error_wrap(err, "node '%s'", node->name);
    if (!disk_is_none(&node->disk))
        want_root(m, image, pool);
    want_disks(m, pool);
    if (p->options.clone_name && strcmp(p->options.clone_name, node->name) == 0)
        clone_want(m);
    list_each(struct nic, node->nics, nic)
        resource_need(r, resource_set_find(&p->set, &network_kind, node->host, nic->network));
    publish_want(m);
    if (is_waited_for(p, m)) {
        m->ready = readiness_want(m);
        resource_need(m->ready, r);
    }
    return 0;
}

static void connect_dependencies(struct provision *p, const struct node *node)
{
    struct resource *r = wanted_node(p, node);

    for (size_t i = 0; r && i < node->dependency_count; i++) {
        struct resource *other = wanted_node(p, node->dependencies[i]);
        const struct machine *m = other ? other->data : NULL;

        if (m)
            resource_need(r, m->ready ? m->ready : other);
    }
}

static void select_with_dependencies(const struct cluster *cluster, const struct node *node,
                                     bool *selected)
{
    if (selected[node - cluster->nodes])
        return;
    selected[node - cluster->nodes] = true;
    for (size_t i = 0; i < node->dependency_count; i++)
        select_with_dependencies(cluster, node->dependencies[i], selected);
}

/* A clone is made of its node alone. */
static int select_named(const struct provision *p, const char *name, bool *selected,
                        struct error **err)
{
    const struct cluster *cluster = p->site.cluster;
    struct suggest suggest = suggest_start(name);
    bool found = false;

    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];

        suggest_offer(&suggest, node->name);
        suggest_offer(&suggest, node->group);
        if (strcmp(node->name, name) == 0 || strcmp(node->group, name) == 0) {
            if (p->options.clone_name)
                selected[i] = true;
            else
                select_with_dependencies(cluster, node, selected);
            found = true;
        }
    }
    if (found)
        return 0;
    error_set(err, ERROR_USAGE, "there is no node '%s' in %s", name, cluster->file);
    return suggest_result(&suggest)
               ? error_hint(err, "did you mean '%s'?", suggest_result(&suggest))
               : -1;
}

int provision_want(struct provision *p, const char *const *nodes, size_t count,
                   struct error **err)
{
    struct cluster *cluster = p->site.cluster;
    bool *selected = count ? xcalloc(cluster->node_count, sizeof *selected) : NULL;

    free(p->site.selected);
    p->site.selected = selected;
    for (size_t i = 0; i < count; i++) {
        if (select_named(p, nodes[i], selected, err) < 0)
            return -1;
    }
    p->partial = count > 0;
    for (size_t h = 0; h < p->site.host_count; h++)
        list_each(struct network, cluster->networks, network) if (!network_is_foreign(network))
            persist_want(
                &p->set, &p->site,
                network_want(&p->set, &p->site, network, host_name(p->site.hosts[h].host)));
    for (size_t i = 0; i < cluster->node_count; i++) {
        if ((!selected || selected[i]) && want_node(p, &cluster->nodes[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < cluster->node_count; i++)
        connect_dependencies(p, &cluster->nodes[i]);
    return p->diagnostics->errors ? -1 : 0;
}

static int want_image(struct provision *p, const char *name, struct error **err)
{
    const struct cluster *cluster = p->site.cluster;
    const struct image *image = cluster_image(cluster, name);
    struct suggest suggest = suggest_start(name);

    if (image) {
        for (size_t h = 0; h < p->site.host_count; h++)
            image_want(p, image, host_name(p->site.hosts[h].host));
        return 0;
    }
    list_each(struct image, cluster->images, other) suggest_offer(&suggest, other->name);
    error_set(err, ERROR_USAGE, "there is no image '%s' in %s", name, cluster->file);
    return suggest_result(&suggest)
               ? error_hint(err, "did you mean '%s'?", suggest_result(&suggest))
               : -1;
}

/* "k8s@2" is a step of k8s. */
bool provision_rebuilds(const struct provision *p, const struct image *image)
{
    size_t length = strcspn(image->name, "@");

    for (size_t i = 0; p->options.rebuild && i < p->rebuilt_count; i++) {
        const char *name = p->rebuilt[i]->name;

        if (strncmp(name, image->name, length) == 0 && name[length] == '\0')
            return true;
    }
    return false;
}

/* Before any is wanted: what one stands on may be named behind it. */
static void note_rebuilt(struct provision *p, const char *const *names, size_t count,
                         bool (*select)(const struct image *image))
{
    const struct cluster *cluster = p->site.cluster;

    p->rebuilt_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct image *image = cluster_image(cluster, names[i]);

        if (image)
            vector_push(p->rebuilt, p->rebuilt_count, image);
    }
    list_each(struct image, cluster->images, image)
    {
        if (count == 0 && select(image))
            vector_push(p->rebuilt, p->rebuilt_count, image);
    }
}

int provision_want_images(struct provision *p, const char *const *names, size_t count,
                          bool (*select)(const struct image *image), struct error **err)
{
    p->partial = true;
    note_rebuilt(p, names, count, select);
    for (size_t i = 0; i < count; i++) {
        if (want_image(p, names[i], err) < 0)
            return -1;
    }
    list_each(struct image, p->site.cluster->images, image)
    {
        if (count == 0 && select(image) && want_image(p, image->name, err) < 0)
            return -1;
    }
    return p->diagnostics->errors ? -1 : 0;
}
