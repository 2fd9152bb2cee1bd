/* SPDX-License-Identifier: Apache-2.0 */
/* What the file says is to be fetched (config/image/image.h), fetched. */
#ifndef PROVISION_DOWNLOAD_H
#define PROVISION_DOWNLOAD_H

#include "config/image/image.h"
#include "provision/fetch/fetch.h"
#include "util/digest.h"

/* The digest that the file, or its lock, gives for what comes: false when none does, so that it
 * may be another one tomorrow. */
bool download_known(const struct download *download, struct checksum *ret);
/* What it is made from: the digest where that is known, else the addresses. */
void download_recipe(const struct download *download, char out[SHA256_TEXT]);
/* "download https://…"; the caller frees it. */
char *download_describe(const struct download *download);

/* What it is to be today: by the digest that is known, or by the list that has it (its
 * signature checked). 1: nothing says (insecure). `timeout` in ms, 0: default; what is left of
 * it, for the rest, comes back. */
int download_resolve(const struct download *download, uint64_t *timeout, struct task *task,
                     struct checksum *ret, struct error **err) MUST_CHECK;
/* Fetches it to `path`, unpacked with `unpack`; for the rest see fetch.h. `digest` NULL: it is
 * taken as it comes, which is said out loud. `timeout` in ms; 0: default. */
int download_get(const struct download *download, const struct checksum *digest, bool unpack,
                 uint64_t timeout, const char *path, struct task *task,
                 struct fetch_result *ret, struct error **err) MUST_CHECK;

#endif
