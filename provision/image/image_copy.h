/* SPDX-License-Identifier: Apache-2.0 */
/* An image's file into a host's store. */
#ifndef PROVISION_IMAGE_COPY_H
#define PROVISION_IMAGE_COPY_H

#include "provision/image/image.h"

/* Uploads the file that o->source names, replacing what a copy that was cut off left, makes
 * sure that it still is what o->digest says, and seals it. The caller holds the image's lock.
 */
int image_copy(const struct image_object *o, virConnectPtr connection, virStoragePoolPtr pool,
               struct task *task, struct error **err) MUST_CHECK;

#endif
