/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_find.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provision/image/cache_file.h"
#include "provision/image/digest_cache.h"
#include "provision/image/image_file.h"
#include "provision/image/image_maker.h"
#include "provision/image/image_record.h"
#include "provision/image/image_seal.h"

void image_find_digest(const char *volume, char out[SHA256_TEXT])
{
    const char *digest = strchr(volume, '-');

    snprintf(out, SHA256_TEXT, "%s", digest ? digest + 1 : "");
}

int image_find_inspect(struct image_object *o, struct error **err)
{
    struct image_file file;
    char digest[SHA256_TEXT];
    bool made = !o->image->file || o->recipe;

    if (image_file_inspect(o->source, made ? image_file_want(o->image) : o->image->format,
                           &file, err) < 0 ||
        digest_cached(o->source, digest, err) < 0)
        return -1;
    o->format = file.format;
    o->capacity = file.capacity;
    o->bytes = file.bytes;
    free(o->digest);
    free(o->volume);
    o->digest = xstrdup(digest);
    o->volume = image_seal_volume(digest, file.format);
    return 0;
}

const struct survey_volume *image_find_made(const struct survey_pool *store, const char *recipe)
{
    const struct survey_volume *volume = image_record_find(store, recipe);
    enum image_state state = volume ? image_seal_state(store, volume->name) : IMAGE_ABSENT;

    return state == IMAGE_SEALED || state == IMAGE_CHANGED ? volume : NULL;
}

static void take_volume(struct image_object *o, const struct survey_volume *volume)
{
    char digest[SHA256_TEXT];

    image_find_digest(volume->name, digest);
    o->digest = xstrdup(digest);
    o->volume = xstrdup(volume->name);
    o->format = strstr(volume->name, ".raw") ? "raw" : "qcow2";
    o->capacity = volume->readable ? volume->view.capacity : 0;
}

/* Nodes run on the image, and nothing else is left of it: its recipe in their tags says that it
 * is the same one, so it is not made again. */
static void recall(struct image_object *o)
{
    const struct survey *survey = &o->host->survey;

    for (size_t i = 0; i < survey->domain_count; i++) {
        const json_t *spec = survey->domains[i].config.tag.spec;
        const char *recipe = json_string_value(json_object_get(spec, "image_recipe"));
        const char *digest = json_string_value(json_object_get(spec, "image_digest"));
        const struct survey_volume *volume;

        if (!recipe || !digest || strcmp(recipe, o->recipe) != 0)
            continue;
        volume = image_seal_find(&survey->store, digest);
        if (!volume)
            continue;
        take_volume(o, volume);
        return;
    }
}

static int find_stored(struct image_object *o, struct error **err)
{
    const struct survey_volume *volume =
        image_seal_find(&o->host->survey.store, o->image->stored);

    if (volume) {
        take_volume(o, volume);
        return 0;
    }
    error_set(err, ERROR_CONFIG, "the store of host '%s' has no image %s",
              host_name(o->host->host), o->image->stored);
    return error_hint(err, "`virtopo image list` shows those that it has; `virtopo image "
                           "import-disk` puts one there");
}

/* Also for an image that it is made from: all that is known of it without asking a network. */
int image_find(struct image_object *o, struct error **err)
{
    const struct image_maker *maker = image_maker_of(o->image);
    const struct survey_volume *made;
    char recipe[SHA256_TEXT];
    int outcome;

    if (o->image->stored)
        return find_stored(o, err);
    if (!maker) {
        o->source = xstrdup(o->image->file);
        return image_find_inspect(o, err);
    }
    o->refresh = provision_rebuilds(o->provision, o->image) ||
                 (o->provision->options.refresh && maker->moves && maker->moves(o->image));
    outcome = maker->recipe(o, recipe, err);
    if (outcome != RECIPE_KNOWN)
        return outcome < 0 ? -1 : 0;
    o->recipe = xstrdup(recipe);
    if (o->refresh)
        return 0;
    made = image_find_made(&o->host->survey.store, recipe);
    if (made) {
        take_volume(o, made);
        return 0;
    }
    o->source = image_maker_path(recipe);
    if (cache_file_is_whole(o->source))
        return image_find_inspect(o, err);
    recall(o);
    return 0;
}
