/* SPDX-License-Identifier: Apache-2.0 */
/* What a disk image file really is, from its own bytes: never by asking a tool that
 * would follow what the file says (a backing file named in a header is how guests read the
 * host's files). */
#ifndef PROVISION_IMAGE_FILE_H
#define PROVISION_IMAGE_FILE_H

#include "config/cluster.h"
#include "util/error.h"

struct image_file {
    const char *format; /* as `format` has it: "qcow2", "raw", "vmdk", … */
    const char *driver; /* as qemu has it: "vpc" for "vhd" */
    uint64_t capacity;  /* virtual size */
    uint64_t bytes;     /* of the file */
    bool foreign;       /* another program's format, to be converted before it is used */
    bool medium;        /* a raw image with the file system of a CD-ROM */
};

/* Wanted instead of an image_format: what layers are made to be, a qcow2 image that may have an
 * image of the store as its backing file. */
#define IMAGE_FILE_LAYER (-1)

/* `want`: enum image_format, or the above. Refuses what is not an image, what is not the format
 * that was said, and images that qcow2_inspect or their format's own inspection
 * (disk_file/foreign.h) refuses, each with what to do. What it takes is safe for qemu to open,
 * by `driver`. */
int image_file_identify(const char *path, int want, struct image_file *ret,
                        struct error **err) MUST_CHECK;
/* Only whether it is of another program's format; false for what cannot be read. */
bool image_file_is_foreign(const char *path);
/* What the file made for an image has to be, once it is converted. */
int image_file_want(const struct image *image);
/* image_file_identify for images that nodes can run on: qcow2 and raw. */
int image_file_inspect(const char *path, int want, struct image_file *ret,
                       struct error **err) MUST_CHECK;

/* The enum image_format of a word, IMAGE_FORMAT_DETECT for others. */
int image_file_format(const char *word);

#endif
