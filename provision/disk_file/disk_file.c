/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/disk_file.h"

#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "provision/disk_file/backing.h"
#include "provision/disk_file/in_use.h"
#include "provision/disk_file/output.h"
#include "util/file.h"

int disk_file_copy(const struct disk_file_copy *how, struct task *task, struct error **err)
{
    auto_output struct output out = {.lock = -1};
    struct image_convert convert = {.layers = how->from->layers,
                                    .count = how->from->count,
                                    .format = how->format,
                                    .compress = how->compress};

    if (image_convert_check(how->format, how->compress, err) < 0 ||
        output_begin(&out, how->to, how->replace, err) < 0)
        return -1;
    convert.to = out.part;
    if (image_convert(&convert, task, err) < 0)
        return -1;
    return output_publish(&out, how->like, err);
}

const char *disk_file_format_of(const char *name)
{
    static const char *const formats[] = {"qcow2", "raw", "vmdk", "vdi", "vhdx", "vhd"};
    const char *end = strrchr(name, '.');

    for (size_t i = 0; end && i < ARRAY_SIZE(formats); i++) {
        if (strcasecmp(end + 1, formats[i]) == 0)
            return formats[i];
    }
    return NULL;
}

/* What the image is to say of its base: a name of its own folder, else the whole path. */
static char *name_for(const char *path, const char *base)
{
    auto_free char *folder = path_folder(path), *base_folder = path_folder(base);
    auto_free char *real = realpath(folder, NULL), *base_real = realpath(base_folder, NULL);
    const char *name = strrchr(base, '/');

    /* with a folder in front, no ':' makes it a protocol */
    if (real && base_real && strcmp(real, base_real) == 0)
        return xasprintf("%s%s", strchr(base, ':') ? "./" : "", name ? name + 1 : base);
    return realpath(base, NULL);
}

/* A base that stands on the image itself would have no end. */
static int check_circle(const char *path, const struct disk_chain *base, struct error **err)
{
    auto_free char *here = realpath(path, NULL);

    for (size_t i = 0; i < base->count; i++) {
        auto_free char *there = realpath(base->layers[i].path, NULL);

        if (here && there && strcmp(here, there) == 0)
            return error_set(err, ERROR_CONFLICT, "%s: the new base stands on this image",
                             path);
    }
    return 0;
}

static int check_rebase(const char *path, const char *base, int base_format, bool unsafe,
                        bool follow, struct disk_chain *below, struct error **err)
{
    auto_backing struct backing b = {0};
    auto_disk_chain struct disk_chain chain = {0};
    int found;

    if (in_use_check(path, err) < 0 || in_use_check_names(path, "rebase", err) < 0)
        return -1;
    found = backing_read(path, &b, err);
    if (found == 0)
        return error_set(err, ERROR_CONFIG, "%s: only qcow2 images can stand on another", path);
    if (found < 0 || disk_chain_read(base, base_format, follow, below, err) < 0 ||
        check_circle(path, below, err) < 0)
        return -1;
    if (unsafe)
        return 0;
    /* qemu-img opens by name what the image stands on now */
    return disk_chain_read(path, IMAGE_FORMAT_QCOW2, follow, &chain, err);
}

int disk_file_rebase(const char *path, const char *base, int base_format, bool unsafe,
                     bool follow, struct task *task, struct error **err)
{
    auto_disk_chain struct disk_chain below = {0};
    auto_free char *file = *path == '/' ? xstrdup(path) : xasprintf("./%s", path);
    auto_free char *name = NULL;
    const char *argv[12] = {"qemu-img", "rebase", "-p", "-f", "qcow2", "-F"};
    struct image_progress progress = {.task = task};
    struct process_options how = {.cancel = task_cancel_flag(task),
                                  .watch = image_convert_watch,
                                  .watch_context = &progress};
    size_t n = 6;

    if (check_rebase(path, base, base_format, unsafe, follow, &below, err) < 0)
        return -1;
    name = name_for(path, base);
    if (!name)
        return error_set(err, ERROR_NOT_FOUND, "%s is not there any more", base);
    argv[n++] = below.layers[0].driver;
    argv[n++] = "-b";
    argv[n++] = name;
    if (unsafe)
        argv[n++] = "-u";
    argv[n++] = file;
    progress.total = below.layers[0].bytes;
    how.limits = image_convert_limits(below.layers[0].capacity);
    task_say(task, unsafe ? "writing its header" : "copying what differs");
    return process_run(argv, &how, NULL, err) < 0 ? error_wrap(err, "rebasing %s", path) : 0;
}
