/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "provision/image/image_chain.h"
#include "provision/image/image_find.h"
#include "provision/image/image_record.h"
#include "provision/image/image_seal.h"
#include "provision/image/image_users.h"
#include "provision/store.h"

bool catalogue_has_name(const struct catalogue_image *image, const char *name)
{
    for (size_t i = 0; i < image->name_count; i++) {
        if (strcmp(image->names[i], name) == 0)
            return true;
    }
    return false;
}

static void add_name(struct catalogue_image *image, const char *name)
{
    char *all;

    if (!name || catalogue_has_name(image, name))
        return;
    vector_push(image->names, image->name_count, xstrdup(name));
    all = image->name ? xasprintf("%s, %s", image->name, name) : xstrdup(name);
    free(image->name);
    image->name = all;
}

/* What the clusters call it whose nodes were made of it. */
static void read_tags(const struct survey *survey, struct catalogue_image *image)
{
    for (size_t i = 0; i < survey->domain_count; i++) {
        const json_t *spec = survey->domains[i].config.tag.spec;
        const char *digest = json_string_value(json_object_get(spec, "image_digest"));

        if (digest && strcmp(digest, image->digest) == 0)
            add_name(image, json_string_value(json_object_get(spec, "image")));
    }
}

static void read_records(const struct survey_pool *store, virConnectPtr connection,
                         virStoragePoolPtr pool, struct catalogue_image *image)
{
    image->records = json_array();
    for (size_t i = 0; i < store->volume_count; i++) {
        json_t *record = NULL;

        if (image_record_is_of(store->volumes[i].name, image->volume))
            record = image_record_read(connection, pool, store->volumes[i].name);
        if (!record)
            continue;
        add_name(image, json_string_value(json_object_get(record, "name")));
        json_array_append_new(image->records, record);
    }
}

/* A running domain names the same overlay that lies in its cluster's pool. */
static bool is_told(const struct catalogue_image *image, const char *by)
{
    const char *mark = strchr(by, '_');

    for (size_t i = 0; i < image->used_by_count; i++) {
        auto_free char *twin = NULL;

        if (strcmp(image->used_by[i], by) == 0)
            return true;
        if (strncmp(by, "domain ", 7) != 0 || !mark)
            continue;
        twin = xasprintf("node %s of %.*s", mark + 1, (int)(mark - by - 7), by + 7);
        if (strcmp(image->used_by[i], twin) == 0)
            return true;
    }
    return false;
}

static void read_users(const struct image_users *users, const char *path,
                       struct catalogue_image *image)
{
    const struct image_user *user = NULL;

    while ((user = image_users_next(users, path, user))) {
        if (!is_told(image, user->by))
            vector_push(image->used_by, image->used_by_count, xstrdup(user->by));
    }
}

static void read_chain(const struct survey_pool *store, struct catalogue_image *image)
{
    auto_image_chain struct image_chain chain = {0};
    char digest[SHA256_TEXT];

    image_chain_read(store, image->volume, &chain);
    image->layers = chain.count;
    image->missing = TAKE(chain.missing);
    if (chain.count < 2)
        return;
    image_find_digest(chain.items[1]->name, digest);
    image->parent = xstrdup(digest);
}

static int read_host(struct site_host *host, struct catalogue *ret, struct error **err)
{
    const struct survey_pool *store = &host->survey.store;
    auto_call struct host_call call = host_call_begin(host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_image_users struct image_users users = {0};

    if (!store->name && survey_read_store(call.connection, &host->survey, err) < 0)
        return -1;
    if (!store->seen)
        return 0;
    if (store_pool(call.connection, store->name, &pool, err) < 0 ||
        image_users_read(host, call.connection, USERS_GLANCE, NULL, &users, err) < 0)
        return -1;
    for (size_t i = 0; i < store->volume_count; i++) {
        const struct survey_volume *volume = &store->volumes[i];
        struct catalogue_image image = {.host = host_name(host->host)};
        char digest[SHA256_TEXT];

        if (!image_seal_is_image(volume->name))
            continue;
        image_find_digest(volume->name, digest);
        image.volume = xstrdup(volume->name);
        image.digest = xstrdup(digest);
        image.format = strstr(volume->name, ".raw") ? "raw" : "qcow2";
        image.capacity = volume->readable ? volume->view.capacity : 0;
        image.bytes = volume->readable ? volume->view.allocation : 0;
        image.length = volume->readable ? volume->view.physical : 0;
        image.state = image_seal_state(store, volume->name);
        read_records(store, call.connection, pool, &image);
        read_tags(&host->survey, &image);
        read_users(&users, volume->path, &image);
        read_chain(store, &image);
        vector_push(ret->items, ret->count, image);
    }
    if (users.unknown && !ret->unknown)
        ret->unknown = TAKE(users.unknown);
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct catalogue_image *x = a, *y = b;
    int order = strcmp(x->host, y->host);

    if (order == 0)
        order = strcmp(x->name ? x->name : "", y->name ? y->name : "");
    return order ? order : strcmp(x->digest, y->digest);
}

int catalogue_read(struct site *site, struct catalogue *ret, struct error **err)
{
    for (size_t i = 0; i < site->host_count; i++) {
        if (read_host(&site->hosts[i], ret, err) < 0)
            return -1;
    }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, compare);
    return 0;
}

void catalogue_done(struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        struct catalogue_image *image = &catalogue->items[i];

        free(image->volume);
        free(image->digest);
        free(image->name);
        for (size_t k = 0; k < image->name_count; k++)
            free(image->names[k]);
        free(image->names);
        free(image->parent);
        free(image->missing);
        for (size_t k = 0; k < image->used_by_count; k++)
            free(image->used_by[k]);
        free(image->used_by);
        json_decref(image->records);
    }
    free(catalogue->items);
    free(catalogue->unknown);
    *catalogue = (struct catalogue){0};
}

const char *catalogue_state_name(const struct catalogue_image *image)
{
    static const char *const names[] = {[IMAGE_ABSENT] = "missing",
                                        [IMAGE_PARTIAL] = "cut off",
                                        [IMAGE_SEALED] = "complete",
                                        [IMAGE_CHANGED] = "changed"};

    /* a layer without what it stands on */
    return image->missing ? "incomplete" : names[image->state];
}

const struct catalogue_image *catalogue_parent(const struct catalogue *c,
                                               const struct catalogue_image *image)
{
    for (size_t i = 0; image->parent && i < c->count; i++) {
        if (strcmp(c->items[i].host, image->host) == 0 &&
            strcmp(c->items[i].digest, image->parent) == 0)
            return &c->items[i];
    }
    return NULL;
}

int catalogue_check(const struct catalogue *c, const struct catalogue_image *image,
                    struct error **err)
{
    for (const struct catalogue_image *at = image; at; at = catalogue_parent(c, at)) {
        if (at->state == IMAGE_SEALED && !at->missing)
            continue;
        error_set(err, ERROR_CONFLICT, "image %s cannot be relied on: %s %.12s is %s",
                  image->name ? image->name : image->digest,
                  at == image ? "its file" : "below it,", at->digest, catalogue_state_name(at));
        return error_hint(err, "`virtopo image verify` says what is wrong, and what to do");
    }
    return 0;
}

json_t *catalogue_json(const struct catalogue_image *image)
{
    json_t *used_by = json_array(), *names = json_array();

    for (size_t i = 0; i < image->name_count; i++)
        json_array_append_new(names, json_string(image->names[i]));
    for (size_t i = 0; i < image->used_by_count; i++)
        json_array_append_new(used_by, json_string(image->used_by[i]));
    return json_pack("{s:s, s:s?, s:o, s:s, s:s, s:I, s:I, s:s, s:I, s:s?, s:s?, s:o, s:O}",
                     "host", image->host, "name", image->name, "names", names, "digest",
                     image->digest, "format", image->format, "size",
                     (json_int_t)image->capacity, "bytes", (json_int_t)image->bytes, "state",
                     catalogue_state_name(image), "layers", (json_int_t)image->layers, "parent",
                     image->parent, "missing", image->missing, "used_by", used_by, "records",
                     image->records);
}
