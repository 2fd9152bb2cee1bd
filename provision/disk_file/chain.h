/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk in files: an image, and what it is an overlay of, by the images' own headers. Names in
 * a header are not followed everywhere: a hostile image could name any file of this machine.
 */
#ifndef PROVISION_DISK_CHAIN_H
#define PROVISION_DISK_CHAIN_H

#include "provision/image/image_convert.h"

struct disk_chain {
    struct disk_layer *layers; /* the file itself first */
    size_t count;
    const char *format; /* of the first, as `format` has it */
    uint32_t snapshots; /* inside of the first; a conversion loses them */
};

/* `want`: enum image_format of the first. Backing files are taken from the folder of the file
 * that names them; with `follow`, from anywhere. */
int disk_chain_read(const char *path, int want, bool follow, struct disk_chain *ret,
                    struct error **err) MUST_CHECK;
void disk_chain_done(struct disk_chain *chain);
#define auto_disk_chain __attribute__((cleanup(disk_chain_done)))

#endif
