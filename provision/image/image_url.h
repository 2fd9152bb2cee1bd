/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Images that are downloaded. One whose digest is known is made under a recipe of that digest:
 * wherever it comes from. Of one that only a list or nobody vouches for, what came last stays
 * the image, until somebody looks again (image_url_refresh).
 */
#ifndef PROVISION_IMAGE_URL_H
#define PROVISION_IMAGE_URL_H

#include "provision/image/image.h"

/* Forgets what came last of an image that may be another one today: the next image_make looks
 * again. 1 when it can be none other, and nothing is to be looked at. */
int image_url_refresh(const struct image *image, struct error **err) MUST_CHECK;

#endif
