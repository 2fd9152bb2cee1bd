/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/disk_input.h"

#include <string.h>
#include <unistd.h>

#include "config/cluster.h"
#include "host/transfer.h"
#include "provision/disk_file/in_use.h"
#include "provision/image/image_chain.h"
#include "provision/store.h"

static int read_chain(const char *path, int want, bool follow, struct disk_chain *ret,
                      struct error **err)
{
    if (disk_chain_read(path, want, follow, ret, err) < 0)
        return -1;
    for (size_t i = 0; i < ret->count; i++) {
        if (in_use_check_written(ret->layers[i].path, err) < 0)
            return -1;
    }
    return 0;
}

int disk_input_file(const char *path, int want, bool follow, struct disk_input *ret,
                    struct error **err)
{
    return read_chain(path, want, follow, &ret->chain, err);
}

struct watch {
    struct task *task;
    uint64_t before, total; /* bytes: of the files before this one, of all */
};

static int watch_copy(void *context, uint64_t done)
{
    const struct watch *watch = context;

    task_progress(watch->task, watch->before + done, watch->total);
    return task_cancelled(watch->task);
}

static int copy_one(virStoragePoolPtr pool, virConnectPtr connection,
                    const struct survey_volume *volume, const char *folder, struct watch *watch,
                    struct error **err)
{
    auto_free char *path = xasprintf("%s/%s", folder, volume->name);
    auto_volume virStorageVolPtr handle = virStorageVolLookupByName(pool, volume->name);
    struct transfer_watch transfer = {watch_copy, watch};

    if (!handle)
        return error_virt(err, "looking for volume '%s'", volume->name);
    if (transfer_download_file(connection, handle, path, &transfer, err) < 0)
        return -1;
    watch->before += volume->view.physical;
    return 0;
}

static int copy_all(struct site_host *host, const struct image_chain *chain, struct task *task,
                    const char *folder, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    struct watch watch = {.task = task};

    if (store_open(call.connection, &host->survey.store, &pool, err) < 0)
        return -1;
    for (size_t i = 0; i < chain->count; i++)
        watch.total += chain->items[i]->view.physical;
    task_say(task, "copying from host '%s'", host_name(host->host));
    for (size_t i = 0; i < chain->count; i++) {
        if (copy_one(pool, call.connection, chain->items[i], folder, &watch, err) < 0)
            return -1;
    }
    return 0;
}

static bool can_read(const struct site_host *host, const struct image_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (access(chain->items[i]->path, R_OK) < 0)
            return false;
    }
    return host_is_local(host->host);
}

int disk_input_image(struct site_host *host, const char *volume, struct task *task,
                     struct disk_input *ret, struct error **err)
{
    auto_image_chain struct image_chain chain = {0};
    auto_free char *path = NULL;
    int want = strstr(volume, ".raw") ? IMAGE_FORMAT_RAW : IMAGE_FORMAT_QCOW2;

    image_chain_read(&host->survey.store, volume, &chain);
    if (chain.count == 0 || chain.missing)
        return error_set(err, ERROR_FAILED, "image %s on host '%s' is not whole: %s is missing",
                         volume, host_name(host->host), chain.missing ? chain.missing : "it");
    if (can_read(host, &chain))
        return read_chain(chain.items[0]->path, want, false, &ret->chain, err);
    if (scratch_folder_make(&ret->scratch, err) < 0 ||
        copy_all(host, &chain, task, ret->scratch.path, err) < 0)
        return -1;
    path = xasprintf("%s/%s", ret->scratch.path, volume);
    return read_chain(path, want, false, &ret->chain, err);
}

void disk_input_done(struct disk_input *input)
{
    disk_chain_done(&input->chain);
    scratch_folder_remove(&input->scratch);
}
