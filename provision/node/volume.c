/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/volume.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/copy/clone.h"
#include "provision/node/grow.h"
#include "provision/pool.h"
#include "provision/store.h"
#include "util/size.h"

struct volume_object {
    struct machine *machine; /* NULL: not wanted any more */
    const struct disk *disk; /* NULL: the root overlay */
    struct site_host *host;
    char *volume; /* "web-1.data.qcow2" */
    const struct survey_volume *found;
};

static const char *disk_name(const struct volume_object *o)
{
    return o->disk ? o->disk->name : "root";
}

/* 0: not known before the image is there. */
static uint64_t wanted_capacity(const struct volume_object *o)
{
    const struct machine *m = o->machine;

    if (o->disk)
        return o->disk->size;
    return m->node->disk.size || !m->image ? m->node->disk.size : m->image->capacity;
}

static const char *wanted_format(const struct volume_object *o)
{
    return o->disk ? disk_format_name(o->disk) : "qcow2";
}

static int check_root_size(const struct volume_object *o, struct error **err)
{
    const struct machine *m = o->machine;
    char disk[SIZE_TEXT], base[SIZE_TEXT];

    if (o->disk || !m->image || m->own_image || !m->node->disk.size ||
        m->node->disk.size >= m->image->capacity)
        return 0;
    error_set(err, ERROR_CONFIG, "disk %s of node '%s' is smaller than its image '%s' (%s)",
              size_format_exact(m->node->disk.size, disk), m->name, m->node->image->name,
              size_format_exact(m->image->capacity, base));
    return error_hint(err, "set nodes.%s.disk to %s or more, or leave it out", m->node->group,
                      base);
}

struct resource *volume_want(struct machine *m, const struct disk *disk)
{
    auto_free char *name = xasprintf("%s/%s", m->name, disk ? disk->name : "root");
    struct resource *r =
        resource_set_add(&m->provision->set, &volume_kind, host_name(m->host->host), name);
    struct volume_object *o = xcalloc(1, sizeof *o);
    struct error *error = NULL;

    r->data = o;
    r->wanted = true;
    r->part_of = m->resource;
    o->machine = m;
    o->disk = disk;
    o->host = m->host;
    o->volume = disk ? machine_disk_name(m->name, disk) : machine_root_name(m->name);
    if (check_root_size(o, &error) < 0)
        provision_finding(m->provision, m->node->source, "disk", "disk-image", error);
    return r;
}

/* "web-1.data.qcow2" -> "web-1/data"; false for what is no disk of a node. */
static bool split_name(const char *volume, char **ret_node, char **ret_name)
{
    const char *dot = strchr(volume, '.');
    const char *end = dot ? strrchr(dot + 1, '.') : NULL;

    if (!end || end == dot + 1 || (strcmp(end, ".qcow2") != 0 && strcmp(end, ".raw") != 0) ||
        memchr(dot + 1, '.', (size_t)(end - dot - 1)))
        return false;
    *ret_node = xstrndup(volume, (size_t)(dot - volume));
    *ret_name = xasprintf("%s/%.*s", *ret_node, (int)(end - dot - 1), dot + 1);
    return true;
}

/* A node that is gone while its disks were kept is shown as new: what it loses must show too.
 */
static void note_kept_loss(struct resource *owner, const char *disk, const char *why)
{
    char *longer;

    if (!owner || !owner->wanted || owner->present)
        return;
    longer = xasprintf("%s%sloses the disk %s that was kept%s", owner->note ? owner->note : "",
                       owner->note ? ", " : "", disk, why);
    free(owner->note);
    owner->note = longer;
}

/* A disk in our pool that is not wanted: it goes after the node has let go of it. */
static void add_unwanted(struct provision *p, struct site_host *host,
                         struct survey_volume *found, const char *node, const char *name)
{
    struct resource_set *set = &p->set;
    struct resource *r = resource_set_add(set, &volume_kind, host_name(host->host), name);
    struct volume_object *o = xcalloc(1, sizeof *o);
    struct resource *owner = resource_set_find(set, &domain_kind, host_name(host->host), node);

    r->data = o;
    r->present = true;
    r->keep = p->options.keep_disks;
    r->part_of = owner;
    o->host = host;
    o->found = found;
    o->volume = xstrdup(found->name);
    if (owner)
        resource_need(owner, r);
    note_kept_loss(owner, strchr(name, '/') + 1, "");
    /* With --prune its base goes too, after it. */
    if (found->readable && found->view.backing_path)
        resource_need(r, resource_set_find(set, &image_kind, host_name(host->host),
                                           basename(found->view.backing_path)));
    resource_need(r, resource_set_find(set, &pool_kind, host_name(host->host), POOL_VOLUMES));
}

/* In a folder that is no pool of ours, a disk is ours when one of our nodes has it. */
static bool is_foreign(const struct survey *survey, const struct survey_volume *volume)
{
    if (survey->volumes.present)
        return false;
    for (size_t i = 0; i < survey->domain_count; i++) {
        if (survey->domains[i].ours &&
            survey_domain_has_disk(&survey->domains[i], volume->path))
            return false;
    }
    return true;
}

static void refuse_foreign(const struct volume_object *o, const struct survey_volume *found)
{
    struct error *error = NULL;

    error_set(
        &error, ERROR_CONFLICT,
        "%s is on host '%s', where disk '%s' of node '%s' should be, and is not virtopo's",
        found->path, host_name(o->host->host), disk_name(o), o->machine->name);
    error_hint(&error,
               "it will not be touched: move it elsewhere, or rename the cluster or the "
               "node");
    provision_finding(o->machine->provision,
                      o->disk ? o->disk->source : o->machine->node->source, "name",
                      "disk-foreign", error);
}

static int volume_observe(void *context, struct resource_set *set, struct error **err)
{
    struct provision *p = context;

    (void)err;
    for (size_t h = 0; h < p->site.host_count; h++) {
        struct site_host *host = &p->site.hosts[h];

        for (size_t i = 0; i < host->survey.volumes.volume_count; i++) {
            struct survey_volume *found = &host->survey.volumes.volumes[i];
            auto_free char *node = NULL;
            auto_free char *name = NULL;
            struct resource *r;

            if (!split_name(found->name, &node, &name) || clone_is_partial(host, node))
                continue;
            r = resource_set_find(set, &volume_kind, host_name(host->host), name);
            /* The same disk in another format: both are there until the node has changed over.
             */
            if (r && strcmp(((struct volume_object *)r->data)->volume, found->name) != 0) {
                if (!is_foreign(&host->survey, found))
                    add_unwanted(p, host, found, node, found->name);
                continue;
            }
            if (is_foreign(&host->survey, found)) {
                if (r)
                    refuse_foreign(r->data, found);
                continue;
            }
            if (r) {
                ((struct volume_object *)r->data)->found = found;
                r->present = found->readable;
            } else if (!provision_is_partial(p, node)) {
                add_unwanted(p, host, found, node, name);
            }
        }
    }
    return 0;
}

static void diff_base(struct resource *r, const struct volume_object *o)
{
    auto_free char *path = o->machine->image ? image_path(o->machine->image) : NULL;
    const char *backing = o->found->view.backing_path;

    if (machine_keeps(o->machine))
        return;
    /* A base of unknown digest is a script's that will be built: another one, then. */
    if (!machine_needs_recreate(o->machine, NULL) &&
        (o->machine->image ? path && backing && strcmp(path, backing) == 0 : !backing))
        return;
    r->replace = true;
    note_kept_loss(r->part_of, "root", ", which is on another image");
}

static void refuse_shrink(const struct volume_object *o, uint64_t have, uint64_t want)
{
    const struct document_node *source = o->disk ? o->disk->source : o->machine->node->source;
    struct error *error = NULL;
    char from[SIZE_TEXT], to[SIZE_TEXT];

    error_set(&error, ERROR_CONFIG, "disk '%s' of node '%s' has %s and cannot shrink to %s",
              disk_name(o), o->machine->name, size_format_exact(have, from),
              size_format_exact(want, to));
    error_hint(&error, "disks only grow: set its size to %s or more", from);
    provision_finding(o->machine->provision, source, o->disk ? "size" : "disk", "disk-shrink",
                      error);
}

/* libvirt knows the format again since it last read the folder. */
static bool is_overwritten(const struct volume_object *o)
{
    const char *format = o->found->view.format;
    struct error *error = NULL;

    if (!format || strcmp(wanted_format(o), "raw") == 0 || strcmp(format, "qcow2") == 0)
        return false;
    error_set(&error, ERROR_CONFLICT, "disk '%s' of node '%s' is not qcow2 any more: %s",
              disk_name(o), o->machine->name, o->found->path);
    error_hint(&error,
               "something wrote over it: bring it back, or remove it (virsh vol-delete --pool "
               "%s %s), and `virtopo up` makes an empty one",
               o->host->survey.volumes.name, o->volume);
    provision_finding(o->machine->provision, o->machine->node->source, "disk",
                      "disk-overwritten", error);
    return true;
}

static int volume_diff(void *context, struct resource *r, struct error **err)
{
    const struct volume_object *o = r->data;
    uint64_t want = wanted_capacity(o), have;
    auto_free char *what = NULL;
    char from[SIZE_TEXT], to[SIZE_TEXT];

    (void)context;
    (void)err;
    have = o->found->view.capacity;
    if (is_overwritten(o))
        return 0;
    if (!o->disk)
        diff_base(r, o);
    if (r->replace || !want)
        return 0;
    what = o->disk ? xasprintf("disk %s", o->disk->name) : xstrdup("disk");
    if (want == have) {
        if (grow_is_open(o->machine, o->disk))
            change_add(&r->changes, CHANGE_LIVE, what, NULL, NULL,
                       "what is on it has not grown with it yet");
        return 0;
    }
    if (want < have) {
        /* Without a size of its own the overlay may be larger than its base. */
        if (!o->disk && !o->machine->node->disk.size)
            return 0;
        refuse_shrink(o, have, want);
        return 0;
    }
    change_add(&r->changes, CHANGE_LIVE, what, size_format(have, from), size_format(want, to),
               NULL);
    return 0;
}

/* A disk kept from before (down --keep-disks) is taken up only with the base it was made on. */
static int check_adopted(const struct volume_object *o, virStorageVolPtr volume,
                         const char *backing, struct error **err)
{
    auto_free char *xml = virStorageVolGetXMLDesc(volume, 0);
    struct volume_view view = {0};
    bool same;

    if (!xml)
        return error_virt(err, "reading volume '%s'", o->volume);
    if (volume_view_parse(xml, &view, err) < 0)
        return -1;
    same = !backing ? !view.backing_path
                    : view.backing_path && strcmp(view.backing_path, backing) == 0;
    volume_view_done(&view);
    if (same)
        return 0;
    error_set(err, ERROR_CONFLICT, "volume '%s' exists already, on another base image",
              o->volume);
    return error_hint(err, "run `virtopo up` again to see what it would lose");
}

static int volume_create(void *context, struct resource *r, struct task *task,
                         struct error **err)
{
    struct volume_object *o = r->data;
    struct machine *m = o->machine;
    const struct image_object *base = o->disk ? NULL : m->image;
    auto_free char *backing = base ? image_path(base) : NULL;
    struct volume_template t = {
        .name = o->volume,
        .format = wanted_format(o),
        .capacity = wanted_capacity(o),
        .backing_path = backing,
        .backing_format = base ? base->format : NULL,
        .mode = "0600",
    };
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;

    (void)context;
    (void)task;
    if (check_root_size(o, err) < 0)
        return -1;
    if (base && !backing)
        return error_set(err, ERROR_CONFLICT,
                         "the image of node '%s', a clone, is gone from host '%s' (%.12s)",
                         m->name, host_name(o->host->host), base->digest);
    auto_call struct host_call call = host_call_begin(o->host->host);
    if (store_open(call.connection, &o->host->survey.volumes, &pool, err) < 0 ||
        store_create(pool, &t, STORE_ADOPT, &volume, err) < 0 ||
        check_adopted(o, volume, backing, err) < 0)
        return -1;
    if (!o->disk)
        m->fresh_root = true;
    return store_grow(volume, t.capacity, err);
}

/* Through the domain while it runs: the volume is QEMU's then, and the guest is told. */
static int grow_running(const struct volume_object *o, uint64_t want, bool *ret_done,
                        struct error **err)
{
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_domain virDomainPtr domain =
        virDomainLookupByUUIDString(call.connection, o->machine->uuid);
    auto_free char *path = machine_path(o->machine, o->volume);

    *ret_done = domain && virDomainIsActive(domain) == 1;
    if (*ret_done)
        grow_open(domain, o->disk);
    if (*ret_done &&
        virDomainBlockResize(domain, path, want, VIR_DOMAIN_BLOCK_RESIZE_BYTES) < 0)
        return error_virt(err, "growing disk '%s' of node '%s'", disk_name(o),
                          o->machine->name);
    return 0;
}

static int volume_update(void *context, struct resource *r, struct task *task,
                         struct error **err)
{
    const struct volume_object *o = r->data;
    uint64_t want = wanted_capacity(o);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;
    bool done = false;

    (void)context;
    if (grow_running(o, want, &done, err) < 0)
        return -1;
    if (done) {
        grow_in_guest(o->machine, o->disk, want, task);
        return 0;
    }
    grow_at_boot(o->machine, o->disk, task);
    auto_call struct host_call call = host_call_begin(o->host->host);
    if (store_open(call.connection, &o->host->survey.volumes, &pool, err) < 0)
        return -1;
    volume = virStorageVolLookupByName(pool, o->volume);
    if (!volume)
        return error_virt(err, "looking for volume '%s'", o->volume);
    return store_grow(volume, want, err);
}

static int volume_destroy(void *context, struct resource *r, struct task *task,
                          struct error **err)
{
    const struct volume_object *o = r->data;
    auto_pool virStoragePoolPtr pool = NULL;

    (void)context;
    (void)task;
    auto_call struct host_call call = host_call_begin(o->host->host);
    if (store_open(call.connection, &o->host->survey.volumes, &pool, err) < 0)
        return -1;
    return store_delete(pool, o->volume, err);
}

/* New disks are told by their node; one that the node has, and whose file is gone, is told
 * here: somebody has lost data. */
static char *volume_describe(void *context, const struct resource *r)
{
    const struct volume_object *o = r->data;
    auto_free char *path = NULL;

    (void)context;
    if (!o->machine || r->present || !o->machine->found)
        return NULL;
    path = machine_path(o->machine, o->volume);
    return survey_domain_has_disk(o->machine->found, path)
               ? xstrdup("its file is gone: made anew, empty")
               : NULL;
}

static void volume_done(struct resource *r)
{
    struct volume_object *o = r->data;

    if (!o)
        return;
    free(o->volume);
    free(o);
}

const struct resource_kind volume_kind = {
    .name = "disk",
    .holds_data = true,
    .rank = 30,
    .internal = true,
    .observe = volume_observe,
    .diff = volume_diff,
    .create = volume_create,
    .update = volume_update,
    .destroy = volume_destroy,
    .describe = volume_describe,
    .done = volume_done,
};
