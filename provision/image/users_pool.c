/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host/identity.h"
#include "host/lock.h"
#include "provision/image/image_seal.h"
#include "provision/image/users_reader.h"
#include "provision/store.h"

#define POOL_PREFIX IDENTITY_STORE "_"

/* "web.root.qcow2" in pool "virtopo_lab" is "node web of lab". */
static char *volume_user(const char *pool, const char *volume, bool layer)
{
    size_t prefix = strlen(POOL_PREFIX);

    if (strncmp(pool, POOL_PREFIX, prefix) == 0)
        return xasprintf("node %.*s of %s", (int)strcspn(volume, "."), volume, pool + prefix);
    return layer ? xasprintf("image %.19s", volume)
                 : xasprintf("volume %s of pool %s", volume, pool);
}

static void add_volume(struct users_reader *r, const char *pool, const char *volume,
                       const struct volume_view *view)
{
    bool layer = strcmp(pool, IDENTITY_STORE) == 0 && image_seal_is_image(volume);
    auto_free char *by = volume_user(pool, volume, layer);

    users_told(r, view->path);
    if (!view->backing_path)
        return;
    users_add(r->users, view->backing_path, xstrdup(by), layer);
}

static void read_volumes(struct users_reader *r, virStoragePoolPtr pool)
{
    const char *name = virStoragePoolGetName(pool);
    virStorageVolPtr *volumes = NULL;
    int count = virStoragePoolListAllVolumes(pool, &volumes, 0);

    if (count < 0)
        users_unknown(r->users, "pool %s", name);
    for (int i = 0; i < count; i++) {
        auto_free char *xml = virStorageVolGetXMLDesc(volumes[i], 0);
        struct volume_view view = {0};

        /* A file that is gone uses nothing. */
        if (xml && volume_view_parse(xml, &view, NULL) == 0) {
            add_volume(r, name, virStorageVolGetName(volumes[i]), &view);
            volume_view_done(&view);
        }
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
}

/* libvirt's list knows files that others made only after a refresh. */
static void read_running(struct users_reader *r, virStoragePoolPtr pool)
{
    /* the mock forgets all volumes */
    bool stale = r->look == USERS_FRESH && !host_is_mock(r->host->host);

    if (stale && store_refresh(pool, NULL) < 0)
        users_unknown(r->users, "pool %s", virStoragePoolGetName(pool));
    read_volumes(r, pool);
}

/* Whoever is making a pool would trip over one that comes and goes. */
static bool is_being_made(const struct users_reader *r, const char *cluster)
{
    auto_free char *lock = xasprintf("cluster/%s", cluster);

    return host_lock_is_elsewhere(r->connection, lock);
}

/* One of ours that somebody stopped runs for the time of the look. */
static void read_ours(struct users_reader *r, virStoragePoolPtr pool)
{
    const char *name = virStoragePoolGetName(pool);

    if (is_being_made(r, name + strlen(POOL_PREFIX))) {
        users_unknown(r->users, "pool %s, which is being made", name);
        return;
    }
    /* Fails where the folder is gone: then nothing is in it. */
    if (virStoragePoolCreate(pool, 0) < 0)
        return;
    read_volumes(r, pool);
    virStoragePoolDestroy(pool);
}

/* Somebody else's stays stopped; its files are there all the same. */
static void read_stopped(struct users_reader *r, const char *name, const char *folder)
{
    DIR *dir = r->users->local && folder ? opendir(folder) : NULL;
    struct dirent *entry;

    if (!dir) {
        if (folder && !host_is_mock(r->host->host) && !(r->users->local && errno == ENOENT))
            users_unknown(r->users, "pool %s, which is stopped", name);
        return;
    }
    while ((entry = readdir(dir))) {
        auto_free char *path = xasprintf("%s/%s", folder, entry->d_name);
        auto_free char *by = volume_user(name, entry->d_name, false);
        struct stat st;

        if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
            users_follow(r, path, false, by);
    }
    closedir(dir);
}

static char *folder_of_pool(virStoragePoolPtr pool)
{
    auto_free char *xml = virStoragePoolGetXMLDesc(pool, 0);
    char *path = NULL;

    return xml && pool_view_path(xml, &path, NULL) == 0 ? path : NULL;
}

static void read_pool(struct users_reader *r, virStoragePoolPtr pool)
{
    const char *name = virStoragePoolGetName(pool);
    char *folder = folder_of_pool(pool);
    bool ours = strncmp(name, POOL_PREFIX, strlen(POOL_PREFIX)) == 0;

    if (folder)
        vector_push(r->folders, r->folder_count, folder);
    if (folder && r->except && strcmp(folder, r->except) == 0)
        return;
    if (virStoragePoolIsActive(pool) == 1)
        read_running(r, pool);
    else if (ours)
        read_ours(r, pool);
    else
        read_stopped(r, name, folder);
}

static bool has_folder(const struct users_reader *r, const char *folder)
{
    for (size_t i = 0; i < r->folder_count; i++) {
        if (strcmp(r->folders[i], folder) == 0)
            return true;
    }
    return false;
}

/* A cluster's folder in the store whose pool somebody removed from libvirt. */
static void read_folder(struct users_reader *r, const char *name, const char *path)
{
    auto_free char *pool_name = identity_pool(name);
    auto_free char *xml = NULL;
    auto_pool virStoragePoolPtr pool = NULL;
    char uuid[UUID_TEXT];

    identity_pool_uuid(name, uuid);
    if (is_being_made(r, name) || pool_xml(pool_name, uuid, path, &xml, NULL) < 0) {
        users_unknown(r->users, "%s", path);
        return;
    }
    pool = virStoragePoolCreateXML(r->connection, xml, 0);
    if (!pool) {
        users_unknown(r->users, "%s", path);
        return;
    }
    read_volumes(r, pool);
    virStoragePoolDestroy(pool);
}

static void read_folders(struct users_reader *r)
{
    const struct survey_pool *store = &r->host->survey.store;

    for (size_t i = 0; i < store->volume_count; i++) {
        const struct survey_volume *volume = &store->volumes[i];
        bool is_folder =
            volume->readable && volume->view.format && strcmp(volume->view.format, "dir") == 0;

        if (is_folder && !has_folder(r, volume->path) &&
            !(r->except && strcmp(r->except, volume->path) == 0))
            read_folder(r, volume->name, volume->path);
    }
}

int users_read_pools(struct users_reader *r, struct error **err)
{
    virStoragePoolPtr *pools = NULL;
    int count = virConnectListAllStoragePools(r->connection, &pools, 0);

    if (count < 0)
        return error_virt(err, "listing the storage pools of host '%s'",
                          host_name(r->host->host));
    for (int i = 0; i < count; i++) {
        read_pool(r, pools[i]);
        virStoragePoolFree(pools[i]);
    }
    free(pools);
    read_folders(r);
    return 0;
}
