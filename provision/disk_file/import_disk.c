/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/import_disk.h"

#include <stdlib.h>

#include "provision/disk_file/disk_input.h"
#include "provision/image/image.h"
#include "provision/image/image_finish.h"

static int read_store(struct site_host *host, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);

    return host->survey.store.name ? 0 : survey_read_store(call.connection, &host->survey, err);
}

/* The file's recipe where it is converted: then another run finds it made. */
static int bring(struct import_disk *how, const char *path, int format, struct task *task,
                 struct error **err)
{
    struct provision p = {.site = *how->site};
    auto_free char *real = realpath(path, NULL);
    struct image image = {.name = how->name, .file = real ? real : path, .format = format};
    struct image_object o = {
        .provision = &p, .host = how->host, .image = &image, .source = xstrdup(path)};
    int outcome = image_bring(&o, task, err);

    if (outcome == 0) {
        snprintf(how->digest, sizeof how->digest, "%s", o.digest);
        how->capacity = o.capacity;
        how->bytes = o.bytes;
    }
    free(o.source);
    free(o.digest);
    free(o.recipe);
    free(o.volume);
    return outcome;
}

/* One file of the chain, for as long as it takes to bring it there. */
static int bring_flat(struct import_disk *how, struct task *task, struct error **err)
{
    auto_disk_input struct disk_input input = {0};
    auto_scratch_folder struct scratch_folder folder = {.lock = -1};
    auto_free char *flat = NULL;
    struct image_convert convert = {.format = "qcow2"};

    if (disk_input_file(how->path, how->format, how->follow, &input, err) < 0 ||
        scratch_folder_make(&folder, err) < 0)
        return -1;
    flat = xasprintf("%s/disk.qcow2", folder.path);
    convert.layers = input.chain.layers;
    convert.count = input.chain.count;
    convert.to = flat;
    return image_convert(&convert, task, err) < 0
               ? -1
               : bring(how, flat, IMAGE_FORMAT_QCOW2, task, err);
}

int import_disk(struct import_disk *how, struct task *task, struct error **err)
{
    auto_disk_input struct disk_input input = {0};

    if (read_store(how->host, err) < 0)
        return -1;
    if (disk_input_file(how->path, how->format, how->follow || !how->flatten, &input, err) < 0)
        return -1;
    if (input.chain.count == 1)
        return bring(how, how->path, how->format, task, err);
    if (how->flatten)
        return bring_flat(how, task, err);
    error_set(err, ERROR_CONFIG, "%s: stands on %s, so it is not a whole disk", how->path,
              input.chain.layers[1].path);
    return error_hint(err, "--flatten makes one image of them");
}
