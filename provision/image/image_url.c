/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_url.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provision/fetch/download.h"
#include "provision/image/image_maker.h"

static bool is_download(const struct image *image)
{
    return download_is_given(&image->download);
}

/* The format says how the bytes are taken, so it is part of what is made. */
static void recipe_of(const struct image *image, const struct download *download,
                      char out[SHA256_TEXT])
{
    char source[SHA256_TEXT];
    auto_free char *all = NULL;

    download_recipe(download, source);
    all = xasprintf("virtopo image url 1 %s %d", source, image->format);
    sha256_text(all, strlen(all), out);
}

static int url_recipe(const struct image_object *o, char out[SHA256_TEXT], struct error **err)
{
    (void)err;
    recipe_of(o->image, &o->image->download, out);
    return RECIPE_KNOWN;
}

static bool url_moves(const struct image *image)
{
    struct checksum known;

    return !download_known(&image->download, &known);
}

/* The same image with the digest that a list has for it today. */
static void pin(const struct image *image, const struct checksum *digest, struct image *ret)
{
    *ret = *image;
    ret->download.sha256 = digest->kind == HASH_SHA256 ? digest->hex : NULL;
    ret->download.sha512 = digest->kind == HASH_SHA512 ? digest->hex : NULL;
    ret->download.checksums = NULL;
}

/* Made under the recipe of its digest, where it may be already, and given a second name. */
static int make_pinned(const struct image_object *o, const struct checksum *digest,
                       const char *part, struct task *task, struct error **err)
{
    struct image pinned;
    struct image_object made = {.provision = o->provision, .host = o->host, .image = &pinned};
    char recipe[SHA256_TEXT];
    int outcome;

    pin(o->image, digest, &pinned);
    recipe_of(&pinned, &pinned.download, recipe);
    made.recipe = recipe;
    if (image_make(&made, task, err) < 0)
        return -1;
    unlink(part);
    outcome = link(made.source, part);
    if (outcome < 0)
        error_errno(err, errno, "cannot give %s a second name", made.source);
    free(made.source);
    return outcome;
}

static int url_make(struct image_object *o, const char *part, struct task *task,
                    struct error **err)
{
    const struct image *image = o->image;
    struct fetch_result result;
    struct checksum digest, known;
    int outcome = download_resolve(&image->download, task, &digest, err);

    if (outcome == 0 && !download_known(&image->download, &known))
        outcome = make_pinned(o, &digest, part, task, err);
    else if (outcome >= 0)
        outcome = download_get(&image->download, outcome == 0 ? &digest : NULL, true,
                               image->timeout, part, task, &result, err);
    return outcome < 0 ? error_wrap(err, "image '%s'", image->name) : 0;
}

static char *url_describe(const struct image_object *o)
{
    return download_describe(&o->image->download);
}

int image_url_refresh(const struct image *image, struct error **err)
{
    char recipe[SHA256_TEXT];
    auto_free char *path = NULL;

    if (!is_download(image) || !url_moves(image))
        return 1;
    recipe_of(image, &image->download, recipe);
    path = image_maker_path(recipe);
    if (unlink(path) < 0 && errno != ENOENT)
        return error_errno(err, errno, "cannot remove %s", path);
    return 0;
}

const struct image_maker image_url_maker = {
    .is_source = is_download,
    .recipe = url_recipe,
    .make = url_make,
    .describe = url_describe,
    .resumes = true,
    .moves = url_moves,
};
