/* SPDX-License-Identifier: Apache-2.0 */
/* The disks of a node. */
#ifndef CONFIG_DISK_H
#define CONFIG_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "config/schema/schema.h"

enum disk_bus { DISK_VIRTIO, DISK_SCSI, DISK_SATA };
enum disk_cache {
    DISK_CACHE_DEFAULT,
    DISK_CACHE_NONE,
    DISK_CACHE_WRITEBACK,
    DISK_CACHE_WRITETHROUGH,
    DISK_CACHE_DIRECTSYNC,
    DISK_CACHE_UNSAFE
};
enum disk_discard { DISK_DISCARD_DEFAULT, DISK_DISCARD_UNMAP, DISK_DISCARD_IGNORE };

struct disk {
    const char *name; /* unique in the node; "root" and "seed" are taken */
    uint64_t size;
    int bus, cache, discard;
    const char *serial; /* default: its name */
    const struct document_node *source;
};

extern const struct schema disk_schema;

#endif
