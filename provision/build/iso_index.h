/* SPDX-License-Identifier: Apache-2.0 */
/* The names in an ISO 9660 image, with its links. */
#ifndef PROVISION_ISO_INDEX_H
#define PROVISION_ISO_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include <archive.h>
#include <archive_entry.h>

#include "util/error.h"

struct iso_entry {
    char *path; /* without a slash at the beginning; owned */
    char *link; /* what it is a link to, likewise from the root; NULL: it is a file. Owned */
};

struct iso_index {
    struct iso_entry *items; /* files and links, no folders */
    size_t count;
};

/* A reader at the beginning of `iso`, or NULL. The caller calls archive_read_free. */
struct archive *iso_index_open(const char *iso, struct error **err) MUST_CHECK;
int iso_index_read(const char *iso, struct iso_index *ret, struct error **err) MUST_CHECK;
void iso_index_done(struct iso_index *index);
#define auto_iso_index __attribute__((cleanup(iso_index_done)))
/* The file of that name in any case of its letters, at the end of its links; NULL when there is
 * none. */
const char *iso_index_find(const struct iso_index *index, const char *path);
/* A path of an archive without "./" and "/" before it. */
const char *iso_index_plain(const char *path);

#endif
