/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_prune.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/image/image_record.h"
#include "provision/image/image_seal.h"
#include "provision/image/image_users.h"
#include "provision/pool.h"
#include "provision/store.h"

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

int image_prune_add(struct provision *p, struct site_host *host, struct resource_set *set,
                    struct error **err)
{
    const struct survey_pool *store = &host->survey.store;
    /* The cluster's own overlays go too, unless its disks are kept. */
    auto_free char *own = p->options.keep_disks
                              ? NULL
                              : identity_pool_path(host_dir(host->host), p->site.cluster_name);
    auto_call struct host_call call = host_call_begin(host->host);
    auto_image_users struct image_users users = {0};
    auto_free bool *unused = NULL;

    if (image_users_read(host, call.connection, own, &users, err) < 0)
        return -1;
    unused = image_users_unused(host, &users);
    for (size_t i = 0; i < store->volume_count; i++) {
        if (unused[i])
            add_stored(p, host, set, store->volumes[i].name);
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
    auto_free char *own = identity_pool_path(host_dir(o->host->host), p->site.cluster_name);
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_image_users struct image_users users = {0};

    if (store_open(call.connection, &o->host->survey.store, &pool, err) < 0 ||
        image_seal_break(pool, o->volume, err) < 0 ||
        image_users_read(o->host, call.connection, own, &users, err) < 0)
        return -1;
    if (!image_users_has(&users, path))
        return image_record_remove(pool, o->volume, err) < 0
                   ? -1
                   : store_delete(pool, o->volume, err);
    task_say(task, "another cluster uses it now");
    return image_seal_again(pool, o->volume, err);
}
