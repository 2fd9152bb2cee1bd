/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/store.h"

#include "config/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

/* libvirt builds on for a client that was killed (9.0: "still being allocated", "still in
 * use"): true, after a pause, while the last call may work a moment later. */
static bool is_passing(int *tries)
{
    const char *message = virGetLastErrorMessage();
    bool passing = strstr(message, "still being allocated") || strstr(message, "still in use");

    if (!passing || ++*tries > 300)
        return false;
    pause_ms(100);
    return true;
}

/* Another step, or another cluster's first `up`, may be starting it too. */
static int start_pool(virStoragePoolPtr pool, struct error **err)
{
    if (virStoragePoolCreate(pool, 0) == 0)
        return 0;
    error_virt(err, "starting pool '%s'", virStoragePoolGetName(pool));
    if (virStoragePoolIsActive(pool) != 1)
        return -1;
    error_clear(err);
    return 0;
}

int store_pool(virConnectPtr connection, const char *name, virStoragePoolPtr *ret,
               struct error **err)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(connection, name);

    if (!pool)
        return error_virt(err, "looking for pool '%s'", name);
    if (virStoragePoolIsActive(pool) == 0 && start_pool(pool, err) < 0)
        return -1;
    *ret = TAKE(pool);
    return 0;
}

/* Another step, or another virtopo, may do the same at this moment: libvirt takes the same
 * definition twice. */
int store_define(virConnectPtr connection, const struct survey_pool *p, struct error **err)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(connection, p->name);
    auto_free char *xml = NULL;

    if (pool && virStoragePoolIsPersistent(pool) == 1)
        return 0;
    virt_cleanup_pool(&pool);
    if (pool_xml(p->name, p->home_uuid, p->home, &xml, err) < 0)
        return -1;
    pool = virStoragePoolDefineXML(connection, xml, 0);
    return pool ? 0 : error_virt(err, "defining pool '%s'", p->name);
}

/* A folder that is there is used as it is: building would change its mode. Where it is not,
 * libvirt looks, then makes it: another pool's build, which makes the same parents, may come
 * between. */
static int start_anew(virStoragePoolPtr pool, const struct survey_pool *p, struct error **err)
{
    if (virStoragePoolCreate(pool, 0) == 0 || virStoragePoolIsActive(pool) == 1)
        return 0;
    if (virStoragePoolBuild(pool, 0) == 0 || virStoragePoolBuild(pool, 0) == 0)
        return start_pool(pool, err);
    error_virt(err, "making the folder %s of pool '%s'", p->home, p->name);
    if (virStoragePoolIsActive(pool) != 1)
        return -1;
    error_clear(err);
    return 0;
}

int store_make(virConnectPtr connection, const struct survey_pool *p, virStoragePoolPtr *ret,
               struct error **err)
{
    auto_pool virStoragePoolPtr pool = NULL;

    if (store_define(connection, p, err) < 0)
        return -1;
    pool = virStoragePoolLookupByName(connection, p->name);
    if (!pool)
        return error_virt(err, "looking for pool '%s'", p->name);
    if (virStoragePoolIsActive(pool) != 1 && start_anew(pool, p, err) < 0)
        return -1;
    if (virStoragePoolSetAutostart(pool, 1) < 0)
        return error_virt(err, "making pool '%s' start with the host", p->name);
    *ret = TAKE(pool);
    return 0;
}

int store_open(virConnectPtr connection, const struct survey_pool *pool, virStoragePoolPtr *ret,
               struct error **err)
{
    if (pool->seen && store_define(connection, pool, err) < 0)
        return -1;
    return store_pool(connection, pool->name, ret, err);
}

int store_refresh(virStoragePoolPtr pool, struct error **err)
{
    const int tries = 100; /* 10 s; a volume is built in milliseconds */

    for (int i = 0;; i++) {
        if (virStoragePoolRefresh(pool, 0) == 0)
            return 0;
        error_virt(err, "refreshing pool '%s'", virStoragePoolGetName(pool));
        if (virStoragePoolIsActive(pool) != 1 && virStoragePoolCreate(pool, 0) < 0 &&
            (virStoragePoolBuild(pool, 0) < 0 || virStoragePoolCreate(pool, 0) < 0))
            return -1;
        if (i == tries)
            return -1;
        pause_ms(100);
        error_clear(err);
    }
}

static int refine_space(struct error **err, virStoragePoolPtr pool)
{
    virStoragePoolInfo info;

    if (virStoragePoolGetInfo(pool, &info) == 0 && info.available < (8u << 20))
        return error_hint(err,
                          "the disk of pool '%s' is full: free some space there, then run "
                          "this again",
                          virStoragePoolGetName(pool));
    return -1;
}

/* A volume that libvirt lists and whose file is there. */
static virStorageVolPtr find_whole(virStoragePoolPtr pool, const char *name)
{
    virStorageVolPtr volume = virStorageVolLookupByName(pool, name);
    virStorageVolInfo info;

    if (volume && virStorageVolGetInfo(volume, &info) < 0) {
        virStorageVolFree(volume);
        volume = NULL;
    }
    return volume;
}

/* After a creation that failed because something of that name is there: a file that libvirt's
 * list does not have, or a list entry without its file. */
static virStorageVolPtr create_again(virStoragePoolPtr pool, const char *name, const char *xml,
                                     enum store_leftover leftover)
{
    virStorageVolPtr volume;

    if (store_refresh(pool, NULL) < 0)
        return NULL;
    volume = virStorageVolLookupByName(pool, name);
    if (volume && leftover == STORE_ADOPT)
        return volume;
    if (volume) {
        virStorageVolFree(volume);
        if (store_delete(pool, name, NULL) < 0)
            return NULL;
    }
    return virStorageVolCreateXML(pool, xml, 0);
}

/* A user's own libvirt cannot fill what its user may not write. */
static bool must_be_writable(virStoragePoolPtr pool)
{
    auto_free char *uri = virConnectGetURI(virStoragePoolGetConnect(pool));

    return uri && session_is(uri);
}

int store_create(virStoragePoolPtr pool, const struct volume_template *wanted,
                 enum store_leftover leftover, virStorageVolPtr *ret, struct error **err)
{
    struct volume_template own = *wanted, *t = &own;
    auto_free char *xml = NULL;
    struct error *first = NULL;

    if (must_be_writable(pool))
        own.mode = "0600";
    if (volume_xml(t, &xml, err) < 0)
        return -1;
    *ret = leftover == STORE_ADOPT ? find_whole(pool, t->name) : NULL;
    if (!*ret)
        *ret = virStorageVolCreateXML(pool, xml, 0);
    if (*ret)
        return 0;
    error_virt(&first, "creating volume '%s'", t->name);
    *ret = create_again(pool, t->name, xml, leftover);
    if (*ret) {
        error_free(first);
        return 0;
    }
    error_move(err, first);
    return refine_space(err, pool);
}

int store_delete(virStoragePoolPtr pool, const char *name, struct error **err)
{
    auto_volume virStorageVolPtr volume = virStorageVolLookupByName(pool, name);

    if (!volume)
        return virt_last_code() == VIR_ERR_NO_STORAGE_VOL
                   ? 0
                   : error_virt(err, "looking for volume '%s'", name);
    return store_remove(volume, err);
}

int store_remove(virStorageVolPtr volume, struct error **err)
{
    int tries = 0;

    while (virStorageVolDelete(volume, 0) < 0) {
        if (virt_last_code() == VIR_ERR_NO_STORAGE_VOL)
            break;
        if (!is_passing(&tries))
            return error_virt(err, "removing volume '%s'", virStorageVolGetName(volume));
    }
    return 0;
}

int store_grow(virStorageVolPtr volume, uint64_t capacity, struct error **err)
{
    virStorageVolInfo info;
    int tries = 0;

    if (virStorageVolGetInfo(volume, &info) < 0)
        return error_virt(err, "reading volume '%s'", virStorageVolGetName(volume));
    while (info.capacity < capacity && virStorageVolResize(volume, capacity, 0) < 0) {
        if (!is_passing(&tries))
            return error_virt(err, "growing volume '%s'", virStorageVolGetName(volume));
    }
    return 0;
}

int store_each(virStoragePoolPtr pool, const char *prefix,
               int (*act)(void *context, virStorageVolPtr volume, struct error **err),
               void *context, struct error **err)
{
    virStorageVolPtr *volumes = NULL;
    int count = virStoragePoolListAllVolumes(pool, &volumes, 0), outcome = 0;

    if (count < 0)
        return error_virt(err, "listing pool '%s'", virStoragePoolGetName(pool));
    for (int i = 0; i < count; i++) {
        const char *name = virStorageVolGetName(volumes[i]);

        if (outcome == 0 && name && strncmp(name, prefix, strlen(prefix)) == 0)
            outcome = act(context, volumes[i], err);
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
    return outcome;
}
