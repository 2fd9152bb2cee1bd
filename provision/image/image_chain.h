/* SPDX-License-Identifier: Apache-2.0 */
/* What an image stands on: a layer's file has only what differs from its backing file, which is
 * another image of the same store. */
#ifndef PROVISION_IMAGE_CHAIN_H
#define PROVISION_IMAGE_CHAIN_H

#include "provision/image/image.h"

struct image_chain {
    const struct survey_volume **items; /* the image itself first, the base last */
    size_t count;
    char *missing; /* the path of a backing file that is not in the store; NULL: it is whole */
};

/* In a surveyed store; nothing for an image that is not there. */
void image_chain_read(const struct survey_pool *store, const char *volume,
                      struct image_chain *ret);
void image_chain_done(struct image_chain *chain);
#define auto_image_chain __attribute__((cleanup(image_chain_done)))

#endif
