/* SPDX-License-Identifier: Apache-2.0 */
/* The images in the stores of hosts, as people ask for them: by name, with who uses them. */
#ifndef PROVISION_CATALOGUE_H
#define PROVISION_CATALOGUE_H

#include "provision/image/image.h"

struct catalogue_image {
    const char *host;
    char *volume;
    char *digest; /* hex */
    char **names; /* that it was brought under, and that clusters have for it */
    size_t name_count;
    char *name; /* all of them: "a, b"; NULL: none is known */
    const char *format;
    uint64_t capacity; /* virtual size, bytes */
    uint64_t bytes;    /* that the file takes */
    uint64_t length;   /* of the file, holes too */
    enum image_state state;
    char *parent;   /* the digest of the image that it is a layer on; NULL: none */
    char *missing;  /* a file below it that is not in the store, or NULL */
    size_t layers;  /* how many images it consists of, itself included */
    char **used_by; /* "node web of lab" */
    size_t used_by_count;
    json_t *records; /* array: what image_record_read gave */
};

struct catalogue {
    struct catalogue_image *items; /* by host, name, digest */
    size_t count;
    char *unknown; /* what may use images, and could not be looked at; or NULL */
};

int catalogue_read(struct site *site, struct catalogue *ret, struct error **err) MUST_CHECK;
void catalogue_done(struct catalogue *catalogue);
#define auto_catalogue __attribute__((cleanup(catalogue_done)))
bool catalogue_has_name(const struct catalogue_image *image, const char *name);
/* The images that a word of a user's means: a name of the file (where there is one) or of a
 * record, or the first digits of a digest; on every host that has it. What is not there is a
 * usage error that knows the nearest. */
int catalogue_find(struct site *site, const struct cluster *cluster,
                   const struct catalogue *catalogue, const char *word,
                   const struct catalogue_image ***ret, size_t *count,
                   struct error **err) MUST_CHECK;
/* The image that it is a layer on, or NULL. */
const struct catalogue_image *catalogue_parent(const struct catalogue *c,
                                               const struct catalogue_image *image);
/* Fails for an image that is not what it was, or stands on such a one. */
int catalogue_check(const struct catalogue *c, const struct catalogue_image *image,
                    struct error **err) MUST_CHECK;
/* "complete", "cut off", "changed", "incomplete" */
const char *catalogue_state_name(const struct catalogue_image *image);
/* For --json. New reference. */
json_t *catalogue_json(const struct catalogue_image *image);

#endif
