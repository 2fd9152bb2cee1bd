/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

static const char *const bus_words[] = {"virtio", "scsi", "sata"};
static const char *const cache_words[] = {NULL,           "none",       "writeback",
                                          "writethrough", "directsync", "unsafe"};
static const char *const discard_words[] = {NULL, "unmap", "ignore"};
void disk_xml_write(struct xmlwriter *w, const struct domain_disk *disk)
{
    xml_open(w, "disk");
    xml_attribute(w, "type", "file");
    xml_attribute(w, "device", "disk");
    /* never left to be guessed: a guest can write another format's header into a raw disk */
    xml_open(w, "driver");
    xml_attribute(w, "name", "qemu");
    xml_attribute(w, "type", disk->format);
    xml_attribute(w, "cache", cache_words[disk->cache]);
    xml_attribute(w, "discard", discard_words[disk->discard]);
    xml_close(w);
    xml_empty(w, "source", "file", disk->path, NULL);
    xml_empty(w, "target", "dev", disk->target, "bus", bus_words[disk->bus], NULL);
    if (disk->readonly)
        xml_empty(w, "readonly", NULL);
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
