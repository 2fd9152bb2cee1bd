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

static int usb_model(const struct domain_template *t)
{
    if (t->node->usb.model != USB_AUTO)
        return t->node->usb.model;
    return desktop_needs_usb(t->node) ? USB_QEMU_XHCI : USB_NONE;
}

/* The devices beyond those that every node has which take a port. */
static size_t count_devices(const struct domain_template *t)
{
    const struct node *node = t->node;
    size_t count = node->shares.count + node->devices.pci.count + node->devices.mdev.count;

    list_each(struct input, node->inputs, input) count += input->bus == INPUT_VIRTIO;
    count += usb_model(t) == USB_QEMU_XHCI || usb_model(t) == USB_NEC_XHCI;
    count += node->vsock.enabled == SWITCH_ON;
    return count;
}

/* An EHCI controller leaves slow devices to three others in the same slot. */
static void write_usb_companions(struct xmlwriter *w)
{
    static const struct {
        const char *model, *port;
    } companions[] = {{"ich9-uhci1", "0"}, {"ich9-uhci2", "2"}, {"ich9-uhci3", "4"}};

    for (size_t i = 0; i < ARRAY_SIZE(companions); i++) {
        xml_open(w, "controller");
        xml_attribute(w, "type", "usb");
        xml_attribute(w, "index", "0");
        xml_attribute(w, "model", companions[i].model);
        xml_empty(w, "master", "startport", companions[i].port, NULL);
        xml_close(w);
    }
}

static void write_usb(struct xmlwriter *w, const struct domain_template *t)
{
    int model = usb_model(t);

    xml_open(w, "controller");
    xml_attribute(w, "type", "usb");
    if (model != USB_NONE)
        xml_attribute(w, "index", "0");
    xml_attribute(w, "model", usb_models[model]);
    if (t->node->usb.ports)
        xml_attributef(w, "ports", "%lld", t->node->usb.ports);
    xml_close(w);
    if (model == USB_ICH9_EHCI)
        write_usb_companions(w);
}

void controller_xml_write_scsi(struct xmlwriter *w)
{
    xml_empty(w, "controller", "type", "scsi", "index", "0", "model", "virtio-scsi", NULL);
}

void controller_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    bool scsi = count_bus(t, DISK_SCSI) > 0;
    /* a port each: virtio disks, NICs, SCSI, serial (the agent's channel), rng, balloon */
    size_t ports = count_bus(t, DISK_VIRTIO) + t->nic_count + (scsi ? 1 : 0) + 3 +
                   count_devices(t) + SPARE_PORTS;

    write_usb(w, t);
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
