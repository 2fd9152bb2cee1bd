/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"
#include "util/size.h"

#define LARGEST_DISK (1024 * (long long)TIB)

const char *const disk_format_words[] = {"default", "qcow2", "raw", NULL};
static const char *const format_notes[] = {
    "qcow2 for a disk that virtopo makes; else what the name says, or raw",
    "grows as it is written to, has snapshots",
    "the bytes themselves: the fastest, and what a shared disk must be",
    NULL,
};

/* What is said of a disk besides: the size, which means more for the root disk. */
#define SIZE_FIELD(default_, summary_)                                                       \
    {                                                                                        \
        .key = "size", .type = FIELD_SIZE, .offset = offsetof(struct disk, size),            \
        .flags = FIELD_NOTE, .min = MIB, .max = LARGEST_DISK, .change = FIELD_CHANGE_LIVE,   \
        .default_text = default_, .summary = summary_, .example = "100G", .also = "capacity" \
    }

static const struct field root_disk_fields[] = {
    SIZE_FIELD("the image's size", "Its size; may only grow"),
    {.key = "enabled",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct disk, enabled),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RECREATE,
     .default_text = "true",
     .summary = "false, in short 'disk: none': it has the disks and CD-ROMs of the file alone, "
                "and nothing for cloud-init",
     .example = "false"},
};

static const struct field disk_fields[] = {
    {.key = "name",
     .type = FIELD_NAME,
     .offset = offsetof(struct disk, name),
     .flags = FIELD_REQUIRED,
     .change = FIELD_CHANGE_LIVE,
     .summary = "The disk's name in the node",
     .example = "data"},
    SIZE_FIELD("required, but for a disk with a source", "Its size; may only grow"),
    {.key = "source",
     .type = FIELD_STRUCT,
     .offset = offsetof(struct disk, from),
     .schema = &disk_source_schema,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "a volume that virtopo makes, and removes with the node",
     .summary = "A disk that is there already, which virtopo only uses: it never makes, "
                "changes or removes it",
     .example = "/srv/vm/data.qcow2",
     .also = "file path location backing"},
    {.key = "format",
     .type = FIELD_ENUM,
     .offset = offsetof(struct disk, format),
     .words = disk_format_words,
     .notes = format_notes,
     .change = FIELD_CHANGE_RESTART,
     .flags = FIELD_NOTE,
     .default_text = "qcow2; of a source what its name says, or raw",
     .summary = "How the disk is kept on the host; another one makes a disk of virtopo anew",
     .example = "raw",
     .also = "type"},
    {.key = "serial",
     .type = FIELD_STRING,
     .offset = offsetof(struct disk, serial),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the disk's name",
     .summary = "Its serial number: /dev/disk/by-id/virtio-SERIAL in the guest; none for none",
     .example = "data0001"},
    {.key = "readonly",
     .type = FIELD_BOOL,
     .offset = offsetof(struct disk, readonly),
     .change = FIELD_CHANGE_RESTART,
     .flags = FIELD_NOTE,
     .default_text = "false",
     .summary = "The guest cannot write to it",
     .example = "true",
     .only = "with bus virtio, scsi or usb",
     .also = "read_only ro"},
    {.key = "shareable",
     .type = FIELD_BOOL,
     .offset = offsetof(struct disk, shareable),
     .change = FIELD_CHANGE_RESTART,
     .flags = FIELD_NOTE,
     .default_text = "false",
     .summary = "Several nodes write to it, with a file system that is made for this",
     .example = "true",
     .only = "with a raw source",
     .also = "shared share"},
};

const struct schema root_disk_schema = {
    .name = "root disk",
    .size = sizeof(struct disk),
    .fields = root_disk_fields,
    .field_count = ARRAY_SIZE(root_disk_fields),
    .source_offset = offsetof(struct disk, source),
    .short_form = disk_root_short,
    .short_form_schema = "const: none",
    .short_form_text = "write 40G, none or { size: 40G, cache: none }",
    .scalar_key = "size",
    .rest = &disk_tuning_schema,
};

const struct schema disk_schema = {
    .name = "disk",
    .size = sizeof(struct disk),
    .fields = disk_fields,
    .field_count = ARRAY_SIZE(disk_fields),
    .source_offset = offsetof(struct disk, source),
    .short_form_text = "write { name: data, size: 100G }",
    .one_of = "size source",
    .rest = &disk_tuning_schema,
};
