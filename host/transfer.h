/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes into and out of volumes, over libvirt's streams, so the same for every host. */
#ifndef HOST_TRANSFER_H
#define HOST_TRANSFER_H

#include <stdint.h>

#include "host/host.h"
#include "util/buffer.h"
#include "util/digest.h"

struct transfer_watch {
    /* Told the bytes done so far; non-zero stops the transfer (ERROR_CANCELLED). May be NULL.
     */
    int (*progress)(void *context, uint64_t done);
    void *context;
};

/* The whole file at `path` into `volume`, holes skipped when `sparse`. */
int transfer_upload_file(virConnectPtr connection, virStorageVolPtr volume, const char *path,
                         bool sparse, const struct transfer_watch *watch,
                         struct error **err) MUST_CHECK;
int transfer_upload(virConnectPtr connection, virStorageVolPtr volume, const void *data,
                    size_t length, struct error **err) MUST_CHECK;
/* All of a volume into a new file at `path`, holes left out; what a failed one leaves there is
 * the caller's to remove. */
int transfer_download_file(virConnectPtr connection, virStorageVolPtr volume, const char *path,
                           const struct transfer_watch *watch, struct error **err) MUST_CHECK;
/* The SHA-256 of all of a volume's bytes. */
int transfer_digest(virConnectPtr connection, virStorageVolPtr volume,
                    const struct transfer_watch *watch, char out[SHA256_TEXT],
                    struct error **err) MUST_CHECK;
/* The last `limit` bytes of a volume. */
int transfer_download_tail(virConnectPtr connection, virStorageVolPtr volume, size_t limit,
                           struct buffer *out, struct error **err) MUST_CHECK;

#endif
