/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <string.h>

/* The first word of a table stands for nothing said. */
static const char *said(const char *const words[], int value)
{
    return value ? words[value] : NULL;
}

static bool is_block(const struct domain_disk *disk)
{
    return disk->from ? disk->from->kind == DISK_SOURCE_BLOCK
                      : disk->path && strncmp(disk->path, "/dev/", 5) == 0;
}

static const char *type_of(const struct domain_disk *disk)
{
    if (disk->from && disk->from->kind > DISK_SOURCE_BLOCK)
        return "network";
    return is_block(disk) ? "block" : "file";
}

static void write_driver(struct xmlwriter *w, const struct domain_disk *disk)
{
    /* Never left to be guessed: a guest can write another format's header into a raw disk. An
     * empty drive has none, and libvirt drops it when the guest starts. */
    xml_open(w, "driver");
    xml_attribute(w, "name", "qemu");
    xml_attribute(w, "type", disk->path || disk->from ? disk->format : NULL);
    xml_attribute(w, "cache", said(disk_cache_words, disk->cache));
    xml_attribute(w, "io", said(disk_io_words, disk->io));
    xml_attribute(w, "discard", said(disk_discard_words, disk->discard));
    /* that of a SCSI disk is its controller's */
    if (disk->iothread && disk->bus == DISK_VIRTIO)
        xml_attributef(w, "iothread", "%lld", disk->iothread);
    xml_attribute(w, "detect_zeroes", said(disk_zeroes_words, disk->detect_zeroes));
    xml_close(w);
}

static void write_source(struct xmlwriter *w, const struct domain_disk *disk)
{
    if (disk->path)
        xml_empty(w, "source", is_block(disk) ? "dev" : "file", disk->path, NULL);
    else if (disk->from)
        disk_source_xml_write(w, disk->from);
}

static void write_limit(struct xmlwriter *w, const char *element, uint64_t value)
{
    if (value)
        xml_elementf(w, element, "%llu", (unsigned long long)value);
}

static void write_limits(struct xmlwriter *w, const struct disk_limits *l)
{
    const struct {
        const char *element;
        uint64_t value;
    } limits[] = {
        {"total_bytes_sec", l->bytes},
        {"read_bytes_sec", l->read_bytes},
        {"write_bytes_sec", l->write_bytes},
        {"total_iops_sec", (uint64_t)l->iops},
        {"read_iops_sec", (uint64_t)l->read_iops},
        {"write_iops_sec", (uint64_t)l->write_iops},
        {"total_bytes_sec_max", l->bytes_max},
        {"read_bytes_sec_max", l->read_bytes_max},
        {"write_bytes_sec_max", l->write_bytes_max},
        {"total_iops_sec_max", (uint64_t)l->iops_max},
        {"read_iops_sec_max", (uint64_t)l->read_iops_max},
        {"write_iops_sec_max", (uint64_t)l->write_iops_max},
    };
    bool any = false;

    for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
        any = any || limits[i].value;
    if (!any)
        return;
    xml_open(w, "iotune");
    for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
        write_limit(w, limits[i].element, limits[i].value);
    xml_close(w);
}

void disk_xml_write(struct xmlwriter *w, const struct domain_disk *disk)
{
    xml_open(w, "disk");
    xml_attribute(w, "type", type_of(disk));
    xml_attribute(w, "device", disk->is_cdrom ? "cdrom" : "disk");
    write_driver(w, disk);
    write_source(w, disk);
    xml_empty(w, "target", "dev", disk->target, "bus", disk_bus_words[disk->bus], NULL);
    if (disk->limits)
        write_limits(w, disk->limits);
    if (disk->readonly || disk->is_cdrom)
        xml_empty(w, "readonly", NULL);
    if (disk->shareable)
        xml_empty(w, "shareable", NULL);
    xml_element(w, "serial", disk->serial);
    domain_write_boot_order(w, disk->boot_order);
    domain_write_alias(w, disk->alias);
    xml_close(w);
}

int domain_disk_xml(const struct domain_disk *disk, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    disk_xml_write(&w, disk);
    return xml_finish(&w, ret, err);
}
