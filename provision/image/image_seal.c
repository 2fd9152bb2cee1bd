/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_seal.h"

#include <stdlib.h>
#include <string.h>

#include "provision/image/image_record.h"
#include "provision/store.h"

#define PREFIX "sha256-"
#define SEAL ".sealed-"

char *image_seal_volume(const char *digest, const char *format)
{
    return xasprintf(PREFIX "%s.%s", digest, format);
}

bool image_seal_is_image(const char *volume)
{
    return strncmp(volume, PREFIX, strlen(PREFIX)) == 0 && !strstr(volume, SEAL) &&
           !strstr(volume, ".made-");
}

const struct survey_volume *image_seal_find(const struct survey_pool *store, const char *digest)
{
    for (size_t i = 0; i < store->volume_count; i++) {
        const char *name = store->volumes[i].name;

        if (image_seal_is_image(name) &&
            strncmp(name + strlen(PREFIX), digest, strlen(digest)) == 0)
            return &store->volumes[i];
    }
    return NULL;
}

/* The name of the seal that fits a volume as it is now. */
static char *seal_name(const char *volume, const struct volume_view *view)
{
    return xasprintf("%s" SEAL "%llu-%s", volume, (unsigned long long)view->physical,
                     view->mtime ? view->mtime : "0");
}

static bool is_seal_of(const char *name, const char *volume)
{
    size_t length = strlen(volume);

    return strncmp(name, volume, length) == 0 &&
           strncmp(name + length, SEAL, strlen(SEAL)) == 0;
}

enum image_state image_seal_state(const struct survey_pool *store, const char *volume)
{
    const struct survey_volume *image = survey_pool_volume(store, volume);
    bool sealed = false, fits = false;

    for (size_t i = 0; i < store->volume_count; i++) {
        auto_free char *wanted = NULL;

        if (!is_seal_of(store->volumes[i].name, volume))
            continue;
        sealed = true;
        wanted = image && image->readable ? seal_name(volume, &image->view) : NULL;
        fits = fits || (wanted && strcmp(store->volumes[i].name, wanted) == 0);
    }
    /* The file is gone: another copy of the same bytes is as good. */
    if (!image || !image->readable)
        return IMAGE_ABSENT;
    if (sealed)
        return fits ? IMAGE_SEALED : IMAGE_CHANGED;
    return IMAGE_PARTIAL;
}

static int list_pool(virStoragePoolPtr pool, struct survey_pool *ret, struct error **err)
{
    virStorageVolPtr *volumes = NULL;
    int outcome = 0;
    int count = virStoragePoolListAllVolumes(pool, &volumes, 0);

    if (count < 0)
        return error_virt(err, "listing the volumes of pool '%s'", virStoragePoolGetName(pool));
    for (int i = 0; i < count; i++) {
        struct survey_volume v = {.name = xstrdup(virStorageVolGetName(volumes[i]))};
        auto_free char *xml =
            image_seal_is_image(v.name) ? virStorageVolGetXMLDesc(volumes[i], 0) : NULL;

        if (xml && outcome == 0)
            outcome = volume_view_parse(xml, &v.view, err);
        v.readable = xml && outcome == 0;
        vector_push(ret->volumes, ret->volume_count, v);
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
    return outcome;
}

int image_seal_read(virStoragePoolPtr pool, const char *volume, enum image_state *ret,
                    struct error **err)
{
    struct survey_pool store = {0};
    int outcome = list_pool(pool, &store, err);

    if (outcome == 0)
        *ret = image_seal_state(&store, volume);
    survey_pool_done(&store);
    return outcome;
}

int image_seal(virStoragePoolPtr pool, virStorageVolPtr volume, const char *name,
               struct error **err)
{
    auto_free char *xml = virStorageVolGetXMLDesc(volume, 0);
    auto_free char *seal = NULL;
    auto_volume virStorageVolPtr made = NULL;
    struct volume_view view = {0};
    struct volume_template t = {.format = "raw", .capacity = 0, .mode = "0444"};

    if (!xml)
        return error_virt(err, "reading volume '%s'", name);
    if (volume_view_parse(xml, &view, err) < 0)
        return error_wrap(err, "reading volume '%s'", name);
    seal = seal_name(name, &view);
    volume_view_done(&view);
    t.name = seal;
    return store_create(pool, &t, STORE_REPLACE, &made, err);
}

int image_seal_again(virStoragePoolPtr pool, const char *name, struct error **err)
{
    auto_volume virStorageVolPtr volume = virStorageVolLookupByName(pool, name);

    if (!volume)
        return error_virt(err, "looking for volume '%s'", name);
    return image_seal(pool, volume, name, err);
}

int image_seal_break(virStoragePoolPtr pool, const char *volume, struct error **err)
{
    struct survey_pool store = {0};
    int outcome = list_pool(pool, &store, err);

    for (size_t i = 0; outcome == 0 && i < store.volume_count; i++) {
        if (is_seal_of(store.volumes[i].name, volume))
            outcome = store_delete(pool, store.volumes[i].name, err);
    }
    survey_pool_done(&store);
    return outcome;
}

int image_seal_remove(virStoragePoolPtr pool, const char *volume, struct error **err)
{
    return image_seal_break(pool, volume, err) < 0 || image_record_remove(pool, volume, err) < 0
               ? -1
               : store_delete(pool, volume, err);
}

int image_seal_spoil(virStoragePoolPtr pool, const char *name, struct error **err)
{
    auto_free char *seal = xasprintf("%s" SEAL "0-spoilt", name);
    const struct volume_template t = {.name = seal, .format = "raw", .mode = "0444"};
    auto_volume virStorageVolPtr made = NULL;

    return image_seal_break(pool, name, err) < 0
               ? -1
               : store_create(pool, &t, STORE_REPLACE, &made, err);
}
