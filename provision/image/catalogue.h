/* SPDX-License-Identifier: Apache-2.0 */
/* The images in the stores of hosts, as people ask for them: by name, with who uses them. */
#ifndef PROVISION_CATALOGUE_H
#define PROVISION_CATALOGUE_H

#include "provision/image/image.h"

struct catalogue_image {
    const char *host;
    char *volume;
    char *digest; /* hex */
    char *name;   /* that it was brought under first; NULL: not known */
    const char *format;
    uint64_t capacity; /* virtual size, bytes */
    uint64_t bytes;    /* of the file */
    enum image_state state;
    json_t *records; /* array: what image_record_read gave */
};

struct catalogue {
    struct catalogue_image *items; /* by host, name, digest */
    size_t count;
};

int catalogue_read(struct site *site, struct catalogue *ret, struct error **err) MUST_CHECK;
void catalogue_done(struct catalogue *catalogue);
#define auto_catalogue __attribute__((cleanup(catalogue_done)))
/* "complete", "cut off", "changed" */
const char *catalogue_state_name(enum image_state state);
/* For --json. New reference. */
json_t *catalogue_json(const struct catalogue_image *image);

#endif
