/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/identity.h"
#include "host/lock.h"
#include "host/survey.h"

static int read_volumes(virStoragePoolPtr pool, struct survey_pool *p, struct error **err)
{
    virStorageVolPtr *volumes = NULL;
    int outcome = 0;
    int count = virStoragePoolListAllVolumes(pool, &volumes, 0);

    if (count < 0)
        return error_virt(err, "listing the volumes of pool '%s'", p->name);
    for (int i = 0; i < count; i++) {
        struct survey_volume v = {.name = xstrdup(virStorageVolGetName(volumes[i]))};
        /* Fails where the file was removed behind libvirt's back. */
        auto_free char *xml = virStorageVolGetXMLDesc(volumes[i], 0);

        if (xml && outcome == 0)
            outcome = volume_view_parse(xml, &v.view, err);
        v.readable = xml && outcome == 0;
        p->stale = p->stale || !xml;
        v.path = v.readable ? xstrdup_null(v.view.path) : xasprintf("%s/%s", p->path, v.name);
        vector_push(p->volumes, p->volume_count, v);
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
    p->seen = true;
    return outcome;
}

/* Whether a pool that is not there, or stopped, may be lit for the look. Not while another run
 * may be making it: it would be stopped again under its hands. */
static bool may_light(virConnectPtr connection, const struct survey *s, const char *cluster,
                      const char *path)
{
    auto_free char *lock = xasprintf("cluster/%s", cluster);

    if (host_is_local(s->host) && !host_is_mock(s->host) && access(path, F_OK) < 0 &&
        errno == ENOENT)
        return false;
    return !host_lock_is_elsewhere(connection, lock);
}

/* Fails where the folder is not there: then nothing is in it. */
static int read_stopped(virStoragePoolPtr pool, struct survey_pool *p, struct error **err)
{
    int outcome;

    if (virStoragePoolCreate(pool, 0) < 0)
        return 0;
    outcome = read_volumes(pool, p, err);
    virStoragePoolDestroy(pool);
    return outcome;
}

/* Also where libvirt will not have it: another pool's folder, a name that is taken. */
static int read_missing(virConnectPtr connection, struct survey_pool *p, struct error **err)
{
    auto_free char *xml = NULL;
    auto_pool virStoragePoolPtr pool = NULL;
    int outcome;

    if (pool_xml(p->name, p->home_uuid, p->home, &xml, err) < 0)
        return -1;
    pool = virStoragePoolCreateXML(connection, xml, 0);
    if (!pool)
        return 0;
    p->path = xstrdup(p->home);
    outcome = read_volumes(pool, p, err);
    virStoragePoolDestroy(pool);
    return outcome;
}

static int read_present(virStoragePoolPtr pool, struct survey_pool *p, struct error **err)
{
    auto_free char *xml = virStoragePoolGetXMLDesc(pool, 0);
    virStoragePoolInfo info;
    int autostart = 0;

    if (!xml || virStoragePoolGetInfo(pool, &info) < 0)
        return error_virt(err, "reading pool '%s'", p->name);
    if (pool_view_path(xml, &p->path, err) < 0)
        return error_wrap(err, "reading pool '%s'", p->name);
    virStoragePoolGetUUIDString(pool, p->uuid);
    /* One of ours that is not defined is what a look that was cut off left. */
    p->present = strcmp(p->uuid, p->home_uuid) != 0 || virStoragePoolIsPersistent(pool) == 1;
    p->active = info.state == VIR_STORAGE_POOL_RUNNING;
    p->available = info.available;
    if (p->present && virStoragePoolGetAutostart(pool, &autostart) == 0)
        p->autostart = autostart;
    return 0;
}

static int read_pool(virConnectPtr connection, const struct survey *s, const char *cluster,
                     struct survey_pool *p, struct error **err)
{
    /* Other clusters' runs would trip over a store that comes and goes. */
    bool shared = p == &s->store;

    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(connection, p->name);

    if (!pool) {
        if (virt_last_code() != VIR_ERR_NO_STORAGE_POOL)
            return error_virt(err, "looking for pool '%s'", p->name);
        /* libvirt's mock makes an empty pool of any folder. */
        if (shared || host_is_mock(s->host) || !may_light(connection, s, cluster, p->home))
            return 0;
        return read_missing(connection, p, err);
    }
    if (read_present(pool, p, err) < 0)
        return -1;
    if (p->active)
        return read_volumes(pool, p, err);
    if (shared || strcmp(p->uuid, p->home_uuid) != 0 ||
        !may_light(connection, s, cluster, p->path))
        return 0;
    return read_stopped(pool, p, err);
}

int survey_read_store(virConnectPtr connection, struct survey *ret, struct error **err)
{
    ret->store.name = xstrdup(IDENTITY_STORE);
    ret->store.home = xstrdup(host_dir(ret->host));
    identity_store_uuid(ret->store.home_uuid);
    return read_pool(connection, ret, NULL, &ret->store, err);
}

int survey_read_pools(virConnectPtr connection, const char *cluster, struct survey *ret,
                      struct error **err)
{
    ret->volumes.name = identity_pool(cluster);
    ret->volumes.home = identity_pool_path(host_dir(ret->host), cluster);
    identity_pool_uuid(cluster, ret->volumes.home_uuid);
    if (survey_read_store(connection, ret, err) < 0)
        return -1;
    return read_pool(connection, ret, cluster, &ret->volumes, err);
}
