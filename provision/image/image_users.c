/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_users.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "host/lock.h"
#include "provision/image/image_seal.h"
#include "provision/image/image_users_domain.h"
#include "util/file.h"

#define POOL_PREFIX IDENTITY_STORE "_"

struct reader {
    struct site_host *host;
    virConnectPtr connection;
    const char *except;
    struct image_users *users;
    struct string_set {
        char **items;
        size_t count;
    } folders; /* that have been read */
};

void image_users_add(struct image_users *users, const char *path, char *by, bool layer)
{
    struct image_user user = {.path = xstrdup(path), .by = by, .layer = layer};

    vector_push(users->items, users->count, user);
}

static void not_known(struct image_users *users, const char *what)
{
    if (!users->unknown)
        users->unknown = xstrdup(what);
}

/* "web.root.qcow2" in pool "virtopo_lab" is "node web of lab". */
static void add_volume(struct reader *r, const char *pool, const char *volume,
                       const char *backing)
{
    size_t prefix = strlen(POOL_PREFIX);
    bool layer = strcmp(pool, IDENTITY_STORE) == 0 && image_seal_is_image(volume);
    char *by;

    if (strncmp(pool, POOL_PREFIX, prefix) == 0)
        by = xasprintf("node %.*s of %s", (int)strcspn(volume, "."), volume, pool + prefix);
    else if (layer)
        by = xasprintf("image %.19s", volume);
    else
        by = xasprintf("volume %s of pool %s", volume, pool);
    image_users_add(r->users, backing, by, layer);
}

static void read_volumes(struct reader *r, virStoragePoolPtr pool)
{
    const char *name = virStoragePoolGetName(pool);
    virStorageVolPtr *volumes = NULL;
    int count = virStoragePoolListAllVolumes(pool, &volumes, 0);

    if (count < 0)
        not_known(r->users, name);
    for (int i = 0; i < count; i++) {
        auto_free char *xml = virStorageVolGetXMLDesc(volumes[i], 0);
        struct volume_view view = {0};

        /* A file that is gone uses nothing. */
        if (xml && volume_view_parse(xml, &view, NULL) == 0) {
            if (view.backing_path)
                add_volume(r, name, virStorageVolGetName(volumes[i]), view.backing_path);
            volume_view_done(&view);
        }
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
}

static char *folder_of_pool(virStoragePoolPtr pool)
{
    auto_free char *xml = virStoragePoolGetXMLDesc(pool, 0);
    char *path = NULL;

    return xml && pool_view_path(xml, &path, NULL) == 0 ? path : NULL;
}

static bool has_folder(const struct reader *r, const char *folder)
{
    for (size_t i = 0; i < r->folders.count; i++) {
        if (strcmp(r->folders.items[i], folder) == 0)
            return true;
    }
    return false;
}

/* Whoever is making a pool would trip over one that comes and goes. */
static bool is_being_made(const struct reader *r, const char *cluster)
{
    auto_free char *lock = xasprintf("cluster/%s", cluster);

    return host_lock_is_elsewhere(r->connection, lock);
}

/* One of ours that somebody stopped runs for the time of the look. What others stopped, they do
 * not use. */
static void read_stopped(struct reader *r, virStoragePoolPtr pool)
{
    const char *name = virStoragePoolGetName(pool);

    if (strncmp(name, POOL_PREFIX, strlen(POOL_PREFIX)) != 0)
        return;
    if (is_being_made(r, name + strlen(POOL_PREFIX))) {
        not_known(r->users, name);
        return;
    }
    /* Fails where the folder is gone: then nothing is in it. */
    if (virStoragePoolCreate(pool, 0) < 0)
        return;
    read_volumes(r, pool);
    virStoragePoolDestroy(pool);
}

static int read_pools(struct reader *r, struct error **err)
{
    virStoragePoolPtr *pools = NULL;
    int count = virConnectListAllStoragePools(r->connection, &pools, 0);

    if (count < 0)
        return error_virt(err, "listing the storage pools of host '%s'",
                          host_name(r->host->host));
    for (int i = 0; i < count; i++) {
        char *folder = folder_of_pool(pools[i]);
        bool goes = folder && r->except && strcmp(folder, r->except) == 0;

        if (folder)
            vector_push(r->folders.items, r->folders.count, folder);
        if (!goes && virStoragePoolIsActive(pools[i]) == 1)
            read_volumes(r, pools[i]);
        else if (!goes)
            read_stopped(r, pools[i]);
        virStoragePoolFree(pools[i]);
    }
    free(pools);
    return 0;
}

/* A cluster's folder in the store whose pool somebody removed from libvirt. */
static void read_folder(struct reader *r, const char *name, const char *path)
{
    auto_free char *pool_name = identity_pool(name);
    auto_free char *xml = NULL;
    auto_pool virStoragePoolPtr pool = NULL;
    char uuid[UUID_TEXT];

    identity_pool_uuid(name, uuid);
    if (is_being_made(r, name) || pool_xml(pool_name, uuid, path, &xml, NULL) < 0) {
        not_known(r->users, path);
        return;
    }
    pool = virStoragePoolCreateXML(r->connection, xml, 0);
    if (!pool) {
        not_known(r->users, path);
        return;
    }
    read_volumes(r, pool);
    virStoragePoolDestroy(pool);
}

static void read_folders(struct reader *r)
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

int image_users_read(struct site_host *host, virConnectPtr connection, const char *except,
                     struct image_users *ret, struct error **err)
{
    struct reader r = {.host = host, .connection = connection, .except = except, .users = ret};
    int outcome = read_pools(&r, err);

    if (outcome == 0) {
        read_folders(&r);
        outcome = image_users_read_domains(host, connection, except, ret, err);
    }
    for (size_t i = 0; i < r.folders.count; i++)
        free(r.folders.items[i]);
    free(r.folders.items);
    return outcome;
}

void image_users_done(struct image_users *users)
{
    for (size_t i = 0; i < users->count; i++) {
        free(users->items[i].path);
        free(users->items[i].by);
    }
    free(users->items);
    free(users->unknown);
    *users = (struct image_users){0};
}

const struct image_user *image_users_next(const struct image_users *users, const char *path,
                                          const struct image_user *user)
{
    for (size_t i = user ? (size_t)(user - users->items) + 1 : 0; i < users->count; i++) {
        if (strcmp(users->items[i].path, path) == 0)
            return &users->items[i];
    }
    return NULL;
}

bool image_users_has(const struct image_users *users, const char *path)
{
    return users->unknown || image_users_next(users, path, NULL);
}

/* What an image that is used stands on is used. */
static void keep_chain(const struct survey_pool *store, size_t index, bool *used)
{
    const char *backing = store->volumes[index].view.backing_path;

    for (size_t i = 0; backing && i < store->volume_count; i++) {
        if (strcmp(store->volumes[i].path, backing) == 0 && !used[i]) {
            used[i] = true;
            keep_chain(store, i, used);
            return;
        }
    }
}

bool *image_users_unused(const struct site_host *host, const struct image_users *users)
{
    const struct survey_pool *store = &host->survey.store;
    bool *used = xcalloc(store->volume_count + 1, sizeof *used);

    for (size_t i = 0; i < store->volume_count; i++) {
        const struct image_user *user = NULL;

        used[i] = used[i] || users->unknown || !image_seal_is_image(store->volumes[i].name);
        while (!used[i] && (user = image_users_next(users, store->volumes[i].path, user)))
            used[i] = !user->layer;
    }
    for (size_t i = 0; i < store->volume_count; i++) {
        if (used[i] && image_seal_is_image(store->volumes[i].name))
            keep_chain(store, i, used);
    }
    for (size_t i = 0; i < store->volume_count; i++)
        used[i] = !used[i];
    return used;
}
