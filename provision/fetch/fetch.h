/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Downloads: from the first of several mirrors that has the file, however often the connection
 * breaks; checked against its digest, unpacked on the way. What is at `path` is only the file
 * when fetch_file returned 0.
 *
 * A file that is not compressed, and whose digest is known, stays as far as it came when a run
 * ends early, with a note beside it ("PATH.from") of where it came from: the next run asks for
 * the rest, and hashes the whole. All else starts anew.
 */
#ifndef PROVISION_FETCH_H
#define PROVISION_FETCH_H

#include "engine/resource.h"
#include "provision/fetch/checksums.h"
#include "util/buffer.h"

struct fetch_request {
    const char *const *urls; /* mirrors, in the order in which they are tried */
    size_t url_count;
    const struct checksum *digest; /* of the bytes as they come; NULL: not known */
    const char *locked; /* the image for which virtopo.lock has that digest, or NULL */
    bool allow_http;
    bool unpack;         /* gzip, xz, zstd, bzip2, seen by its first bytes */
    uint64_t size_limit; /* of what comes, and of what is unpacked; 0: FETCH_SIZE_LIMIT */
    uint64_t timeout_ms; /* for all of it; 0: FETCH_TIMEOUT_MS */
    const char *path;
};

struct fetch_result {
    struct checksum digest; /* of the bytes as they came: of the kind asked for, or SHA-256 */
    uint64_t bytes;         /* as they came */
    bool unpacked;
    size_t url; /* the mirror that had it */
};

#define FETCH_SIZE_LIMIT (UINT64_C(64) << 30)
#define FETCH_TIMEOUT_MS (UINT64_C(6) * 3600 * 1000)
#define FETCH_TEXT_LIMIT (UINT64_C(4) << 20)

int fetch_file(const struct fetch_request *request, struct task *task, struct fetch_result *ret,
               struct error **err) MUST_CHECK;
/* A small text: a list of digests, a signature. Only the first mirror is asked. */
int fetch_text(const struct fetch_request *request, struct task *task, struct buffer *out,
               struct error **err) MUST_CHECK;
/* Removes a download that will not go on. */
void fetch_forget(const char *path);

#endif
