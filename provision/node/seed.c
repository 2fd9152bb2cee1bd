/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/seed.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "host/key.h"
#include "host/transfer.h"
#include "provision/pool.h"
#include "provision/store.h"
#include "util/size.h"

/* Three clusters of 64 KiB and what the file system adds; the first that a guest writes takes
 * two more. */
#define UNWRITTEN (256 * KIB)

struct seed_object {
    struct machine *machine; /* NULL: not wanted any more */
    struct site_host *host;
    char *volume; /* of an unwanted one */
};

struct resource *seed_want(struct machine *m)
{
    auto_free char *name = xasprintf("%s/seed", m->name);
    struct resource *r =
        resource_set_add(&m->provision->set, &seed_kind, host_name(m->host->host), name);
    struct seed_object *o = xcalloc(1, sizeof *o);

    r->data = o;
    r->wanted = true;
    r->part_of = m->resource;
    o->machine = m;
    o->host = m->host;
    return r;
}

/* Only a seed that its domain names is known to be whole: the domain is defined after it. */
static void observe_wanted(struct resource *r)
{
    struct seed_object *o = r->data;
    auto_free char *volume = machine_seed_name(o->machine);
    auto_free char *path = machine_path(o->machine, volume);
    const struct survey_volume *found = survey_pool_volume(&o->host->survey.volumes, volume);

    r->present = found && found->readable && survey_domain_has_disk(o->machine->found, path) &&
                 !machine_needs_recreate(o->machine, NULL);
}

static void add_unwanted(struct provision *p, struct site_host *host,
                         const struct survey_volume *found, const char *node)
{
    const char *name = host_name(host->host);
    struct resource *r = resource_set_add(&p->set, &seed_kind, name, found->name);
    struct resource *owner = resource_set_find(&p->set, &domain_kind, name, node);
    struct seed_object *o = xcalloc(1, sizeof *o);

    r->data = o;
    r->present = true;
    r->part_of = owner;
    o->host = host;
    o->volume = xstrdup(found->name);
    if (owner)
        resource_need(owner, r);
    resource_need(r, resource_set_find(&p->set, &pool_kind, name, POOL_VOLUMES));
}

/* True for the seed that the wanted node will use, whatever else is in the pool. */
static bool is_wanted(struct provision *p, struct site_host *host, const char *volume,
                      const char *node)
{
    auto_free char *name = xasprintf("%s/seed", node);
    const struct resource *r =
        resource_set_find(&p->set, &seed_kind, host_name(host->host), name);
    const struct seed_object *o = r ? r->data : NULL;
    auto_free char *wanted = o && o->machine ? machine_seed_name(o->machine) : NULL;

    return wanted && strcmp(wanted, volume) == 0;
}

static int seed_observe(void *context, struct resource_set *set, struct error **err)
{
    struct provision *p = context;
    size_t count = set->count;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        if (set->items[i]->kind == &seed_kind && set->items[i]->wanted)
            observe_wanted(set->items[i]);
    }
    for (size_t h = 0; h < p->site.host_count; h++) {
        struct site_host *host = &p->site.hosts[h];

        for (size_t i = 0; i < host->survey.volumes.volume_count; i++) {
            const struct survey_volume *found = &host->survey.volumes.volumes[i];
            const char *mark = strstr(found->name, ".seed-");
            auto_free char *node =
                mark ? xstrndup(found->name, (size_t)(mark - found->name)) : NULL;

            if (node && !is_wanted(p, host, found->name, node) &&
                !provision_is_partial(p, node))
                add_unwanted(p, host, found, node);
        }
    }
    return 0;
}

/* A root overlay that has only what qcow2 itself needs: its node is defined and was never
 * started. (One of many TiB needs
 * more, and counts as booted.) */
static bool root_is_unwritten(const struct machine *m)
{
    auto_free char *name = machine_root_name(m->name);
    const struct survey_volume *found = survey_pool_volume(&m->host->survey.volumes, name);

    return found && found->readable && found->view.allocation < UNWRITTEN &&
           !(m->found && m->found->active);
}

/* A guest that boots for the first time gets its host key from us, so that it is known before
 * the first connection; one that has booted before keeps the key that it has. */
static int add_host_key(struct machine *m, struct seed_template *t, char **ret_private,
                        struct error **err)
{
    char *public = NULL;

    if (!m->fresh_root && !root_is_unwritten(m))
        return 0;
    if (key_generate(ret_private, &public, err) < 0)
        return -1;
    free(m->host_key);
    m->host_key = public;
    t->host_private_key = *ret_private;
    t->host_public_key = public;
    return 0;
}

static int seed_create(void *context, struct resource *r, struct task *task, struct error **err)
{
    const struct seed_object *o = r->data;
    struct machine *m = o->machine;
    struct seed_template t = machine_seed(m);
    auto_free char *private = NULL;
    auto_free char *name = machine_seed_name(m);
    auto_buffer struct buffer iso = {0};
    struct volume_template v = {.name = name, .format = "raw", .mode = "0600"};
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;

    (void)context;
    (void)task;
    if (add_host_key(m, &t, &private, err) < 0 || seed_iso(&t, &iso, err) < 0)
        return -1;
    v.capacity = iso.length;
    auto_call struct host_call call = host_call_begin(o->host->host);
    if (store_open(call.connection, &o->host->survey.volumes, &pool, err) < 0 ||
        store_delete(pool, name, err) < 0 ||
        store_create(pool, &v, STORE_REPLACE, &volume, err) < 0)
        return -1;
    return transfer_upload(call.connection, volume, iso.data, iso.length, err);
}

static int seed_destroy(void *context, struct resource *r, struct task *task,
                        struct error **err)
{
    const struct seed_object *o = r->data;
    auto_free char *own = o->machine ? machine_seed_name(o->machine) : NULL;
    auto_pool virStoragePoolPtr pool = NULL;

    (void)context;
    (void)task;
    auto_call struct host_call call = host_call_begin(o->host->host);
    if (store_open(call.connection, &o->host->survey.volumes, &pool, err) < 0)
        return -1;
    return store_delete(pool, o->volume ? o->volume : own, err);
}

static void seed_done(struct resource *r)
{
    struct seed_object *o = r->data;

    if (!o)
        return;
    free(o->volume);
    free(o);
}

const struct resource_kind seed_kind = {
    .name = "seed",
    .rank = 40,
    .internal = true,
    .observe = seed_observe,
    .create = seed_create,
    .destroy = seed_destroy,
    .done = seed_done,
};
