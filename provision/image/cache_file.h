/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finished files of the cache: images, ISOs. What each one's content was is written down beside
 * them ("digests/NAME"), so that one which was changed, or cut off when the power went, is not
 * taken for what was made: it is none, and made anew.
 */
#ifndef PROVISION_CACHE_FILE_H
#define PROVISION_CACHE_FILE_H

#include <stdbool.h>

#include "util/error.h"

/* Whether it is there, and what it was when it was finished. Reads it where its times say that
 * it was touched. */
bool cache_file_is_whole(const char *path);
/* What is at `part` comes to `path`, once it is on the disk. `digest`: its SHA-256; NULL or ""
 * where it is to be read for it. */
int cache_file_publish(const char *part, const char *path, const char *digest,
                       struct error **err) MUST_CHECK;
/* Removes it, whatever it is, with its note. */
int cache_file_remove(const char *path, struct error **err) MUST_CHECK;

#endif
