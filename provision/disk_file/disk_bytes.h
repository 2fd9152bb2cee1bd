/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a disk as its guest sees them, out of an image of any format. */
#ifndef PROVISION_DISK_BYTES_H
#define PROVISION_DISK_BYTES_H

#include "provision/disk_file/chain.h"
#include "provision/image/partitions.h"

struct disk_bytes {
    const struct disk_chain *chain;
    int fd; /* the part of the disk read last, in memory */
    uint64_t start, length;
};

/* The reader is good as long as both are. */
void disk_bytes_open(struct disk_bytes *b, const struct disk_chain *chain,
                     struct disk_reader *ret);
void disk_bytes_close(struct disk_bytes *b);
#define auto_disk_bytes __attribute__((cleanup(disk_bytes_close)))
/* The first byte from `from` on that holds data; UINT64_MAX when the rest is holes and zeros as
 * far as the image knows. */
int disk_bytes_data(const struct disk_chain *chain, uint64_t from, uint64_t *ret,
                    struct error **err) MUST_CHECK;

#endif
