/* SPDX-License-Identifier: Apache-2.0 */
/* What every disk takes, the root disk too: how the guest sees it, and how the host serves it.
 */
#include "config/cluster.h"

const char *const disk_bus_words[] = {"virtio", "scsi", "sata", "ide", "nvme", "usb", NULL};
static const char *const bus_notes[] = {
    "the fastest; Linux and the BSDs have its driver, Windows needs one",
    "SCSI on a virtio controller: many disks, and discard everywhere",
    "AHCI, as in a PC: what every system knows; six at most",
    "as in an old PC: only with machine pc; four at most",
    "an NVMe controller for each; needs libvirt 11.5 on the host",
    "a USB stick",
    NULL,
};
const char *const disk_cache_words[] = {"default",    "none",   "writeback", "writethrough",
                                        "directsync", "unsafe", NULL};
static const char *const cache_notes[] = {
    "what QEMU takes, which is writeback",
    "the host caches nothing; the guest's flushes go to the disk",
    "the host caches; the guest's flushes go to the disk",
    "the host caches what is read; every write goes to the disk",
    "the host caches nothing; every write goes to the disk",
    "the host caches, and flushes are ignored: fast, lost when the host crashes",
    NULL,
};
const char *const disk_io_words[] = {"default", "threads", "native", "io_uring", NULL};
static const char *const io_notes[] = {
    "what QEMU takes, which is threads",
    "a pool of threads",
    "Linux AIO: needs cache none or directsync",
    "io_uring: needs Linux 5.1 and a QEMU that has it",
    NULL,
};
const char *const disk_discard_words[] = {"default", "unmap", "ignore", NULL};
static const char *const discard_notes[] = {
    "what QEMU takes, which is ignore",
    "the host frees them too",
    "they stay as they are on the host",
    NULL,
};
const char *const disk_zeroes_words[] = {"default", "on", "off", "unmap", NULL};
static const char *const zeroes_notes[] = {
    "what QEMU takes, which is off",
    "they take no space where the host's storage can do so",
    "they are written like any other block",
    "they are freed: needs discard unmap",
    NULL,
};

static const struct field tuning_fields[] = {
    {.key = "bus",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, bus),
     .words = disk_bus_words,
     .notes = bus_notes,
     .change = FIELD_CHANGE_RESTART,
     .flags = FIELD_NOTE,
     .default_text = "virtio",
     .summary = "How the guest sees it",
     .example = "scsi",
     .also = "interface driver"},
    {.key = "cache",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, cache),
     .words = disk_cache_words,
     .notes = cache_notes,
     .change = FIELD_CHANGE_RESTART,
     .flags = FIELD_NOTE,
     .default_text = "default",
     .summary = "The host's caching of it",
     .example = "none"},
    {.key = "io",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, io),
     .words = disk_io_words,
     .notes = io_notes,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "How QEMU reads and writes on the host",
     .example = "threads",
     .also = "aio io_mode"},
    {.key = "discard",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, discard),
     .words = disk_discard_words,
     .notes = discard_notes,
     .change = FIELD_CHANGE_RESTART,
     .flags = FIELD_NOTE,
     .default_text = "default",
     .summary = "What becomes of blocks that the guest frees",
     .example = "unmap",
     .also = "trim"},
    {.key = "detect_zeroes",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, detect_zeroes),
     .words = disk_zeroes_words,
     .notes = zeroes_notes,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "What becomes of blocks of zeroes that the guest writes",
     .example = "on",
     .also = "detect-zeroes"},
    {.key = "boot",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct disk, boot),
     .min = 1,
     .max = 99,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the root disk's is the first number that nothing else has",
     .summary = "Its place in the boot order, from 1",
     .example = "1",
     .also = "boot_order bootorder"},
    {.key = "iothread",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct disk, iothread),
     .min = 1,
     .max = 64,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "QEMU's main loop",
     .summary = "The number of the thread that serves it, from 1; disks may share one",
     .example = "1",
     .only = "with bus virtio or scsi",
     .also = "io_thread"},
    {.key = "limits",
     .type = FIELD_STRUCT,
     .offset = offsetof(struct disk, limits),
     .schema = &disk_limits_schema,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "none",
     .summary = "How much the guest may read and write in a second",
     .example = "{ iops: 500, bytes: 50M }",
     .also = "iotune throttle qos limit"},
};

const struct schema disk_tuning_schema = {
    .name = "disk",
    .size = sizeof(struct disk),
    .fields = tuning_fields,
    .field_count = ARRAY_SIZE(tuning_fields),
    .source_offset = offsetof(struct disk, source),
};

#define LIMIT(key_, type_, least, most, example_, also_, summary_)                          \
    {                                                                                       \
        .key = #key_, .type = type_, .offset = offsetof(struct disk_limits, key_),          \
        .flags = FIELD_NOTE, .min = least, .max = most, .change = FIELD_CHANGE_LIVE,        \
        .default_text = "no limit", .summary = summary_, .example = example_, .also = also_ \
    }
/* QEMU takes at most 10^15 of either. */
#define IOPS(key_, also_, summary_) \
    LIMIT(key_, FIELD_INTEGER, 1, 1000000000000000, "500", also_, summary_)
#define BYTES(key_, also_, summary_) \
    LIMIT(key_, FIELD_SIZE, 1024, 1000000000000000, "50M", also_, summary_)

static const struct field limit_fields[] = {
    IOPS(iops, "total_iops_sec total_iops", "Operations in a second"),
    IOPS(read_iops, "read_iops_sec", "Reads in a second"),
    IOPS(write_iops, "write_iops_sec", "Writes in a second"),
    BYTES(bytes, "total_bytes_sec total_bytes bandwidth", "Bytes in a second"),
    BYTES(read_bytes, "read_bytes_sec", "Bytes read in a second"),
    BYTES(write_bytes, "write_bytes_sec", "Bytes written in a second"),
    IOPS(iops_max, "total_iops_sec_max iops_burst", "The same for a moment, after a quiet one"),
    IOPS(read_iops_max, "read_iops_sec_max", "Reads in a second, for a moment"),
    IOPS(write_iops_max, "write_iops_sec_max", "Writes in a second, for a moment"),
    BYTES(bytes_max, "total_bytes_sec_max bytes_burst", "Bytes in a second, for a moment"),
    BYTES(read_bytes_max, "read_bytes_sec_max", "Bytes read in a second, for a moment"),
    BYTES(write_bytes_max, "write_bytes_sec_max", "Bytes written in a second, for a moment"),
};

const struct schema disk_limits_schema = {
    .name = "limits",
    .size = sizeof(struct disk_limits),
    .fields = limit_fields,
    .field_count = ARRAY_SIZE(limit_fields),
    .source_offset = offsetof(struct disk_limits, source),
    .short_form_text = "write { iops: 500, bytes: 50M }",
};
