/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_prune.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/image/image_find.h"
#include "provision/image/image_record.h"
#include "provision/image/image_seal.h"
#include "provision/image/image_users.h"
#include "provision/image/leftover.h"
#include "provision/pool.h"
#include "provision/store.h"
#include "util/size.h"

/* The cluster's own overlays, unless its disks are kept. */
static char *folder_that_goes(const struct provision *p, const struct site_host *host)
{
    return p->options.keep_disks || !p->site.cluster_name
               ? NULL
               : identity_pool_path(host_dir(host->host), p->site.cluster_name);
}

/* Another virtopo may be copying it there at this moment. */
static bool is_being_made(virConnectPtr connection, const char *volume)
{
    char digest[SHA256_TEXT];
    auto_free char *lock = NULL;

    image_find_digest(volume, digest);
    lock = xasprintf("image/%s", digest);
    return host_lock_is_elsewhere(connection, lock);
}

static struct resource *add_stored(struct provision *p, struct site_host *host,
                                   struct resource_set *set, const char *volume)
{
    struct resource *r = resource_set_add(set, &image_kind, host_name(host->host), volume);
    struct image_object *o = xcalloc(1, sizeof *o);

    o->provision = p;
    o->host = host;
    o->volume = xstrdup(volume);
    r->data = o;
    r->present = true;
    resource_need(r, resource_set_find(set, &pool_kind, host_name(host->host), POOL_STORE));
    return r;
}

/* What people know it by: a digest says nothing. */
static void note_name(virConnectPtr connection, struct site_host *host, struct resource *r)
{
    const struct survey_pool *store = &host->survey.store;
    const struct survey_volume *volume = survey_pool_volume(store, r->name);
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(connection, store->name);
    char size[SIZE_TEXT];

    size_format(volume->readable ? volume->view.allocation : 0, size);
    for (size_t i = 0; pool && i < store->volume_count && !r->note; i++) {
        json_t *record = image_record_is_of(store->volumes[i].name, r->name)
                             ? image_record_read(connection, pool, store->volumes[i].name)
                             : NULL;
        const char *name = json_string_value(json_object_get(record, "name"));

        if (name)
            r->note = xasprintf("%s, %s; nothing uses it", name, size);
        json_decref(record);
    }
    if (!r->note)
        r->note = xasprintf("%s; nothing uses it", size);
}

/* A layer goes before what it stands on. */
static void order_layers(const struct site_host *host, struct resource_set *set)
{
    const struct survey_pool *store = &host->survey.store;

    for (size_t i = 0; i < store->volume_count; i++) {
        const char *backing = store->volumes[i].view.backing_path;
        const char *base = backing ? strrchr(backing, '/') : NULL;
        struct resource *layer =
            resource_set_find(set, &image_kind, host_name(host->host), store->volumes[i].name);

        if (layer && base)
            resource_need(layer,
                          resource_set_find(set, &image_kind, host_name(host->host), base + 1));
    }
}

static int refuse_unknown(const struct site_host *host, const struct image_users *users,
                          struct error **err)
{
    error_set(err, ERROR_FAILED,
              "what uses the images of host '%s' cannot be told: %s could not be looked at",
              host_name(host->host), users->unknown);
    return error_hint(err, "nothing was removed: make that readable, start it, or remove it if "
                           "it is of no use");
}

int image_prune_add(struct provision *p, struct site_host *host, struct resource_set *set,
                    struct error **err)
{
    const struct survey_pool *store = &host->survey.store;
    auto_free char *own = folder_that_goes(p, host);
    auto_call struct host_call call = host_call_begin(host->host);
    auto_image_users struct image_users users = {0};
    auto_free bool *unused = NULL;

    if (image_users_read(host, call.connection, USERS_FRESH, own, &users, err) < 0)
        return -1;
    if (users.unknown && !p->site.cluster_name)
        return refuse_unknown(host, &users, err);
    unused = image_users_unused(host, &users);
    for (size_t i = 0; i < store->volume_count; i++) {
        struct resource *r;

        if (!unused[i] || is_being_made(call.connection, store->volumes[i].name))
            continue;
        r = add_stored(p, host, set, store->volumes[i].name);
        if (!p->site.cluster_name)
            note_name(call.connection, host, r);
    }
    order_layers(host, set);
    return 0;
}

/* An `up` of another cluster may have begun to use the image since the plan was made: looked at
 * again, without its seal, so that whoever comes now makes a copy of their own. */
int image_prune_destroy(void *context, struct resource *r, struct task *task,
                        struct error **err)
{
    const struct provision *p = context;
    const struct image_object *o = r->data;
    auto_free char *path = image_path(o);
    auto_free char *own = folder_that_goes(p, o->host);
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_image_users struct image_users users = {0};

    if (store_open(call.connection, &o->host->survey.store, &pool, err) < 0 ||
        image_seal_break(pool, o->volume, err) < 0 ||
        image_users_read(o->host, call.connection, USERS_FRESH, own, &users, err) < 0)
        return -1;
    if (!image_users_has(&users, path))
        return image_record_remove(pool, o->volume, err) < 0
                   ? -1
                   : store_delete(pool, o->volume, err);
    task_say(task, "another cluster uses it now");
    return image_seal_again(pool, o->volume, err);
}

/* A cluster that is being made counts on images that nothing uses yet. */
static int check_idle(const struct site_host *host, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);

    if (!host_lock_any_elsewhere(call.connection, "cluster/"))
        return 0;
    error_set(err, ERROR_BUSY, "another virtopo changes a cluster on host '%s'",
              host_name(host->host));
    return error_hint(err, "run this again when it is done");
}

int image_prune_plan(struct provision *p, bool cache, bool dry_run, struct plan *ret,
                     struct error **err)
{
    for (size_t i = 0; i < p->site.host_count; i++) {
        struct site_host *host = &p->site.hosts[i];
        auto_call struct host_call call = host_call_begin(host->host);

        if ((!host->survey.store.name &&
             survey_read_store(call.connection, &host->survey, err) < 0) ||
            (!dry_run && check_idle(host, err) < 0) ||
            image_prune_add(p, host, &p->set, err) < 0 ||
            leftover_add_host(&p->set, host, err) < 0)
            return -1;
    }
    return leftover_add_cache(&p->set, cache, err) < 0 ? -1
                                                       : plan_compare(&p->set, p, ret, err);
}

uint64_t image_prune_bytes(const struct plan *plan)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < plan->set->count; i++) {
        const struct resource *r = plan->set->items[i];
        const struct image_object *o = r->kind == &image_kind ? r->data : NULL;
        const struct survey_volume *volume =
            o ? survey_pool_volume(&o->host->survey.store, o->volume) : NULL;

        if (volume && volume->readable)
            bytes += volume->view.allocation;
        if (r->kind == &leftover_kind)
            bytes += leftover_bytes(r);
    }
    return bytes;
}
