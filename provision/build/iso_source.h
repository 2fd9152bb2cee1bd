/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An installation medium: an ISO 9660 image as a file of this machine, read by libarchive
 * without mounting anything. The file is not trusted: what does not make sense in it is
 * refused.
 */
#ifndef PROVISION_ISO_SOURCE_H
#define PROVISION_ISO_SOURCE_H

#include <stdint.h>

#include "util/error.h"

/* Paths in the ISO as it has them, without a slash at the beginning; owned. */
struct iso_boot {
    char *kernel, *initrd;
    const char *system; /* whose layout it is: "Debian"; NULL: both were given. Static */
};
void iso_boot_done(struct iso_boot *boot);
#define auto_iso_boot __attribute__((cleanup(iso_boot_done)))

/* Where kernel and initial RAM disk are: those given (in any case, with or without a slash at
 * the beginning), for those that are NULL where the known distributions have them. Links are
 * followed. */
int iso_source_find(const char *iso, const char *kernel, const char *initrd,
                    struct iso_boot *ret, struct error **err) MUST_CHECK;
/* Writes a file of the ISO, as iso_source_find names it, to `to`, which is made or replaced. At
 * most `limit` bytes. */
int iso_source_extract(const char *iso, const char *path, const char *to, uint64_t limit,
                       struct error **err) MUST_CHECK;

#endif
