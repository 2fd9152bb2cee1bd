/* SPDX-License-Identifier: Apache-2.0 */
/* Images made by a program: `script` writes the file named by $OUT. Its recipe is the script
 * and its inputs, by their content. */
#ifndef PROVISION_IMAGE_SCRIPT_H
#define PROVISION_IMAGE_SCRIPT_H

#include "config/cluster.h"
#include "engine/resource.h"
#include "util/digest.h"

/* The digest of the script and all its inputs (folders: every file below, by name). */
int image_script_recipe(const struct image *image, char out[SHA256_TEXT],
                        struct error **err) MUST_CHECK;
#endif
