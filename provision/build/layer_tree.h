/* SPDX-License-Identifier: Apache-2.0 */
/* A file or folder of this machine that is copied into a layer: what is in it, in the order of
 * names, so that the same content is the same recipe and the same archive. */
#ifndef PROVISION_LAYER_TREE_H
#define PROVISION_LAYER_TREE_H

#include <sys/stat.h>

#include "util/buffer.h"
#include "util/error.h"

struct layer_entry {
    const char *name;   /* below the folder: "a/b"; "" for the folder or file itself */
    const char *path;   /* here */
    const char *target; /* of a symlink, else NULL */
    const struct stat *status;
};

/* Calls `visit` for the thing itself and all below it, until one fails. What is neither a file,
 * a folder nor a symlink is an error. Symlinks are not followed, but for `path` itself. */
int layer_tree_walk(const char *path,
                    int (*visit)(void *context, const struct layer_entry *entry,
                                 struct error **err),
                    void *context, struct error **err) MUST_CHECK;
/* Appends what identifies it: names, modes, digests, targets; not its times. */
int layer_tree_recipe(const char *path, struct buffer *out, struct error **err) MUST_CHECK;
bool layer_tree_is_folder(const char *path);

#endif
