/* SPDX-License-Identifier: Apache-2.0 */
/* The disks of a node: its root disk, more of them, CD-ROM drives. */
#ifndef CONFIG_DISK_H
#define CONFIG_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "config/hardware/disk_source.h"
#include "config/schema/schema.h"

enum disk_bus { DISK_VIRTIO, DISK_SCSI, DISK_SATA, DISK_IDE, DISK_NVME, DISK_USB };
/* A CD-ROM drive sits on a bus of these; its words are in another order, as sata comes first.
 */
enum cdrom_bus { CDROM_SATA, CDROM_SCSI, CDROM_IDE, CDROM_USB };
enum disk_format { DISK_FORMAT_DEFAULT, DISK_FORMAT_QCOW2, DISK_FORMAT_RAW };
enum disk_cache {
    DISK_CACHE_DEFAULT,
    DISK_CACHE_NONE,
    DISK_CACHE_WRITEBACK,
    DISK_CACHE_WRITETHROUGH,
    DISK_CACHE_DIRECTSYNC,
    DISK_CACHE_UNSAFE
};
enum disk_io { DISK_IO_DEFAULT, DISK_IO_THREADS, DISK_IO_NATIVE, DISK_IO_URING };
enum disk_discard { DISK_DISCARD_DEFAULT, DISK_DISCARD_UNMAP, DISK_DISCARD_IGNORE };
enum disk_zeroes { DISK_ZEROES_DEFAULT, DISK_ZEROES_ON, DISK_ZEROES_OFF, DISK_ZEROES_UNMAP };

/* The words of the tables, which but for the first of each are libvirt's own. */
extern const char *const disk_bus_words[],
    *const cdrom_bus_words[], *const disk_format_words[],
                                  *const disk_cache_words[], *const disk_io_words[],
                                                                 *const disk_discard_words[],
                                                                     *const disk_zeroes_words[];

/* A second; 0: no limit. libvirt has them in <iotune>. */
struct disk_limits {
    long long iops, read_iops, write_iops;
    uint64_t bytes, read_bytes, write_bytes;
    /* for a moment, after a time below the limit */
    long long iops_max, read_iops_max, write_iops_max;
    uint64_t bytes_max, read_bytes_max, write_bytes_max;
    const struct document_node *source;
};

/* The root disk has neither a name, nor a source, nor what says who may write to it. */
struct disk {
    const char *name; /* unique in the node; "root" and "seed" are taken */
    int enabled;      /* the root disk: enum switch_state; see disk_is_none */
    uint64_t size;    /* 0: the image's, or the source's */
    int format, bus, cache, io, discard, detect_zeroes;
    const char *serial; /* default: its name; the root disk has none */
    bool readonly, shareable;
    long long boot;     /* its place in the boot order, from 1; 0: none */
    long long iothread; /* from 1; 0: QEMU's main loop */
    struct disk_limits limits;
    struct disk_source from; /* kind DISK_SOURCE_NONE: a volume that virtopo makes */
    const struct document_node *source;
};

struct image;

struct cdrom {
    const char *name;       /* unique in the node; default: cd1, cd2 … */
    const char *path;       /* of an ISO file on the host, or NULL */
    const char *image_name; /* of one that is brought there, or NULL; neither: empty */
    const struct image *image;
    int bus; /* enum cdrom_bus */
    long long boot;
    const struct document_node *source;
};

extern const struct schema disk_schema, root_disk_schema, disk_tuning_schema,
    disk_limits_schema, cdrom_schema;

/* A root disk that the node does not have: nor has it what a first boot needs, the seed. */
bool disk_is_none(const struct disk *disk);
/* `disk: none` */
bool disk_root_short(struct binder *b, const struct document_node *node, void *target);
/* One that is somebody else's: never made, changed, grown or removed. */
bool disk_is_foreign(const struct disk *disk);
/* "qcow2" or "raw". What is not said follows from the source; NULL: it does not. */
const char *disk_format_name(const struct disk *disk);
/* What the guest sees, or NULL: `serial: none`, and the root disk of a file that says nothing.
 */
const char *disk_serial(const struct disk *disk);
/* Whether libvirt and QEMU put a disk of that bus into a running machine. */
bool disk_can_hotplug(int bus);
/* enum cdrom_bus to enum disk_bus */
int cdrom_disk_bus(int bus);

#endif
