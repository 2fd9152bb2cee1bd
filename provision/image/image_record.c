/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_record.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/transfer.h"
#include "provision/image/image_maker.h"
#include "provision/image/image_seal.h"
#include "provision/store.h"

#define RECORD ".made-"
#define RECORD_LIMIT (1u << 20)

char *image_record_image(const char *volume)
{
    const char *end = strstr(volume, RECORD);

    return end ? xstrndup(volume, (size_t)(end - volume)) : NULL;
}

bool image_record_is_of(const char *volume, const char *image)
{
    size_t length = strlen(image);

    return strncmp(volume, image, length) == 0 &&
           strncmp(volume + length, RECORD, strlen(RECORD)) == 0;
}

static bool is_for(const char *volume, const char *recipe)
{
    const char *end = strstr(volume, RECORD);

    return end && strcmp(end + strlen(RECORD), recipe) == 0;
}

const struct survey_volume *image_record_find(const struct survey_pool *store,
                                              const char *recipe)
{
    for (size_t i = 0; i < store->volume_count; i++) {
        if (is_for(store->volumes[i].name, recipe)) {
            auto_free char *image = image_record_image(store->volumes[i].name);
            const struct survey_volume *volume = survey_pool_volume(store, image);

            if (volume)
                return volume;
        }
    }
    return NULL;
}

/* Calls `visit` for the name of each volume until it gives something else than 0. */
static int each_name(virStoragePoolPtr pool,
                     int (*visit)(virStoragePoolPtr pool, const char *name, void *context,
                                  struct error **err),
                     void *context, struct error **err)
{
    virStorageVolPtr *volumes = NULL;
    int outcome = 0;
    int count = virStoragePoolListAllVolumes(pool, &volumes, 0);

    if (count < 0)
        return error_virt(err, "listing the volumes of pool '%s'", virStoragePoolGetName(pool));
    for (int i = 0; i < count; i++) {
        if (outcome == 0)
            outcome = visit(pool, virStorageVolGetName(volumes[i]), context, err);
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
    return outcome;
}

struct removal {
    const char *recipe, *image; /* one of them; with both, of the recipe but not of the image */
};

static int visit_removal(virStoragePoolPtr pool, const char *name, void *context,
                         struct error **err)
{
    const struct removal *removal = context;
    bool matches = removal->recipe ? is_for(name, removal->recipe) &&
                                         !image_record_is_of(name, removal->image)
                                   : image_record_is_of(name, removal->image);

    return matches ? store_delete(pool, name, err) : 0;
}

int image_record_remove(virStoragePoolPtr pool, const char *image, struct error **err)
{
    struct removal removal = {.image = image};

    return each_name(pool, visit_removal, &removal, err) < 0 ? -1 : 0;
}

static char *record_text(const struct image_object *o)
{
    const struct image_maker *maker = image_maker_of(o->image);
    auto_free char *how = maker ? maker->describe(o) : xasprintf("copy of %s", o->image->file);
    char when[sizeof "2026-01-01T00:00:00Z"];
    time_t now = time(NULL);
    struct tm utc;
    json_t *record;
    char *text;

    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    record = json_pack("{s:i, s:s, s:s?, s:s?, s:s, s:s, s:s?, s:I}", "version", 1, "name",
                       o->image->name, "cluster", o->provision->site.cluster_name, "recipe",
                       o->recipe, "source", how, "made", when, "owner",
                       o->provision->site.owner, "size", (json_int_t)o->capacity);
    if (o->image->parent)
        json_object_set_new(record, "parent", json_string(o->image->parent->name));
    text = json_dumps(record, JSON_SORT_KEYS | JSON_INDENT(1));
    json_decref(record);
    return text;
}

/* A copy of a file has no recipe: then content and name are one, so that the same content keeps
 * each name that it was brought under. */
static char *key_of(const struct image_object *o)
{
    auto_free char *all =
        xasprintf("virtopo image copy 1 %s %s", o->digest, o->image ? o->image->name : "");
    char key[SHA256_TEXT];

    return xstrdup(o->recipe ? o->recipe : sha256_text(all, strlen(all), key));
}

int image_record_write(const struct image_object *o, virConnectPtr connection,
                       virStoragePoolPtr pool, struct error **err)
{
    auto_free char *recipe = key_of(o);
    auto_free char *name = xasprintf("%s" RECORD "%s", o->volume, recipe);
    auto_free char *text = record_text(o);
    struct removal older = {.recipe = recipe, .image = o->volume};
    struct volume_template t = {
        .name = name, .format = "raw", .capacity = strlen(text), .mode = "0444"};
    auto_volume virStorageVolPtr volume = NULL;

    if (store_create(pool, &t, STORE_REPLACE, &volume, err) < 0 ||
        transfer_upload(connection, volume, text, strlen(text), err) < 0)
        return -1;
    return each_name(pool, visit_removal, &older, err) < 0 ? -1 : 0;
}

json_t *image_record_read(virConnectPtr connection, virStoragePoolPtr pool, const char *name)
{
    auto_volume virStorageVolPtr volume = virStorageVolLookupByName(pool, name);
    auto_buffer struct buffer text = {0};

    if (!volume || transfer_download_tail(connection, volume, RECORD_LIMIT, &text, NULL) < 0 ||
        !text.data)
        return NULL;
    return json_loadb(text.data, text.length, 0, NULL);
}
