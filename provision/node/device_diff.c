/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/device_diff.h"

#include <string.h>

#include "host/identity.h"
#include "provision/node/domain_diff.h"
#include "util/size.h"

static const struct domain_view_disk *view_disk(const struct domain_view *view,
                                                const char *path)
{
    for (size_t i = 0; i < view->disk_count; i++) {
        if (view->disks[i].path && strcmp(view->disks[i].path, path) == 0)
            return &view->disks[i];
    }
    return NULL;
}

static const struct domain_view_disk *view_alias(const struct domain_view *view,
                                                 const char *alias)
{
    for (size_t i = 0; i < view->disk_count; i++) {
        if (view->disks[i].alias && strcmp(view->disks[i].alias, alias) == 0)
            return &view->disks[i];
    }
    return NULL;
}

/* What the tag says of a disk, or NULL. */
static const json_t *applied_disk(const struct machine *m, const char *name)
{
    const json_t *disks = json_object_get(machine_applied(m), "disks");
    json_t *disk;
    size_t i;

    json_array_foreach (disks, i, disk) {
        const char *known = json_string_value(json_object_get(disk, "name"));

        if (known && strcmp(known, name) == 0)
            return disk;
    }
    return NULL;
}

/* The file that virtopo made for a disk, or NULL: it was somebody else's. */
static char *applied_path(const struct machine *m, const char *name)
{
    const json_t *disk = applied_disk(m, name);
    const char *format = json_string_value(json_object_get(disk, "format"));
    struct disk made = {.name = name};
    auto_free char *volume = NULL;

    if (json_object_get(disk, "source"))
        return NULL;
    made.format = format && strcmp(format, "raw") == 0 ? DISK_FORMAT_RAW : DISK_FORMAT_DEFAULT;
    volume = machine_disk_name(m->name, &made);
    return machine_path(m, volume);
}

static char *root_path(const struct machine *m)
{
    auto_free char *volume = machine_root_name(m->name);

    return machine_path(m, volume);
}

/* Where a wanted disk is, its own file or somebody's; NULL: on the network. */
static char *disk_path(const struct machine *m, const struct disk *disk)
{
    auto_free char *volume = NULL;

    if (disk->from.kind == DISK_SOURCE_FILE)
        return xstrdup(disk->from.file);
    if (disk->from.kind == DISK_SOURCE_BLOCK)
        return xstrdup(disk->from.block);
    if (disk_is_foreign(disk))
        return NULL;
    volume = machine_disk_name(m->name, disk);
    return machine_path(m, volume);
}

/* The disk with that alias, where its file is not `path`: a snapshot made outside of virtopo
 * put another one in its place, and what was written since is there. */
static const struct domain_view_disk *find_moved(const struct domain_view *view,
                                                 const char *alias, const char *path)
{
    for (size_t i = 0; i < view->disk_count; i++) {
        const struct domain_view_disk *disk = &view->disks[i];

        if (disk->alias && disk->path && strcmp(disk->alias, alias) == 0 &&
            strcmp(disk->path, path) != 0)
            return disk;
    }
    return NULL;
}

static const struct domain_view_disk *first_moved(const struct machine *m,
                                                  const struct domain_view *view)
{
    for (size_t i = 0; i < view->disk_count; i++) {
        const char *alias = view->disks[i].alias ? view->disks[i].alias : "";
        const char *name = strcmp(alias, "ua-root") == 0        ? "root"
                           : strncmp(alias, "ua-disk-", 8) == 0 ? alias + 8
                                                                : NULL;
        auto_free char *path = !name                       ? NULL
                               : strcmp(name, "root") == 0 ? root_path(m)
                                                           : applied_path(m, name);

        if (path && view->disks[i].path && strcmp(view->disks[i].path, path) != 0)
            return &view->disks[i];
    }
    return NULL;
}

const struct domain_view_disk *device_moved(const struct machine *m)
{
    const struct domain_view_disk *moved = first_moved(m, &m->found->config);

    return moved || !m->found->has_live ? moved : first_moved(m, &m->found->live);
}

static bool diff_moved(struct resource *r, const struct machine *m, const char *alias,
                       const char *what, const char *path)
{
    const struct domain_view_disk *moved = find_moved(&m->found->config, alias, path);
    auto_free char *note = NULL;

    if (!moved && m->found->has_live)
        moved = find_moved(&m->found->live, alias, path);
    if (!moved)
        return false;
    note = xasprintf("what was written since a snapshot from outside would be lost; `virsh "
                     "blockcommit %s %s --active --shallow --pivot` keeps it",
                     m->domain_name, moved->target);
    change_add(&r->changes, CHANGE_DATA_LOSS, what, moved->path, path, note);
    if (m->found->active)
        change_add(&r->changes, CHANGE_RESTART, what, NULL, NULL, "back on its own file");
    return true;
}

static enum change_class plug_class(const struct machine *m, int bus)
{
    return m->found->active && !disk_can_hotplug(bus) ? CHANGE_RESTART : CHANGE_LIVE;
}

/* True when the disk was another one under the same name: made in another format, or not by
 * virtopo. That is told by its key; the loss of one that virtopo made, by its file. */
static bool is_replaced(const struct machine *m, const struct disk *disk, const char *path)
{
    auto_free char *before = applied_path(m, disk->name);

    return applied_disk(m, disk->name) && (before || !disk_is_foreign(disk)) &&
           (!before || !path || strcmp(before, path) != 0);
}

static bool is_at(const struct domain_view_disk *disk, const char *path)
{
    return !path || (disk->path && strcmp(disk->path, path) == 0);
}

static bool is_source_applied(const struct machine *m, const struct disk *disk)
{
    json_t *spec = schema_dump(&disk_schema, disk);
    bool same = json_equal(json_object_get(spec, "source"),
                           json_object_get(applied_disk(m, disk->name), "source"));

    json_decref(spec);
    return same;
}

/* A disk that is somebody else's: whether it is there, and whether another one is, without the
 * file's doing. */
static void diff_foreign_disk(struct resource *r, const struct machine *m,
                              const struct disk *disk, const char *what, const char *path)
{
    auto_free char *alias = xasprintf("ua-disk-%s", disk->name);
    const struct domain_view_disk *config = view_alias(&m->found->config, alias);
    const struct domain_view_disk *live =
        m->found->has_live ? view_alias(&m->found->live, alias) : config;
    const char *to = disk_source_text(m->provision->site.cluster->arena, &disk->from);

    if (!config || !live)
        change_add(&r->changes, plug_class(m, disk->bus), what, NULL, to,
                   !config && applied_disk(m, disk->name) ? DIFF_OUTSIDE : NULL);
    else if (is_source_applied(m, disk) && !is_at(config, path))
        change_add(&r->changes, CHANGE_RESTART, what, config->path, to, DIFF_OUTSIDE);
    else if (is_source_applied(m, disk) && !is_at(live, path))
        change_add(&r->changes, CHANGE_RESTART, what, live->path, to, DIFF_WAITS);
}

static void diff_own_disk(struct resource *r, const struct machine *m, const struct disk *disk,
                          const char *what, const char *path)
{
    const struct domain_view_disk *config = view_disk(&m->found->config, path);
    const struct domain_view_disk *live =
        m->found->has_live ? view_disk(&m->found->live, path) : NULL;
    char size[SIZE_TEXT];

    if (!config || (!live && m->found->has_live))
        change_add(&r->changes, plug_class(m, disk->bus), what, NULL,
                   size_format(disk->size, size),
                   !config && applied_disk(m, disk->name) ? DIFF_OUTSIDE : NULL);
}

static void diff_wanted_disks(struct resource *r, const struct machine *m)
{
    list_each(struct disk, m->node->disks, disk)
    {
        auto_free char *path = disk_path(m, disk);
        auto_free char *what = xasprintf("disk %s", disk->name);
        auto_free char *alias = xasprintf("ua-disk-%s", disk->name);

        if (is_replaced(m, disk, path))
            continue;
        if (disk_is_foreign(disk))
            diff_foreign_disk(r, m, disk, what, path);
        else if (!diff_moved(r, m, alias, what, path))
            diff_own_disk(r, m, disk, what, path);
    }
}

/* "…/web-1.data.qcow2" -> "data", for disks of ours; the caller frees it. */
static char *disk_name_of(const struct machine *m, const char *path)
{
    auto_free char *prefix = xasprintf("%s/%s.", m->pool_path, m->name);
    const char *end = path ? strrchr(path, '.') : NULL;

    if (!end || (strcmp(end, ".qcow2") != 0 && strcmp(end, ".raw") != 0) ||
        strncmp(path, prefix, strlen(prefix)) != 0 || end < path + strlen(prefix))
        return NULL;
    return xstrndup(path + strlen(prefix), (size_t)(end - path) - strlen(prefix));
}

/* By its file, which another format has another one of. */
static bool wants_path(const struct machine *m, const char *path)
{
    auto_free char *root = root_path(m);

    if (!disk_is_none(&m->node->disk) && strcmp(path, root) == 0)
        return true;
    list_each(struct disk, m->node->disks, disk)
    {
        auto_free char *own = disk_path(m, disk);

        if (own && strcmp(path, own) == 0)
            return true;
    }
    return false;
}

static bool wants_alias(const struct machine *m, const char *alias)
{
    list_each(struct disk, m->node->disks, disk)
    {
        if (strncmp(alias, "ua-disk-", 8) == 0 && strcmp(alias + 8, disk->name) == 0)
            return true;
    }
    list_each(struct cdrom, m->node->cdroms, cdrom)
    {
        if (strncmp(alias, "ua-cdrom-", 9) == 0 && strcmp(alias + 9, cdrom->name) == 0)
            return true;
    }
    return false;
}

static int view_bus(const struct domain_view_disk *disk)
{
    for (int bus = 0; disk->bus && disk_bus_words[bus]; bus++) {
        if (strcmp(disk->bus, disk_bus_words[bus]) == 0)
            return bus;
    }
    return DISK_VIRTIO;
}

/* The disk leaves the guest. The volume of one that virtopo made goes too: data is lost. */
static void diff_unwanted_disks(struct resource *r, const struct machine *m)
{
    for (size_t i = 0; i < m->found->config.disk_count; i++) {
        const struct domain_view_disk *disk = &m->found->config.disks[i];
        auto_free char *name = disk_name_of(m, disk->path);
        auto_free char *what = name ? xasprintf("disk %s", name) : NULL;
        bool ours = disk->alias && strncmp(disk->alias, "ua-disk-", 8) == 0;

        if (name && !wants_path(m, disk->path)) {
            change_add(&r->changes, CHANGE_DATA_LOSS, what, name, NULL, NULL);
        } else if (!name && ours && !wants_alias(m, disk->alias)) {
            auto_free char *other = xasprintf("disk %s", disk->alias + 8);

            change_add(&r->changes, plug_class(m, view_bus(disk)), other,
                       disk->path ? disk->path : disk->alias + 8, NULL, NULL);
        }
    }
}

/* Drives that come and go; libvirt plugs none into a machine that runs. Another medium is a
 * property of its drive. */
static void diff_cdroms(struct resource *r, const struct machine *m)
{
    const struct domain_view *view = &m->found->config;
    enum change_class class = m->found->active ? CHANGE_RESTART : CHANGE_LIVE;

    list_each(struct cdrom, m->node->cdroms, cdrom)
    {
        auto_free char *alias = xasprintf("ua-cdrom-%s", cdrom->name);
        auto_free char *what = xasprintf("cdrom %s", cdrom->name);
        bool live = !m->found->has_live || view_alias(&m->found->live, alias);

        if (!view_alias(view, alias) || !live)
            change_add(&r->changes, class, what, NULL,
                       cdrom->image  ? cdrom->image->name
                       : cdrom->path ? cdrom->path
                                     : "empty",
                       NULL);
    }
    for (size_t i = 0; i < view->disk_count; i++) {
        const char *alias = view->disks[i].alias ? view->disks[i].alias : "";
        auto_free char *what =
            strncmp(alias, "ua-cdrom-", 9) == 0 ? xasprintf("cdrom %s", alias + 9) : NULL;

        if (what && !wants_alias(m, alias))
            change_add(&r->changes, class, what, alias + 9, NULL, NULL);
    }
}

static void diff_root(struct resource *r, const struct machine *m)
{
    auto_free char *path = root_path(m);

    if (disk_is_none(&m->node->disk))
        return;
    if (!diff_moved(r, m, "ua-root", "disk root", path) && !view_disk(&m->found->config, path))
        change_add(&r->changes, CHANGE_RESTART, "disk", NULL, "root", DIFF_OUTSIDE);
}

/* What somebody attached goes with the definition, and from a guest that has it at a restart.
 */
static void diff_foreign_disks(struct resource *r, const struct machine *m)
{
    const struct domain_view *view = &m->found->config;

    for (size_t i = 0; i < view->disk_count; i++) {
        const struct domain_view_disk *disk = &view->disks[i];
        auto_free char *what = NULL;

        if (!disk->path || (disk->alias && strncmp(disk->alias, "ua-", 3) == 0))
            continue;
        what = xasprintf("disk %s", disk->target);
        change_add(&r->changes,
                   m->found->has_live && view_disk(&m->found->live, disk->path) ? CHANGE_RESTART
                                                                                : CHANGE_LIVE,
                   what, disk->path, NULL, DIFF_OUTSIDE);
    }
}

void device_diff_disks(struct resource *r, const struct machine *m)
{
    diff_root(r, m);
    diff_wanted_disks(r, m);
    diff_unwanted_disks(r, m);
    diff_cdroms(r, m);
    diff_foreign_disks(r, m);
}
