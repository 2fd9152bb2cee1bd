/* SPDX-License-Identifier: Apache-2.0 */
/* What a disk image file really is, from its own bytes: never by asking a tool that
 * would follow what the file says (a backing file named in a header is how guests read the
 * host's files). */
#ifndef PROVISION_IMAGE_FILE_H
#define PROVISION_IMAGE_FILE_H

#include "config/cluster.h"
#include "util/error.h"

struct image_file {
    const char *format; /* "qcow2" or "raw" */
    uint64_t capacity;  /* virtual size */
    uint64_t bytes;     /* of the file */
};

/* `want`: enum image_format. Refuses what is not an image, what is not the format that was
 * said, qcow2 images that qcow2_inspect refuses, and the formats that need a conversion first,
 * each with what to do. */
int image_file_inspect(const char *path, int want, struct image_file *ret,
                       struct error **err) MUST_CHECK;

#endif
