/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "host/transfer.h"
#include "util/hasher.h"

struct reader {
    struct hasher *hasher;
    uint64_t done;
    const struct transfer_watch *watch;
    bool cancelled;
};

static int take(virStreamPtr stream, const char *data, size_t length, void *opaque)
{
    struct reader *r = opaque;

    (void)stream;
    hasher_add(r->hasher, data, length);
    r->done += length;
    if (r->watch && r->watch->progress && r->watch->progress(r->watch->context, r->done))
        r->cancelled = true;
    return r->cancelled ? -1 : (int)length;
}

int transfer_digest(virConnectPtr connection, virStorageVolPtr volume,
                    const struct transfer_watch *watch, char out[SHA256_TEXT],
                    struct error **err)
{
    auto_stream virStreamPtr stream = virStreamNew(connection, 0);
    struct reader r = {.hasher = hasher_new(HASH_SHA256), .watch = watch};
    const char *name = virStorageVolGetName(volume);
    char digest[HASH_TEXT];
    int outcome = 0;

    if (!stream || virStorageVolDownload(volume, stream, 0, 0, 0) < 0)
        outcome = error_virt(err, "reading volume '%s'", name);
    else if (virStreamRecvAll(stream, take, &r) < 0)
        outcome = r.cancelled ? error_set(err, ERROR_CANCELLED, "reading '%s': stopped", name)
                              : error_virt(err, "reading volume '%s'", name);
    else if (virStreamFinish(stream) < 0)
        outcome = error_virt(err, "reading volume '%s'", name);
    else
        memcpy(out, hasher_text(r.hasher, digest), SHA256_TEXT);
    hasher_free(r.hasher);
    return outcome;
}
