/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/store.h"

#include <time.h>

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

int store_pool(virConnectPtr connection, const char *name, virStoragePoolPtr *ret,
               struct error **err)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(connection, name);

    if (!pool)
        return error_virt(err, "looking for pool '%s'", name);
    if (virStoragePoolIsActive(pool) == 0 && virStoragePoolCreate(pool, 0) < 0)
        return error_virt(err, "starting pool '%s'", name);
    *ret = TAKE(pool);
    return 0;
}

int store_refresh(virStoragePoolPtr pool, struct error **err)
{
    const int tries = 100; /* 10 s; a volume is built in milliseconds */

    for (int i = 0;; i++) {
        if (virStoragePoolRefresh(pool, 0) == 0)
            return 0;
        error_virt(err, "refreshing pool '%s'", virStoragePoolGetName(pool));
        if (virStoragePoolIsActive(pool) != 1 && virStoragePoolCreate(pool, 0) < 0)
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

int store_create(virStoragePoolPtr pool, const struct volume_template *t,
                 enum store_leftover leftover, virStorageVolPtr *ret, struct error **err)
{
    auto_free char *xml = NULL;
    struct error *first = NULL;

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
    if (virStorageVolDelete(volume, 0) < 0 && virt_last_code() != VIR_ERR_NO_STORAGE_VOL)
        return error_virt(err, "removing volume '%s'", name);
    return 0;
}
