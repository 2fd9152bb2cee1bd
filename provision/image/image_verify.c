/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_verify.h"

#include <string.h>
#include <unistd.h>

#include "host/transfer.h"
#include "provision/image/image_seal.h"
#include "provision/store.h"
#include "util/hasher.h"

struct watch {
    struct task *task;
    uint64_t total;
};

static int progress(void *context, uint64_t done)
{
    const struct watch *watch = context;

    task_progress(watch->task, done, watch->total);
    return task_cancelled(watch->task);
}

/* Its own file where that can be read from here, else through libvirt. */
static int read_digest(struct site_host *host, virStoragePoolPtr pool,
                       const struct catalogue_image *image, struct watch *watch,
                       char out[SHA256_TEXT], struct error **err)
{
    auto_free char *path = xasprintf("%s/%s", host_dir(host->host), image->volume);
    const struct transfer_watch transfer = {progress, watch};
    auto_volume virStorageVolPtr volume = NULL;

    if (host_is_local(host->host) && access(path, R_OK) == 0)
        return sha256_file(path, out, progress, watch, err);
    volume = virStorageVolLookupByName(pool, image->volume);
    if (!volume)
        return error_virt(err, "looking for volume '%s'", image->volume);
    return transfer_digest(virStoragePoolGetConnect(pool), volume, &transfer, out, err);
}

static int say_users(const struct catalogue_image *image, struct error **err)
{
    auto_buffer struct buffer users = {0};

    for (size_t i = 0; i < image->used_by_count; i++)
        buffer_printf(&users, "%s%s", i ? ", " : "", image->used_by[i]);
    if (image->used_by_count == 0)
        return error_hint(err,
                          "nothing uses it: `virtopo image prune` removes it, and the next "
                          "`virtopo up` that needs it brings it anew");
    return error_hint(err,
                      "used by %s, which read what it has now: restore the file, or make "
                      "those anew on a new copy",
                      users.data);
}

/* What was found is kept: until it is put right, nothing starts on it. */
static int check_content(struct site_host *host, const struct catalogue_image *image,
                         struct watch *watch, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    char digest[SHA256_TEXT];

    if (store_open(call.connection, &host->survey.store, &pool, err) < 0 ||
        read_digest(host, pool, image, watch, digest, err) < 0)
        return -1;
    if (strcmp(digest, image->digest) == 0)
        return image->state == IMAGE_CHANGED ? image_seal_again(pool, image->volume, err) : 0;
    if (image->state == IMAGE_SEALED && image_seal_spoil(pool, image->volume, err) < 0)
        return -1;
    error_set(err, ERROR_FAILED,
              "its content has changed: the digest is %.12s… now, and was "
              "%.12s…",
              digest, image->digest);
    return say_users(image, err);
}

int image_verify(struct site_host *host, const struct catalogue_image *image, struct task *task,
                 struct error **err)
{
    struct watch watch = {task, image->length};

    if (image->state == IMAGE_ABSENT)
        return error_set(err, ERROR_FAILED, "its file is gone from %s", host_dir(host->host));
    if (image->state == IMAGE_PARTIAL) {
        error_set(err, ERROR_FAILED, "the copy was cut off");
        return error_hint(err, "the next `virtopo up` that needs it makes it whole");
    }
    if (image->missing) {
        error_set(err, ERROR_FAILED, "it is a layer, and what it stands on is gone: %s",
                  image->missing);
        return say_users(image, err);
    }
    return check_content(host, image, &watch, err);
}
