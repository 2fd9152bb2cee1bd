/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <string.h>

/* Root ports that stay free, so that disks and NICs can be added to a running machine. */
#define SPARE_PORTS 8
/* libvirt puts disk sdh, the eighth, on the second SCSI controller. */
#define SCSI_DISKS 7

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
    return desktop_needs_usb(t->node) || count_bus(t, DISK_USB) > 0 ? USB_QEMU_XHCI : USB_NONE;
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

/* 0 for "sda", 26 for "sdaa" */
static size_t target_index(const char *target)
{
    size_t index = 0;

    for (const char *p = target + 2; *p; p++)
        index = index * 26 + (size_t)(*p - 'a') + 1;
    return index - 1;
}

static size_t count_scsi(const struct domain_template *t)
{
    size_t count = 0;

    for (size_t i = 0; i < t->disk_count; i++) {
        size_t number = target_index(t->disks[i].target) / SCSI_DISKS + 1;

        if (t->disks[i].bus == DISK_SCSI && number > count)
            count = number;
    }
    return count;
}

/* All SCSI disks have the same, those that say one. */
static long long scsi_iothread(const struct domain_template *t)
{
    for (size_t i = 0; i < t->disk_count; i++) {
        if (t->disks[i].bus == DISK_SCSI && t->disks[i].iothread)
            return t->disks[i].iothread;
    }
    return 0;
}

static void write_scsi(struct xmlwriter *w, size_t index, long long iothread)
{
    xml_open(w, "controller");
    xml_attribute(w, "type", "scsi");
    xml_attributef(w, "index", "%zu", index);
    xml_attribute(w, "model", "virtio-scsi");
    if (iothread) {
        xml_open(w, "driver");
        xml_attributef(w, "iothread", "%lld", iothread);
        xml_close(w);
    }
    xml_close(w);
}

/* For old PCI cards libvirt adds a bridge, and a port for that. */
static size_t count_express_nics(const struct domain_template *t)
{
    size_t count = 0;

    for (size_t i = 0; i < t->nic_count; i++)
        count += !nic_is_conventional(t->nics[i].model);
    return count;
}

void controller_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    size_t scsi = count_scsi(t);
    /* a port each: virtio and NVMe disks, NICs, SCSI, serial (the agent's channel), rng,
     * balloon
     */
    size_t ports = count_bus(t, DISK_VIRTIO) + count_bus(t, DISK_NVME) + count_express_nics(t) +
                   scsi + 3 + count_devices(t) + SPARE_PORTS;

    write_usb(w, t);
    for (size_t i = 0; i < scsi; i++)
        write_scsi(w, i, scsi_iothread(t));
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

int domain_scsi_xml(long long iothread, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_scsi(&w, 0, iothread);
    return xml_finish(&w, ret, err);
}
