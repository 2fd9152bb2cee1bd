/* SPDX-License-Identifier: Apache-2.0 */
/* Where an image's bytes are before anything is done: in the host's store, in the cache, in a
 * file of the user's; or nowhere yet. */
#ifndef PROVISION_IMAGE_FIND_H
#define PROVISION_IMAGE_FIND_H

#include "provision/image/image.h"
#include "util/digest.h"

/* Fills in what is known: recipe, source, digest, volume, format, capacity. An image that is
 * still to be made has no digest. */
int image_find(struct image_object *o, struct error **err) MUST_CHECK;
/* The same of a local file, o->source. */
int image_find_inspect(struct image_object *o, struct error **err) MUST_CHECK;
/* The complete image that a recipe made, or NULL. */
const struct survey_volume *image_find_made(const struct survey_pool *store,
                                            const char *recipe);
/* Of the name of an image's volume. */
void image_find_digest(const char *volume, char out[SHA256_TEXT]);

#endif
