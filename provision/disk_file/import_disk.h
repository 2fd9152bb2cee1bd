/* SPDX-License-Identifier: Apache-2.0 */
/* An image file of the user's into a host's store. */
#ifndef PROVISION_IMPORT_DISK_H
#define PROVISION_IMPORT_DISK_H

#include "engine/resource.h"
#include "host/site.h"
#include "util/digest.h"

struct import_disk {
    struct site *site;
    struct site_host *host;
    const char *path;
    const char *name; /* for its record */
    int format;       /* enum image_format of the file */
    bool flatten, follow;
    /* results */
    char digest[SHA256_TEXT];
    uint64_t capacity, bytes;
};

int import_disk(struct import_disk *how, struct task *task, struct error **err) MUST_CHECK;

#endif
