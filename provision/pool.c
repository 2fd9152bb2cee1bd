/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/pool.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "host/lock.h"
#include "provision/copy/clone.h"
#include "provision/store.h"
#include "util/file.h"

struct pool_object {
    struct site_host *host;
    const struct survey_pool *found;
    char *name, *path;
    char uuid[UUID_TEXT];
    bool is_store;
};

static struct pool_object *object_new(struct provision *p, const char *host, bool is_store)
{
    struct pool_object *o = xcalloc(1, sizeof *o);
    const char *cluster = p->site.cluster_name;

    o->host = site_host(&p->site, host);
    o->is_store = is_store;
    o->found = is_store ? &o->host->survey.store : &o->host->survey.volumes;
    o->name = is_store ? xstrdup(IDENTITY_STORE) : identity_pool(cluster);
    o->path = is_store ? xstrdup(host_dir(o->host->host))
                       : identity_pool_path(host_dir(o->host->host), cluster);
    if (is_store)
        identity_store_uuid(o->uuid);
    else
        identity_pool_uuid(cluster, o->uuid);
    return o;
}

struct resource *pool_want(struct provision *p, const char *host, const char *which)
{
    struct resource *r = resource_set_find(&p->set, &pool_kind, host, which);

    if (!r) {
        r = resource_set_add(&p->set, &pool_kind, host, which);
        r->data = object_new(p, host, strcmp(which, POOL_STORE) == 0);
    }
    r->wanted = true;
    return r;
}

static bool has_nodes(const struct survey *survey)
{
    for (size_t i = 0; i < survey->domain_count; i++) {
        if (survey->domains[i].ours)
            return true;
    }
    return false;
}

/* Known to libvirt, or the folder of our nodes' disks that somebody removed from libvirt, or
 * what a look that was cut off left. Another folder of that name is somebody else's. */
static bool is_there(const struct survey *survey, const struct survey_pool *found)
{
    return found->present || (found->seen && (has_nodes(survey) || found->active));
}

/* Whether the store would be empty: only then may it go with the last cluster. */
static bool store_goes(const struct provision *p, const struct site_host *host)
{
    return p->options.prune && host->survey.store.present;
}

static int check_ours(const struct pool_object *o, struct error **err)
{
    if (!o->found->present || strcmp(o->found->uuid, o->uuid) == 0)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "a storage pool named '%s' is on host '%s' and is not virtopo's", o->name,
              host_name(o->host->host));
    if (o->is_store)
        return error_hint(err,
                          "it will not be touched: remove it (virsh pool-destroy %s; virsh "
                          "pool-undefine %s)",
                          o->name, o->name);
    return error_hint(err,
                      "it will not be touched: remove it (virsh pool-undefine %s) or rename "
                      "the cluster",
                      o->name);
}

/* libvirt takes no second pool on a folder, but says so only when ours is made. */
static int check_folder(const struct pool_object *o, struct error **err)
{
    auto_call struct host_call call = host_call_begin(o->host->host);
    virStoragePoolPtr *pools = NULL;
    int count = virConnectListAllStoragePools(call.connection, &pools, 0);
    int outcome = 0;

    for (int i = 0; i < count; i++) {
        auto_free char *xml = virStoragePoolGetXMLDesc(pools[i], 0);
        auto_free char *path = NULL;
        char uuid[UUID_TEXT] = "";

        /* Ours, by another virtopo that came between our look and this one. */
        virStoragePoolGetUUIDString(pools[i], uuid);
        if (strcmp(uuid, o->uuid) != 0 && outcome == 0 && xml &&
            pool_view_path(xml, &path, NULL) == 0 && path && strcmp(path, o->path) == 0) {
            outcome = error_set(
                err, ERROR_CONFLICT, "pool '%s' on host '%s', not virtopo's, is in %s",
                virStoragePoolGetName(pools[i]), host_name(o->host->host), o->path);
            error_hint(err,
                       "it will not be touched: remove it, or set hosts.%s.dir to another "
                       "folder",
                       host_name(o->host->host));
        }
        virStoragePoolFree(pools[i]);
    }
    free(pools);
    return outcome;
}

static int pool_observe(void *context, struct resource_set *set, struct error **err)
{
    struct provision *p = context;

    for (size_t i = 0; i < p->site.host_count; i++) {
        struct site_host *host = &p->site.hosts[i];
        const char *name = host_name(host->host);

        for (int is_store = 1; is_store >= 0; is_store--) {
            const char *which = is_store ? POOL_STORE : POOL_VOLUMES;
            struct survey_pool *found = is_store ? &host->survey.store : &host->survey.volumes;
            struct resource *r = resource_set_find(set, &pool_kind, name, which);

            if (!r && (!is_there(&host->survey, found) || (is_store && !store_goes(p, host))))
                continue;
            if (!r) {
                r = resource_set_add(set, &pool_kind, name, which);
                r->data = object_new(p, name, is_store);
            }
            if (check_ours(r->data, err) < 0 ||
                (!found->present && check_folder(r->data, err) < 0))
                return -1;
            /* Disks are kept by a pool: it says whose they are. */
            if (!is_store && p->options.keep_disks && !found->present &&
                has_nodes(&host->survey))
                r->wanted = true;
            r->present = r->wanted ? found->present : is_there(&host->survey, found);
            /* The store is empty once this cluster's folder in it is gone. */
            if (!is_store && !r->wanted)
                resource_need(r, resource_set_find(set, &pool_kind, name, POOL_STORE));
            r->keep = !r->wanted && p->options.keep_disks;
        }
    }
    return 0;
}

static int pool_diff(void *context, struct resource *r, struct error **err)
{
    const struct pool_object *o = r->data;

    (void)context;
    if (!o->found->active)
        change_add(&r->changes, CHANGE_LIVE, "pool", "stopped", "running", NULL);
    else if (!o->found->autostart)
        change_add(&r->changes, CHANGE_LIVE, "pool autostart", "off", "on", NULL);
    /* Other clusters' comings and goings in the store are theirs. */
    else if (o->found->stale && !o->is_store)
        change_add(&r->changes, CHANGE_LIVE, "pool", "out of date", "refreshed", NULL);
    if (!o->found->path || strcmp(o->found->path, o->path) == 0)
        return 0;
    error_set(err, ERROR_CONFLICT, "pool '%s' on host '%s' is in %s, not in %s", o->name,
              host_name(o->host->host), o->found->path, o->path);
    return error_hint(err, "set hosts.%s.dir to the folder that is in use", r->host);
}

static int pool_create(void *context, struct resource *r, struct task *task, struct error **err)
{
    const struct pool_object *o = r->data;
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_pool virStoragePoolPtr pool = NULL;

    (void)context;
    (void)task;
    if (store_make(call.connection, o->found, &pool, err) == 0 &&
        (!o->found->stale || store_refresh(pool, err) == 0))
        return 0;
    return error_hint(err, "hosts.%s.dir says where the store is", host_name(o->host->host));
}

/* What virtopo puts into a cluster's folder beside disks, which were named in the plan and are
 * gone by now; and snapshots that somebody made of those disks, worth nothing without them. */
static bool is_our_volume(virStorageVolPtr volume, const struct pool_object *o)
{
    const char *name = virStorageVolGetName(volume);
    auto_free char *xml = NULL;
    auto_free char *folder = NULL;
    struct volume_view view = {0};
    bool ours;

    if (strstr(name, ".seed-") || strstr(name, ".console.log") || clone_is_leftover(name))
        return true;
    xml = virStorageVolGetXMLDesc(volume, 0);
    if (!xml || volume_view_parse(xml, &view, NULL) < 0)
        return false;
    folder = view.backing_path ? path_folder(view.backing_path) : NULL;
    ours = folder && strcmp(folder, o->path) == 0;
    volume_view_done(&view);
    return ours;
}

/* What is left in a cluster's pool: console logs, which libvirt's list knows only after a
 * refresh, and leftovers of runs that were cut off. */
static int sweep(virStoragePoolPtr pool, const struct pool_object *o, struct error **err)
{
    virStorageVolPtr *volumes = NULL;
    auto_free char *foreign = NULL;
    int outcome = 0;
    int count;

    if (store_refresh(pool, err) < 0)
        return -1;
    count = virStoragePoolListAllVolumes(pool, &volumes, 0);
    if (count < 0)
        return error_virt(err, "listing the volumes of pool '%s'", o->name);
    for (int i = 0; i < count; i++) {
        if (!is_our_volume(volumes[i], o))
            foreign = foreign ? foreign : xstrdup(virStorageVolGetName(volumes[i]));
        else if (outcome == 0)
            outcome = store_remove(volumes[i], err);
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
    if (outcome < 0 || !foreign)
        return outcome;
    error_set(err, ERROR_CONFLICT, "%s/%s is not virtopo's: left where it is", o->path,
              foreign);
    return error_hint(err, "move it elsewhere, then run `virtopo down` again");
}

/* The store goes only when nothing is in it: neither images nor other clusters' folders, which
 * libvirt lists as well, as it found them when it last read the store. Nor while another
 * cluster is being made: it counts on the store. */
static int is_used(virStoragePoolPtr pool, bool *ret, struct error **err)
{
    *ret = host_lock_any_elsewhere(virStoragePoolGetConnect(pool), "cluster/");
    if (*ret)
        return 0;
    if (store_refresh(pool, err) < 0)
        return -1;
    *ret = virStoragePoolNumOfVolumes(pool) > 0;
    return 0;
}

/* A folder that is gone already is fine, and so is one that somebody mounted there. */
static bool folder_may_stay(void)
{
    const char *message = virGetLastErrorMessage();

    return strstr(message, "No such file") || strstr(message, "busy");
}

static int remove_folder(virStoragePoolPtr pool, const struct pool_object *o,
                         struct error **err)
{
    if (virStoragePoolIsActive(pool) == 1 && virStoragePoolDestroy(pool) < 0)
        return error_virt(err, "stopping pool '%s'", o->name);
    if (virStoragePoolDelete(pool, 0) < 0 && !folder_may_stay())
        return error_virt(err, "removing the folder %s", o->path);
    if (virStoragePoolUndefine(pool) < 0 && virt_last_code() != VIR_ERR_NO_STORAGE_POOL)
        return error_virt(err, "removing pool '%s'", o->name);
    return 0;
}

/* Empties a pool that runs. 1: it must stay, as others use it. */
static int empty_pool(virStoragePoolPtr pool, const struct pool_object *o, struct error **err)
{
    bool used = false;
    int outcome = o->is_store ? is_used(pool, &used, err) : sweep(pool, o, err);

    /* libvirt stops a pool whose folder it cannot read: it is gone, and all in it. */
    if (outcome < 0 && virStoragePoolIsActive(pool) != 1) {
        error_clear(err);
        return 0;
    }
    return outcome < 0 ? -1 : used;
}

static int pool_destroy(void *context, struct resource *r, struct task *task,
                        struct error **err)
{
    const struct pool_object *o = r->data;
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_pool virStoragePoolPtr pool = NULL;

    (void)context;
    (void)task;
    if (o->found->seen && store_define(call.connection, o->found, err) < 0)
        return -1;
    pool = virStoragePoolLookupByName(call.connection, o->name);
    if (!pool)
        return virt_last_code() == VIR_ERR_NO_STORAGE_POOL
                   ? 0
                   : error_virt(err, "looking for pool '%s'", o->name);
    /* Starting fails where the folder is gone: then nothing is in it. */
    if (virStoragePoolIsActive(pool) == 1 || virStoragePoolCreate(pool, 0) == 0) {
        int stays = empty_pool(pool, o, err);

        if (stays)
            return stays < 0 ? -1 : 0;
    }
    return remove_folder(pool, o, err);
}

static void pool_done(struct resource *r)
{
    struct pool_object *o = r->data;

    if (o) {
        free(o->name);
        free(o->path);
        free(o);
    }
}

const struct resource_kind pool_kind = {
    .name = "pool",
    .rank = 0,
    .internal = true,
    .observe = pool_observe,
    .diff = pool_diff,
    .create = pool_create,
    .update = pool_create,
    .destroy = pool_destroy,
    .done = pool_done,
};
