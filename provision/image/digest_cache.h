/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of local files, remembered by device, inode, size and times, so that an unchanged
 * image is hashed once. A cache: it may be deleted at any time. */
#ifndef PROVISION_DIGEST_CACHE_H
#define PROVISION_DIGEST_CACHE_H

#include "util/digest.h"

int digest_cached(const char *path, char out[SHA256_TEXT], struct error **err) MUST_CHECK;
/* What the digest of a file is known to be, as it is now: it need not be read for it. */
void digest_remember(const char *path, const char *digest);

#endif
