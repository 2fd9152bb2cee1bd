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

static bool applied_has_disk(const struct machine *m, const char *name)
{
    const json_t *disks = json_object_get(machine_applied(m), "disks");
    json_t *disk;
    size_t i;

    json_array_foreach (disks, i, disk) {
        const char *known = json_string_value(json_object_get(disk, "name"));

        if (known && strcmp(known, name) == 0)
            return true;
    }
    return false;
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
        auto_free char *volume = name ? machine_volume_name(m->name, name) : NULL;
        auto_free char *path = volume ? machine_path(m, volume) : NULL;

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

static void diff_wanted_disks(struct resource *r, const struct machine *m)
{
    list_each(struct disk, m->node->disks, disk)
    {
        auto_free char *volume = machine_volume_name(m->name, disk->name);
        auto_free char *path = machine_path(m, volume);
        auto_free char *what = xasprintf("disk %s", disk->name);
        const struct domain_view_disk *config = view_disk(&m->found->config, path);
        const struct domain_view_disk *live =
            m->found->has_live ? view_disk(&m->found->live, path) : NULL;
        auto_free char *alias = xasprintf("ua-disk-%s", disk->name);
        char size[SIZE_TEXT];

        if (diff_moved(r, m, alias, what, path))
            continue;
        if (!config || (!live && m->found->has_live))
            /* QEMU cannot plug SATA disks into a running machine. */
            change_add(&r->changes,
                       disk->bus == DISK_SATA && m->found->active ? CHANGE_RESTART
                                                                  : CHANGE_LIVE,
                       what, NULL, size_format(disk->size, size),
                       !config && applied_has_disk(m, disk->name) ? DIFF_OUTSIDE : NULL);
    }
}

/* "…/web-1.data.qcow2" -> "data", for disks of ours; the caller frees it. */
static char *disk_name_of(const struct machine *m, const char *path)
{
    auto_free char *prefix = xasprintf("%s/%s.", m->pool_path, m->name);
    const char *end = path ? strstr(path, ".qcow2") : NULL;

    if (!end || strncmp(path, prefix, strlen(prefix)) != 0)
        return NULL;
    return xstrndup(path + strlen(prefix), (size_t)(end - path) - strlen(prefix));
}

static bool wants_disk(const struct machine *m, const char *name)
{
    if (strcmp(name, "root") == 0)
        return true;
    list_each(struct disk, m->node->disks, disk)
    {
        if (strcmp(disk->name, name) == 0)
            return true;
    }
    return false;
}

/* The disk leaves the guest, and its volume goes: data is lost. */
static void diff_unwanted_disks(struct resource *r, const struct machine *m)
{
    for (size_t i = 0; i < m->found->config.disk_count; i++) {
        auto_free char *name = disk_name_of(m, m->found->config.disks[i].path);
        auto_free char *what = name ? xasprintf("disk %s", name) : NULL;

        if (name && !wants_disk(m, name))
            change_add(&r->changes, CHANGE_DATA_LOSS, what, name, NULL, NULL);
    }
}

static void diff_root(struct resource *r, const struct machine *m)
{
    auto_free char *volume = machine_volume_name(m->name, "root");
    auto_free char *path = machine_path(m, volume);

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
    diff_foreign_disks(r, m);
}
