/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images that are downloaded. One whose digest is known is made under a recipe of that digest:
 * wherever it comes from. Of one that only a list or nobody vouches for, what came last stays
 * the image, until somebody looks again (image_object.refresh).
 */
#ifndef PROVISION_IMAGE_URL_H
#define PROVISION_IMAGE_URL_H

#include "provision/fetch/checksums.h"
#include "provision/image/image.h"

/* The digest of what would come today. Where nothing says it (`insecure`), by downloading it:
 * it stays in the cache as what has this digest. */
int image_url_digest(const struct image *image, struct task *task, struct checksum *ret,
                     struct error **err) MUST_CHECK;

#endif
