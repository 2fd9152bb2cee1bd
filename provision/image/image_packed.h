/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the user's that are compressed (gzip, xz, zstd, bzip2): unpacked once, in the cache.
 */
#ifndef PROVISION_IMAGE_PACKED_H
#define PROVISION_IMAGE_PACKED_H

#include "provision/image/image_maker.h"

extern const struct image_maker image_packed_maker;

#endif
