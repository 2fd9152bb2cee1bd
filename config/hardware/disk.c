/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/disk.h"

#include <string.h>

#include "util/memory.h"

bool disk_is_none(const struct disk *disk)
{
    return disk->enabled == SWITCH_OFF;
}

bool disk_root_short(struct binder *b, const struct document_node *node, void *target)
{
    (void)b;
    if (node->kind != DOCUMENT_SCALAR || node->is_null || strcmp(node->text, "none") != 0)
        return false;
    ((struct disk *)target)->enabled = SWITCH_OFF;
    return true;
}

bool disk_is_foreign(const struct disk *disk)
{
    return disk->from.kind != DISK_SOURCE_NONE;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Never by looking into the file: what a guest writes there must not decide it. */
static const char *format_of_name(const char *path)
{
    if (ends_with(path, ".qcow2"))
        return "qcow2";
    return ends_with(path, ".raw") || ends_with(path, ".iso") ? "raw" : NULL;
}

const char *disk_format_name(const struct disk *disk)
{
    if (disk->format != DISK_FORMAT_DEFAULT)
        return disk_format_words[disk->format];
    switch (disk->from.kind) {
    case DISK_SOURCE_NONE:
        return "qcow2";
    case DISK_SOURCE_FILE:
        return format_of_name(disk->from.file);
    case DISK_SOURCE_NFS:
        return disk->from.nfs.path ? format_of_name(disk->from.nfs.path) : NULL;
    default:
        return "raw";
    }
}

const char *disk_serial(const struct disk *disk)
{
    const char *serial = disk->serial ? disk->serial : disk->name;

    return serial && strcmp(serial, "none") == 0 ? NULL : serial;
}

/* QEMU has no way to add a device to an AHCI, IDE or NVMe controller that runs. */
bool disk_can_hotplug(int bus)
{
    return bus == DISK_VIRTIO || bus == DISK_SCSI || bus == DISK_USB;
}

int cdrom_disk_bus(int bus)
{
    static const int buses[] = {[CDROM_SATA] = DISK_SATA,
                                [CDROM_SCSI] = DISK_SCSI,
                                [CDROM_IDE] = DISK_IDE,
                                [CDROM_USB] = DISK_USB};

    return buses[bus];
}
