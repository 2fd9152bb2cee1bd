/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How images come about: one row for each place that one can come from (`url`, `script`, ...),
 * which makes a local file of it. A new one is a row in image_maker.c and a file.
 *
 * What a maker makes is kept in the cache under its recipe, a digest of all that it is made of:
 * made once, and again only when that changes.
 */
#ifndef PROVISION_IMAGE_MAKER_H
#define PROVISION_IMAGE_MAKER_H

#include "provision/image/image.h"
#include "util/digest.h"

/* What recipe() comes to. */
enum { RECIPE_KNOWN = 0, RECIPE_LATER = 1 };

struct image_maker {
    /* Whether an image comes from there. */
    bool (*is_source)(const struct image *image);
    /* The digest of what the image is made from: RECIPE_KNOWN; RECIPE_LATER while something
     * that it is made from is not there yet; -1. Quick, and never over the network. Only
     * provision, host and image of the object are set. */
    int (*recipe)(const struct image_object *o, char out[SHA256_TEXT], struct error **err);
    /* Makes the image at `part`, in any format that image_finish takes. What is there when it
     * fails is removed, unless `resumes`: then the next try finds it. */
    int (*make)(struct image_object *o, const char *part, struct task *task,
                struct error **err);
    /* For the plan: "build with ./x.sh". The caller frees it. */
    char *(*describe)(const struct image_object *o);
    bool resumes;
    bool converts_raw; /* raw disks become qcow2 images; else they stay as they were made */
    /* The same recipe may give something else another day, so what is made from it goes by
     * the content that it had. NULL: never. */
    bool (*moves)(const struct image *image);
};

/* The row for an image's source. NULL: it is a file, or in the store already. */
const struct image_maker *image_maker_of(const struct image *image);
/* Where the result for a recipe is, or will be. The caller frees it. */
char *image_maker_path(const char *recipe);
/* Waits for another who makes the file `path` of the cache. A descriptor, with which the lock
 * goes, or -1. */
int image_maker_lock(const char *path, struct task *task, struct error **err) MUST_CHECK;
/* Makes it, unless it is in the cache, and sets o->source. Two at once: one makes it, the other
 * waits and uses it. Needs o->recipe. */
int image_make(struct image_object *o, struct task *task, struct error **err) MUST_CHECK;
/* What identifies an image for those that are made from it: the recipe of one that never
 * changes, else the digest of its content. RECIPE_KNOWN, RECIPE_LATER or -1. */
int image_identity(struct provision *p, struct site_host *host, const struct image *image,
                   char out[SHA256_TEXT], struct error **err) MUST_CHECK;

extern const struct image_maker image_script_maker, image_url_maker, install_maker;

#endif
