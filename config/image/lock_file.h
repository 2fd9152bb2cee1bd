/* SPDX-License-Identifier: Apache-2.0 */
/*
 * virtopo.lock, beside the file: what each downloaded image was when it was locked.
 *
 *   {
 *     "images": {
 *       "debian12": {
 *         "sha256": "9f86…",                     or "sha512"
 *         "urls": ["https://example.org/debian12.qcow2"]
 *       }
 *     },
 *     "version": 1
 *   }
 *
 * Sorted, one value a line, so that differences read well. Addresses are there as they are
 * shown (util/url.h): without passwords.
 */
#ifndef CONFIG_LOCK_FILE_H
#define CONFIG_LOCK_FILE_H

#include <jansson.h>

#include "config/image/image.h"
#include "util/error.h"

#define LOCK_FILE_NAME "virtopo.lock"

/* Where the lock of a file is: in its folder. NULL for standard input. The caller frees it. */
char *lock_file_path(const char *file);
/* Its images, by name; 1 when there is no such file (*ret is empty then). New reference. What
 * was not written by virtopo, or is of a newer one, is refused. */
int lock_file_read(const char *path, json_t **ret, struct error **err) MUST_CHECK;
/* The same from its text; `name` is for messages. */
int lock_file_parse(const char *name, const char *text, size_t length, json_t **ret,
                    struct error **err) MUST_CHECK;
/* Text of a lock; the caller frees it. */
char *lock_file_text(const json_t *images);
/* Whether it may be written: one that somebody made read-only stays. */
int lock_file_check(const char *path, struct error **err) MUST_CHECK;
/* Waits until nobody else reads and writes it: a descriptor, for as long as it is open, or -1.
 */
int lock_file_alone(const char *path, struct error **err) MUST_CHECK;
/* Its mode stays; by a symbolic link, what that leads to is written. */
int lock_file_write(const char *path, const json_t *images, struct error **err) MUST_CHECK;

/* What would be locked; `kind` is "sha256" or "sha512". New reference. */
json_t *lock_file_entry(const struct download *download, const char *kind, const char *hex);
/* Whether an entry is for these addresses. */
bool lock_file_fits(const json_t *entry, const struct download *download);
/* "sha256" or "sha512"; `ret_hex` stays the entry's. */
const char *lock_file_digest(const json_t *entry, const char **ret_hex);
/* The image's download, or its ISO's; NULL when nothing of it is downloaded. */
struct download *lock_file_download(struct image *image);

#endif
