/* SPDX-License-Identifier: Apache-2.0 */
/* A small ISO 9660 image (Joliet + Rock Ridge) with libarchive, byte-reproducible. */
#ifndef TEMPLATES_ISO_H
#define TEMPLATES_ISO_H

#include "util/buffer.h"
#include "util/error.h"

struct iso_file {
    const char *name;
    const void *data;
    size_t length;
};

int iso_build(const char *volume_id, const struct iso_file *files, size_t count,
              struct buffer *out, struct error **err) MUST_CHECK;

#endif
