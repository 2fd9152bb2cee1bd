/* SPDX-License-Identifier: Apache-2.0 */
/* Another size for the disk in an image file, in place: qcow2 or raw. */
#ifndef PROVISION_RESIZE_FILE_H
#define PROVISION_RESIZE_FILE_H

#include "provision/disk_file/chain.h"
#include "provision/image/partitions.h"

struct resize_result {
    uint64_t before, after; /* bytes */
    enum partition_table table;
    unsigned last;   /* the partition that can grow now; 0: none is known */
    bool has_backup; /* of the table, at the end: it is to be moved or written anew */
};

/* "40G", or "+10G" for so much more than `capacity`; at whole sectors. */
int resize_file_size(const char *text, uint64_t capacity, uint64_t *ret,
                     struct error **err) MUST_CHECK;
/* A smaller disk only with `destroy_data`, and only where no partition, nor data on a disk
 * without partitions, lies behind the new end. */
int resize_file(const char *path, int want, const char *size, bool destroy_data,
                struct resize_result *ret, struct error **err) MUST_CHECK;

#endif
