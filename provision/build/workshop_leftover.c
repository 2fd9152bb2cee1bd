/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/workshop.h"

#include <stdlib.h>
#include <string.h>

#include "provision/build/guest.h"
#include "provision/store.h"

struct search {
    virConnectPtr connection;
    struct workshop_leftovers *found;
};

/* The 12 digits in "build-<12 hex>-…" or "virtopo-build-<12 hex>", or NULL. */
static const char *id_of(const char *name, const char *prefix)
{
    const char *id = name + strlen(prefix);

    if (strncmp(name, prefix, strlen(prefix)) != 0 ||
        strspn(id, "0123456789abcdef") != WORKSHOP_ID)
        return NULL;
    return id;
}

static bool is_under_way(virConnectPtr connection, const char *id)
{
    auto_free char *lock = workshop_lock_name(id);

    return host_lock_is_held(connection, lock);
}

static int add_volume(void *context, virStorageVolPtr volume, struct error **err)
{
    struct search *s = context;
    struct workshop_leftover item = {0};
    const char *id = id_of(virStorageVolGetName(volume), "build-");
    virStorageVolInfo info;

    (void)err;
    if (!id || is_under_way(s->connection, id))
        return 0;
    if (virStorageVolGetInfo(volume, &info) == 0)
        item.bytes = info.allocation;
    item.name = xstrdup(virStorageVolGetName(volume));
    vector_push(s->found->items, s->found->count, item);
    return 0;
}

static int add_guests(struct search *s, struct error **err)
{
    virDomainPtr *domains = NULL;
    int count = virConnectListAllDomains(s->connection, &domains, 0);

    if (count < 0)
        return error_virt(err, "listing domains");
    for (int i = 0; i < count; i++) {
        const char *id = id_of(virDomainGetName(domains[i]), "virtopo-build-");
        auto_free char *xml = id ? virDomainGetXMLDesc(domains[i], 0) : NULL;
        auto_free char *recipe = xml ? build_guest_recipe(xml) : NULL;

        if (recipe && !is_under_way(s->connection, id))
            vector_push(s->found->items, s->found->count,
                        ((struct workshop_leftover){.name = xstrdup(recipe), .guest = true}));
        virDomainFree(domains[i]);
    }
    free(domains);
    return 0;
}

int workshop_leftovers(struct site_host *host, struct workshop_leftovers *ret,
                       struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    auto_pool virStoragePoolPtr pool =
        virStoragePoolLookupByName(call.connection, host->survey.store.name);
    struct search search = {call.connection, ret};

    *ret = (struct workshop_leftovers){0};
    if (add_guests(&search, err) < 0)
        return -1;
    if (!pool || virStoragePoolIsActive(pool) != 1)
        return 0;
    return store_each(pool, "build-", add_volume, &search, err);
}

int workshop_sweep(struct site_host *host, const struct workshop_leftovers *leftovers,
                   struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    auto_pool virStoragePoolPtr pool = NULL;

    for (size_t i = 0; i < leftovers->count; i++) {
        const struct workshop_leftover *item = &leftovers->items[i];

        if (item->guest && build_guest_remove(call.connection, item->name, err) < 0)
            return -1;
        if (item->guest)
            continue;
        if (!pool && store_open(call.connection, &host->survey.store, &pool, err) < 0)
            return -1;
        if (store_delete(pool, item->name, err) < 0)
            return -1;
    }
    return 0;
}

void workshop_leftovers_done(struct workshop_leftovers *leftovers)
{
    for (size_t i = 0; i < leftovers->count; i++)
        free(leftovers->items[i].name);
    free(leftovers->items);
    *leftovers = (struct workshop_leftovers){0};
}
