/* SPDX-License-Identifier: Apache-2.0 */
/* Files: read whole, published in one rename, folders, path arithmetic, XDG folders. */
#ifndef UTIL_FILE_H
#define UTIL_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/buffer.h"
#include "util/error.h"

/* True for what would not end or not come: a FIFO, a device, a socket. */
bool file_is_special(const char *path);
/* Reads a regular file, pipe or ("-") standard input, at most `limit` bytes: longer is an
 * error that names the limit. A folder is an error. Appends to `out`. */
int file_read(const char *path, uint64_t limit, struct buffer *out,
              struct error **err) MUST_CHECK;
/* Writes a temporary file beside it, fsyncs, renames over `path`: readers see the old or the
 * new content, never a part. */
int file_publish(const char *path, const void *data, size_t length, mode_t mode,
                 struct error **err) MUST_CHECK;
/* As publish, but fails with ERROR_CONFLICT when `path` is there (link(2), not a test). */
int file_publish_new(const char *path, const void *data, size_t length, mode_t mode,
                     struct error **err) MUST_CHECK;
/* mkdir -p; the folders it makes get `mode`. */
int file_make_folders(const char *path, mode_t mode, struct error **err) MUST_CHECK;
/* rm -r below and including `path`; never follows symlinks. A missing path is fine. */
int file_remove_tree(const char *path, struct error **err) MUST_CHECK;

/* `path` as seen from folder `base`: "~/x" is in the home folder, "/x" stays, "x" is base/x.
 * The caller frees it. "~user" is refused. */
int path_resolve(const char *base, const char *path, char **ret, struct error **err) MUST_CHECK;
/* The folder of a file, "." if it has none. The caller frees it. */
char *path_folder(const char *path);
/* $XDG_DATA_HOME/virtopo, $XDG_CACHE_HOME/virtopo or their defaults below $HOME (from the
 * password database where HOME is unset). The caller frees them. */
char *path_data(void);
char *path_cache(void);

#endif
