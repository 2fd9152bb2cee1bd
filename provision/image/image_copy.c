/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_copy.h"

#include <string.h>

#include "host/transfer.h"
#include "provision/image/digest_cache.h"
#include "provision/image/image_record.h"
#include "provision/image/image_seal.h"
#include "provision/store.h"
#include "util/size.h"

static int check_space(virStoragePoolPtr pool, const struct image_object *o, struct error **err)
{
    const uint64_t reserve = 64 * MIB;
    char needed[SIZE_TEXT], there[SIZE_TEXT];
    virStoragePoolInfo info;

    /* libvirt remembers what was free when it last read the folder. */
    if (store_refresh(pool, err) < 0)
        return -1;
    if (virStoragePoolGetInfo(pool, &info) < 0 || info.available >= o->bytes + reserve)
        return 0;
    error_set(err, ERROR_FAILED,
              "no room for image '%s' in %s on host '%s': %s are free, %s are "
              "needed",
              o->image->name, host_dir(o->host->host), host_name(o->host->host),
              size_format(info.available, there), size_format(o->bytes + reserve, needed));
    return error_hint(err, "free some space, or set hosts.%s.dir to a folder on a larger disk",
                      host_name(o->host->host));
}

struct copy_watch {
    struct task *task;
    uint64_t total;
};

static int watch_copy(void *context, uint64_t done)
{
    const struct copy_watch *watch = context;

    task_progress(watch->task, done, watch->total);
    return task_cancelled(watch->task);
}

int image_copy(const struct image_object *o, virConnectPtr connection, virStoragePoolPtr pool,
               struct task *task, struct error **err)
{
    /* Named qcow2 and made raw: its bytes are the file's own, header and all. */
    struct volume_template t = {
        .name = o->volume, .format = "raw", .capacity = o->bytes, .mode = "0444"};
    struct copy_watch watch = {task, o->bytes};
    struct transfer_watch transfer = {watch_copy, &watch};
    auto_volume virStorageVolPtr volume = NULL;
    char digest[SHA256_TEXT];

    if (check_space(pool, o, err) < 0 || image_seal_remove(pool, o->volume, err) < 0 ||
        store_create(pool, &t, STORE_REPLACE, &volume, err) < 0)
        return -1;
    if (transfer_upload_file(connection, volume, o->source, strcmp(o->format, "raw") == 0,
                             &transfer, err) < 0) {
        virStorageVolDelete(volume, 0);
        if (task_cancelled(task))
            return -1;
        return error_hint(err, "is the disk of %s on host '%s' full?", host_dir(o->host->host),
                          host_name(o->host->host));
    }
    /* The cache is keyed by the file's times: a change while it was copied shows here. */
    if (digest_cached(o->source, digest, err) < 0)
        return -1;
    if (strcmp(digest, o->digest) != 0) {
        virStorageVolDelete(volume, 0);
        return error_set(err, ERROR_FAILED, "%s changed while it was being copied", o->source);
    }
    if (image_record_write(o, connection, pool, err) < 0)
        return -1;
    return image_seal(pool, volume, o->volume, err);
}
