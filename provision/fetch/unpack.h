/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip, xz, zstd and bzip2, known by their first bytes, unpacked while they come: a thread of
 * its own decompresses what is fed to it, into a sparse file. What it makes is never larger
 * than a limit, nor absurdly larger than what it is made from.
 */
#ifndef PROVISION_UNPACK_H
#define PROVISION_UNPACK_H

#include <stdint.h>

#include "engine/resource.h"

#define UNPACK_HEAD 6 /* bytes that tell what it is */

struct unpack;

/* "xz", … or NULL for what is not compressed; `length` may be less than UNPACK_HEAD at the end
 * of a short file. */
const char *unpack_kind(const void *head, size_t length);

/* Unpacks into `fd`, an empty file at `path` (for messages), at most `limit` bytes. */
struct unpack *unpack_start(int fd, const char *path, const char *kind, uint64_t limit);
/* Waits while the thread has enough to do. -1: it gave up, and why. */
int unpack_feed(struct unpack *u, const void *data, size_t length,
                struct error **err) MUST_CHECK;
/* All has been fed: waits for the end. 0 when the file is whole. */
int unpack_finish(struct unpack *u, uint64_t *ret_bytes, struct error **err) MUST_CHECK;
void unpack_free(struct unpack *u); /* stops it; NULL is fine */

/* The whole file `from` into the new file `to` (0600), which an error takes away. */
int unpack_file(const char *from, const char *to, uint64_t limit, struct task *task,
                struct error **err) MUST_CHECK;

#endif
