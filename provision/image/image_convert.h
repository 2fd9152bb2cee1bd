/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From one format of disk image to another, by `qemu-img convert`. It is told what to open,
 * file by file, and follows nothing that an image says; it may not write more than the disk can
 * be, nor compute for ever.
 */
#ifndef PROVISION_IMAGE_CONVERT_H
#define PROVISION_IMAGE_CONVERT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/resource.h"
#include "util/process.h"

/* One file of a disk; the next is what it is an overlay of. */
struct disk_layer {
    char *path;
    const char *driver; /* as image_file_identify says */
    uint64_t capacity, bytes;
};

struct image_convert {
    const struct disk_layer *layers; /* from the top; all were identified */
    size_t count;
    const char *to;     /* made, or replaced; what is there when it fails is to be removed */
    const char *format; /* "qcow2", "raw", "vmdk", "vdi", "vhdx", "vhd" */
    bool compress;      /* only with qcow2 and vmdk */
};

/* Leaves a file that image_file_inspect or image_file_identify takes, or an error that says
 * what is to be done about it. */
int image_convert(const struct image_convert *c, struct task *task,
                  struct error **err) MUST_CHECK;
/* The same of one file without a backing file: `driver` of `from`, to a qcow2 image. */
int image_convert_file(const char *from, const char *driver, uint64_t capacity, const char *to,
                       struct task *task, struct error **err) MUST_CHECK;
/* 0 when an image can be converted to that; else a usage error. */
int image_convert_check(const char *format, bool compress, struct error **err) MUST_CHECK;

/* For others who run qemu-img: how it names the layers, as its own JSON; the caller frees it.
 */
char *image_convert_name(const struct disk_layer *layers, size_t count);
/* For process_options.watch: what `qemu-img -p` writes, as the task's progress. */
struct image_progress {
    struct task *task;
    uint64_t total; /* bytes that are 100% */
};
void image_convert_watch(void *context, const char *data, size_t length);
/* Limits for a run that reads or writes so many bytes. */
struct process_limits image_convert_limits(uint64_t bytes);

#endif
