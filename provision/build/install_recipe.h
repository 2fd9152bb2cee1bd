/* SPDX-License-Identifier: Apache-2.0 */
/* What an installed image is made from, as a digest: medium, kernel and initial RAM disk,
 * answers, command line, disk size, firmware. */
#ifndef PROVISION_INSTALL_RECIPE_H
#define PROVISION_INSTALL_RECIPE_H

#include "config/image/image.h"
#include "util/digest.h"

int install_recipe(const struct image *image, char out[SHA256_TEXT],
                   struct error **err) MUST_CHECK;
/* Whether another medium may come from the same address. */
bool install_moves(const struct image *image);

#endif
