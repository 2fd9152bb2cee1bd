/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a clone can be made. */
#include <stdlib.h>
#include <string.h>

#include "config/schema/schema_types.h"
#include "host/identity.h"
#include "provision/copy/clone.h"
#include "provision/node/device_diff.h"
#include "util/size.h"
#include "util/suggest.h"

#define NAME_LONGEST 63

/* The node's domain on the host that it is to be on; NULL: not made. */
static const struct survey_domain *domain_of(const struct provision *p, const struct node *node)
{
    const struct survey_domain *d;
    char uuid[UUID_TEXT];

    identity_domain_uuid(p->site.cluster_name, node->name, uuid);
    d = survey_domain(&site_host(&p->site, node->host)->survey, uuid);
    return d && d->ours ? d : NULL;
}

static int unknown(const struct provision *p, const char *name, struct error **err)
{
    const struct cluster *cluster = p->site.cluster;
    struct suggest suggest = suggest_start(name);

    for (size_t i = 0; i < cluster->orphan_count; i++) {
        if (strcmp(cluster->orphans[i].name, name) != 0)
            continue;
        error_set(err, ERROR_USAGE,
                  "node '%s' is a clone of '%s', and neither is in %s: what a clone of it "
                  "would be is not known",
                  name, cluster->orphans[i].clone_of, cluster->file);
        return error_hint(err, "write it into the file first; `virtopo import %s_%s` says how",
                          cluster->name, name);
    }
    for (size_t i = 0; i < cluster->node_count; i++)
        suggest_offer(&suggest, cluster->nodes[i].name);
    error_set(err, ERROR_USAGE, "there is no node '%s' in %s", name, cluster->file);
    return suggest_result(&suggest)
               ? error_hint(err, "did you mean '%s'?", suggest_result(&suggest))
               : -1;
}

static int exists(const struct provision *p, const char *name, struct error **err)
{
    error_set(err, ERROR_CONFLICT, "node '%s' exists already", name);
    return error_hint(err,
                      "choose another name for the clone of '%s'; `virtopo status` shows "
                      "the nodes that there are",
                      p->options.clone_of);
}

/* Disks of that name that a node left, with `down --keep-disks` or otherwise. */
static int check_volumes(const struct provision *p, const struct node *node, struct error **err)
{
    const struct site_host *host = site_host(&p->site, node->host);
    size_t length = strlen(node->name);

    if (clone_is_partial(host, node->name))
        return 0;
    for (size_t i = 0; i < host->survey.volumes.volume_count; i++) {
        const struct survey_volume *v = &host->survey.volumes.volumes[i];

        if (strncmp(v->name, node->name, length) != 0 || v->name[length] != '.' ||
            clone_is_leftover(v->name) || strstr(v->name, ".console.log") ||
            strstr(v->name, ".seed-"))
            continue;
        error_set(err, ERROR_CONFLICT, "%s is there, a disk of an earlier node '%s'", v->path,
                  node->name);
        return error_hint(err,
                          "choose another name, or remove it: virsh vol-delete --pool %s "
                          "%s",
                          host->survey.volumes.name, v->name);
    }
    return 0;
}

int clone_check_names(const struct provision *p, struct error **err)
{
    const char *of = p->options.clone_of, *name = p->options.clone_name;
    const struct node *source = cluster_node(p->site.cluster, of), *node;

    if (!source)
        return unknown(p, of, err);
    if (!schema_is_name(name, NAME_LONGEST)) {
        error_set(err, ERROR_USAGE, "'%s' cannot be the name of a node", name);
        return error_hint(err, "lower case letters, digits and '-' inside, at most %d",
                          NAME_LONGEST);
    }
    if (strcmp(of, name) == 0)
        return error_set(err, ERROR_USAGE, "a clone needs a name of its own");
    node = cluster_node(p->site.cluster, name);
    if (domain_of(p, node))
        return exists(p, name, err);
    if (!domain_of(p, source)) {
        error_set(err, ERROR_CONFLICT, "node '%s' is not made yet: it has no disks to copy",
                  of);
        return error_hint(err, "virtopo up %s", of);
    }
    if (strcmp(source->host, node->host) != 0)
        return error_set(err, ERROR_USAGE,
                         "node '%s' is on host '%s', and '%s' is to be on "
                         "'%s': a clone is made on the host of its disks",
                         of, source->host, name, node->host);
    return check_volumes(p, node, err);
}

/* What two machines of a host cannot both have. */
static int check_devices(const struct provision *p, const struct node *node, struct error **err)
{
    const struct hostdev_setting *devices = &node->devices;

    list_each(struct disk, node->disks, disk)
    {
        if (!disk_is_foreign(disk) || disk->shareable || disk->readonly)
            continue;
        error_set(err, ERROR_CONFLICT,
                  "disk '%s' of node '%s' (%s) is not virtopo's to copy, "
                  "and no two nodes can write to it",
                  disk->name, p->options.clone_of,
                  disk_source_text(p->site.cluster->arena, &disk->from));
        return error_hint(err, "write nodes.%s without it into the file, then clone again",
                          p->options.clone_name);
    }
    if (devices->pci.count + devices->usb.count + devices->mdev.count == 0)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "node '%s' has devices of the host, which no two nodes can "
              "have",
              p->options.clone_of);
    return error_hint(err, "write nodes.%s without them into the file, then clone again",
                      p->options.clone_name);
}

static int check_moved(const struct provision *p, const struct node *source, struct error **err)
{
    struct machine *m =
        machine_new((struct provision *)p, site_host(&p->site, source->host), source->name);
    const struct domain_view_disk *moved;
    int outcome = 0;

    m->node = source;
    moved = device_moved(m);
    if (moved) {
        error_set(err, ERROR_CONFLICT,
                  "node '%s' runs on %s, a snapshot made outside of virtopo", source->name,
                  moved->path);
        outcome = error_hint(
            err, "merge it first: virsh blockcommit %s %s --active --shallow --pivot",
            m->domain_name, moved->target);
    }
    machine_free(m);
    return outcome;
}

/* The copy is an overlay of what the original is an overlay of. */
static int check_base(const struct provision *p, const struct node *source,
                      const struct node *node, struct error **err)
{
    const struct site_host *host = site_host(&p->site, node->host);
    const struct resource *r = resource_set_find(&p->set, &domain_kind, node->host, node->name);
    const struct machine *m = r ? r->data : NULL;
    auto_free char *root = machine_root_name(source->name);
    const struct survey_volume *have = survey_pool_volume(&host->survey.volumes, root);
    auto_free char *base = m && m->image ? image_path(m->image) : NULL;
    const char *backing = have && have->readable ? have->view.backing_path : NULL;

    if (disk_is_none(&node->disk) != disk_is_none(&source->disk))
        return error_set(err, ERROR_CONFLICT, "only one of '%s' and '%s' has a root disk",
                         source->name, node->name);
    if (disk_is_none(&node->disk) ||
        (m && m->image ? base && backing && strcmp(base, backing) == 0 : !backing))
        return 0;
    error_set(err, ERROR_CONFLICT,
              "the root disk of node '%s' is not on the image that '%s' is to have%s%s",
              source->name, node->name, node->image ? ": " : "",
              node->image ? node->image->name : "");
    return error_hint(err, "`virtopo plan` says what became of the image of '%s'",
                      source->name);
}

static int check_room(const struct provision *p, const struct node *source, struct error **err)
{
    const struct survey_pool *pool = &site_host(&p->site, source->host)->survey.volumes;
    size_t length = strlen(source->name);
    uint64_t need = 0;
    char wanted[SIZE_TEXT], there[SIZE_TEXT];

    for (size_t i = 0; i < pool->volume_count; i++) {
        const struct survey_volume *v = &pool->volumes[i];

        if (v->readable && strncmp(v->name, source->name, length) == 0 &&
            v->name[length] == '.')
            need += v->view.allocation;
    }
    if (!pool->available || need <= pool->available)
        return 0;
    error_set(err, ERROR_FAILED, "the disks of '%s' take %s, and %s has room for %s",
              source->name, size_format(need, wanted), pool->path,
              size_format(pool->available, there));
    return error_hint(err, "free some space there first");
}

/* A copy has the size that the original has now, and disks do not shrink. */
static int check_size(const struct site_host *host, const struct node *node, const char *disk,
                      const char *original, uint64_t wanted, struct error **err)
{
    const struct survey_volume *have = survey_pool_volume(&host->survey.volumes, original);
    char size[SIZE_TEXT], there[SIZE_TEXT];

    if (!have || !have->readable || !wanted || wanted >= have->view.capacity)
        return 0;
    error_set(err, ERROR_CONFIG,
              "disk '%s' of node '%s' is to have %s, and what it is to be a copy of has %s",
              disk, node->name, size_format_exact(wanted, size),
              size_format_exact(have->view.capacity, there));
    return error_hint(err, "disks only grow: set its size to %s or more", there);
}

static int check_sizes(const struct provision *p, const struct node *source,
                       const struct node *node, struct error **err)
{
    const struct site_host *host = site_host(&p->site, node->host);
    auto_free char *root = machine_root_name(source->name);

    if (!disk_is_none(&node->disk) &&
        check_size(host, node, "root", root, node->disk.size, err) < 0)
        return -1;
    list_each(struct disk, node->disks, disk)
    {
        auto_free char *name = machine_disk_name(source->name, disk);

        if (!disk_is_foreign(disk) &&
            check_size(host, node, disk->name, name, disk->size, err) < 0)
            return -1;
    }
    return 0;
}

int clone_check(struct provision *p, struct error **err)
{
    const struct node *source = cluster_node(p->site.cluster, p->options.clone_of);
    const struct node *node = cluster_node(p->site.cluster, p->options.clone_name);

    if (check_devices(p, node, err) < 0 || check_moved(p, source, err) < 0 ||
        check_base(p, source, node, err) < 0 || check_sizes(p, source, node, err) < 0)
        return -1;
    return check_room(p, source, err);
}
