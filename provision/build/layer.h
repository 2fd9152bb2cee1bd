/* SPDX-License-Identifier: Apache-2.0 */
/* Images made `from` another: a throw-away guest on an overlay of it does the steps; what it
 * wrote is the layer. */
#ifndef PROVISION_LAYER_H
#define PROVISION_LAYER_H

#include "provision/image/image_maker.h"

extern const struct image_maker image_layer_maker;

/* The digest of what `image` is made of: its parent's, its size, its steps and what they
 * copy. */
int layer_recipe_text(const struct image *image, const char *parent, char out[SHA256_TEXT],
                      struct error **err) MUST_CHECK;

#endif
