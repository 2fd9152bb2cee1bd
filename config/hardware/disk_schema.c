/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"
#include "util/size.h"

#define LARGEST_DISK (1024 * (long long)TIB)

static const char *const disk_buses[] = {"virtio", "scsi", "sata", NULL};
static const char *const disk_bus_notes[] = {
    "the fastest; Linux and the BSDs have its driver, Windows needs one",
    "SCSI on a virtio controller: many disks, and discard everywhere",
    "AHCI, as in a PC: what every system knows",
    NULL,
};
static const char *const disk_caches[] = {"default",    "none",   "writeback", "writethrough",
                                          "directsync", "unsafe", NULL};
static const char *const disk_cache_notes[] = {
    "what QEMU takes, which is writeback",
    "the host caches nothing; the guest's flushes go to the disk",
    "the host caches; the guest's flushes go to the disk",
    "the host caches what is read; every write goes to the disk",
    "the host caches nothing; every write goes to the disk",
    "the host caches, and flushes are ignored: fast, lost when the host crashes",
    NULL,
};
static const char *const disk_discards[] = {"default", "unmap", "ignore", NULL};
static const char *const disk_discard_notes[] = {
    "what QEMU takes, which is ignore",
    "the host frees them too",
    "they stay as they are on the host",
    NULL,
};

static const struct field disk_fields[] = {
    {.key = "name",
     .type = FIELD_NAME,
     .offset = offsetof(struct disk, name),
     .flags = FIELD_REQUIRED,
     .change = FIELD_CHANGE_LIVE,
     .summary = "The disk's name in the node",
     .example = "data"},
    {.key = "size",
     .type = FIELD_SIZE,
     .offset = offsetof(struct disk, size),
     .flags = FIELD_REQUIRED,
     .min = MIB,
     .max = LARGEST_DISK,
     .change = FIELD_CHANGE_LIVE,
     .summary = "Its size; may only grow",
     .example = "100G",
     .also = "capacity"},
    {.key = "bus",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, bus),
     .words = disk_buses,
     .notes = disk_bus_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "virtio",
     .summary = "How the guest sees it",
     .example = "scsi",
     .also = "interface driver"},
    {.key = "cache",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, cache),
     .words = disk_caches,
     .notes = disk_cache_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "The host's caching of it",
     .example = "none"},
    {.key = "discard",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, discard),
     .words = disk_discards,
     .notes = disk_discard_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "What becomes of blocks that the guest frees",
     .example = "unmap"},
    {.key = "serial",
     .type = FIELD_STRING,
     .offset = offsetof(struct disk, serial),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the disk's name",
     .summary = "Its serial number: /dev/disk/by-id/virtio-SERIAL in the guest",
     .example = "data0001"},
};

const struct schema disk_schema = {
    .name = "disk",
    .size = sizeof(struct disk),
    .fields = disk_fields,
    .field_count = ARRAY_SIZE(disk_fields),
    .source_offset = offsetof(struct disk, source),
    .short_form_text = "write { name: data, size: 100G }",
};
