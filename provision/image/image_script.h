/* SPDX-License-Identifier: Apache-2.0 */
/* Images made by a program: `script` writes the file named by $OUT. Its result is kept in the
 * cache under a digest of the script and its inputs, and made again only when that changes. */
#ifndef PROVISION_IMAGE_SCRIPT_H
#define PROVISION_IMAGE_SCRIPT_H

#include "config/cluster.h"
#include "engine/resource.h"
#include "util/digest.h"

/* The digest of the script and all its inputs (folders: every file below, by name). */
int image_script_recipe(const struct image *image, char out[SHA256_TEXT],
                        struct error **err) MUST_CHECK;
/* Where the result for a recipe is, or will be. The caller frees it. */
char *image_script_path(const char *recipe);
/* Runs the script unless the result is there; its output is the error's detail when it fails.
 * Two at once: one builds, the other waits and uses it. */
int image_script_build(const struct image *image, const char *recipe, struct task *task,
                       struct error **err) MUST_CHECK;

#endif
