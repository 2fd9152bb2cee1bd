/* SPDX-License-Identifier: Apache-2.0 */
/* Image files made of image files, and what they stand on changed. */
#ifndef PROVISION_DISK_FILE_H
#define PROVISION_DISK_FILE_H

#include "provision/disk_file/chain.h"

struct disk_file_copy {
    const struct disk_chain *from;
    const char *to;
    const char *format; /* of image_convert */
    bool compress;
    bool replace;     /* a file that is there is overwritten */
    const char *like; /* mode and owner are this file's; or NULL */
};

/* One file without a backing file, put in its place when it is whole. */
int disk_file_copy(const struct disk_file_copy *how, struct task *task,
                   struct error **err) MUST_CHECK;
/* The format by the end of a file's name (".vmdk"), or NULL. */
const char *disk_file_format_of(const char *name);
/* The backing file of the qcow2 image `path` becomes `base`, of the format `base_format` (as
 * `format` has it). What the disk holds stays, and what differs from the new base is copied
 * into the image; with `unsafe` nothing is looked at or copied: the base is the same one,
 * elsewhere. Neither is opened by a name that the image says, but for files in its folder or
 * with `follow`. */
int disk_file_rebase(const char *path, const char *base, int base_format, bool unsafe,
                     bool follow, struct task *task, struct error **err) MUST_CHECK;

#endif
