/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provision/image/digest_cache.h"
#include "provision/image/image_copy.h"
#include "provision/image/image_chain.h"
#include "provision/image/image_changed.h"
#include "provision/image/image_find.h"
#include "provision/image/image_maker.h"
#include "provision/image/image_record.h"
#include "provision/image/image_prune.h"
#include "provision/image/image_seal.h"
#include "provision/pool.h"
#include "provision/store.h"
#include "util/size.h"

struct image_object *image_of(const struct resource *r)
{
    return r->data;
}

char *image_path(const struct image_object *o)
{
    return o->volume ? xasprintf("%s/%s", host_dir(o->host->host), o->volume) : NULL;
}

/* An image that is in the store has there what it is made from. */
static bool needs_parent(const struct image_object *o)
{
    bool is_stored = o->digest && !o->source;

    return o->image->parent && !is_stored && !(o->digest && o->image->layer.flatten);
}

struct resource *image_want(struct provision *p, const struct image *image, const char *host)
{
    struct resource *r = resource_set_find(&p->set, &image_kind, host, image->name);
    auto_error struct error *reason = NULL;
    struct image_object *o;

    if (!r) {
        r = resource_set_add(&p->set, &image_kind, host, image->name);
        o = xcalloc(1, sizeof *o);
        r->data = o;
        r->wanted = true;
        o->provision = p;
        o->host = site_host(&p->site, host);
        o->image = image;
        resource_need(r, pool_want(p, host, POOL_STORE));
        if (image_find(o, &reason) < 0)
            provision_finding(p, image->source, image_source_key(image), "image", TAKE(reason));
        if (needs_parent(o))
            o->parent = image_want(p, image->parent, host);
        resource_need(r, o->parent);
    }
    return r;
}

/* Nodes of this cluster run on it, so it is there, though a store that somebody stopped or
 * removed from libvirt does not show it. */
static bool is_in_use(const struct image_object *o)
{
    const struct survey *survey = &o->host->survey;
    auto_free char *path = image_path(o);

    for (size_t i = 0; i < survey->domain_count; i++) {
        const char *digest = json_string_value(
            json_object_get(survey->domains[i].config.tag.spec, "image_digest"));

        if (survey->domains[i].ours && ((digest && strcmp(digest, o->digest) == 0) ||
                                        survey_domain_has_disk(&survey->domains[i], path)))
            return true;
    }
    return false;
}

static int image_observe(void *context, struct resource_set *set, struct error **err)
{
    struct provision *p = context;

    for (size_t i = 0; i < set->count; i++) {
        struct resource *r = set->items[i];
        struct image_object *o = r->data;

        if (r->kind != &image_kind || !o->digest)
            continue;
        o->state = !o->host->survey.store.seen && is_in_use(o)
                       ? IMAGE_SEALED
                       : image_seal_state(&o->host->survey.store, o->volume);
        if ((o->state == IMAGE_SEALED || o->state == IMAGE_CHANGED) &&
            image_check_changed(o, err) < 0)
            return -1;
        r->present = (o->state == IMAGE_SEALED || o->reseal) && !o->replace;
        if (o->replace)
            r->note = xstrdup("it is not what it was, and is made anew");
    }
    for (size_t i = 0; p->options.prune && i < p->site.host_count; i++) {
        if (image_prune_add(p, &p->site.hosts[i], set, err) < 0)
            return -1;
    }
    return 0;
}

/* Another virtopo may be copying the same image at this moment: it is waited for. */
static int take_lock(const struct image_object *o, const char *digest, struct host_lock *lock,
                     struct task *task, struct error **err)
{
    auto_free char *name = xasprintf("image/%s", digest);

    for (;;) {
        auto_error struct error *reason = NULL;

        if (host_lock_take(o->host->host, name, LOCK_TRY, lock, &reason) == 0)
            return 0;
        if (reason->kind != ERROR_BUSY)
            return error_move(err, TAKE(reason));
        task_say(task, "another virtopo copies this image");
        if (task_wait(task, 200))
            return error_set(err, ERROR_CANCELLED, "waiting for image '%s': stopped",
                             o->image->name);
    }
}

/* Makes the image's file. What it is made from is there by now. */
static int make(struct image_object *o, struct task *task, struct error **err)
{
    char recipe[SHA256_TEXT];

    if (!o->recipe) {
        int outcome = image_maker_of(o->image)->recipe(o, recipe, err);

        if (outcome < 0)
            return -1;
        if (outcome == RECIPE_LATER)
            return error_set(err, ERROR_FAILED,
                             "image '%s': the image that it is made from is not there",
                             o->image->name);
        o->recipe = xstrdup(recipe);
    }
    return image_make(o, task, err);
}

int image_bring(struct image_object *o, struct task *task, struct error **err)
{
    auto_lock struct host_lock lock = {0};
    auto_pool virStoragePoolPtr pool = NULL;
    enum image_state state;

    if (image_maker_of(o->image) && make(o, task, err) < 0)
        return -1;
    if (image_find_inspect(o, err) < 0 || take_lock(o, o->digest, &lock, task, err) < 0)
        return -1;
    auto_call struct host_call call = host_call_begin(o->host->host);
    if (store_make(call.connection, &o->host->survey.store, &pool, err) < 0 ||
        image_seal_read(pool, o->volume, &state, err) < 0)
        return -1;
    if (state == IMAGE_CHANGED && !o->replace && !provision_rebuilds(o->provision, o->image))
        return image_refuse_changed(o, o->volume, err);
    if (state == IMAGE_SEALED)
        return image_record_write(o, call.connection, pool, err);
    return image_copy(o, call.connection, pool, task, err);
}

static int image_create(void *context, struct resource *r, struct task *task,
                        struct error **err)
{
    (void)context;
    return image_bring(r->data, task, err);
}

static int image_diff(void *context, struct resource *r, struct error **err)
{
    const struct image_object *o = r->data;

    (void)context;
    (void)err;
    if (o->reseal)
        change_add(&r->changes, CHANGE_LIVE, "seal", NULL, NULL,
                   "the file was touched, its content is the same");
    return 0;
}

static int image_update(void *context, struct resource *r, struct task *task,
                        struct error **err)
{
    const struct image_object *o = r->data;
    const struct survey_pool *store = &o->host->survey.store;
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_image_chain struct image_chain chain = {0};

    (void)context;
    (void)task;
    if (store_open(call.connection, store, &pool, err) < 0)
        return -1;
    image_chain_read(store, o->volume, &chain);
    for (size_t i = 0; i < chain.count; i++) {
        if (image_seal_state(store, chain.items[i]->name) == IMAGE_CHANGED &&
            image_seal_again(pool, chain.items[i]->name, err) < 0)
            return -1;
    }
    return 0;
}

static char *image_describe(void *context, const struct resource *r)
{
    const struct image_object *o = r->data;
    char text[SIZE_TEXT];

    (void)context;
    if (!o->image)
        return xstrdup("base image that nothing uses");
    if (!o->digest)
        return image_maker_of(o->image)->describe(o);
    if (!o->source)
        return xstrdup("in the store");
    return xasprintf("copy %s from %s", size_format(o->bytes, text), o->source);
}

static void image_done(struct resource *r)
{
    struct image_object *o = r->data;

    if (!o)
        return;
    free(o->source);
    free(o->digest);
    free(o->recipe);
    free(o->volume);
    free(o);
}

const struct resource_kind image_kind = {
    .name = "image",
    .rank = 10,
    .observe = image_observe,
    .diff = image_diff,
    .create = image_create,
    .update = image_update,
    .destroy = image_prune_destroy,
    .describe = image_describe,
    .done = image_done,
};
