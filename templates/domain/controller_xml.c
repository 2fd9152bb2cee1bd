/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <string.h>

/* Root ports that stay free, so that disks and NICs can be added to a running machine. */
#define SPARE_PORTS 8

/* PCI Express machines, where only a root port takes a device at run time. */
static bool has_root_ports(const struct domain_template *t)
{
    return strstr(t->machine, "q35") || strncmp(t->machine, "virt", 4) == 0;
}

static size_t count_bus(const struct domain_template *t, int bus)
{
    size_t count = 0;

    for (size_t i = 0; i < t->disk_count; i++)
        count += t->disks[i].bus == bus;
    return count;
}

void controller_xml_write_scsi(struct xmlwriter *w)
{
    xml_empty(w, "controller", "type", "scsi", "index", "0", "model", "virtio-scsi", NULL);
}

void controller_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    bool scsi = count_bus(t, DISK_SCSI) > 0;
    /* a port each: virtio disks, NICs, SCSI, serial (the agent's channel), rng, balloon */
    size_t ports = count_bus(t, DISK_VIRTIO) + t->nic_count + (scsi ? 1 : 0) + 3 + SPARE_PORTS;

    xml_empty(w, "controller", "type", "usb", "model", "none", NULL);
    if (scsi)
        controller_xml_write_scsi(w);
    if (!has_root_ports(t))
        return;
    xml_empty(w, "controller", "type", "pci", "index", "0", "model", "pcie-root", NULL);
    for (size_t i = 1; i <= ports; i++) {
        xml_open(w, "controller");
        xml_attribute(w, "type", "pci");
        xml_attributef(w, "index", "%zu", i);
        xml_attribute(w, "model", "pcie-root-port");
        xml_close(w);
    }
}

int domain_scsi_xml(char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    controller_xml_write_scsi(&w);
    return xml_finish(&w, ret, err);
}
