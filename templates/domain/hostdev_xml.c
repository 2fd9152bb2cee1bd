/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <string.h>

static void open_hostdev(struct xmlwriter *w, const char *type, bool managed)
{
    xml_open(w, "hostdev");
    xml_attribute(w, "mode", "subsystem");
    xml_attribute(w, "type", type);
    xml_attribute(w, "managed", managed ? "yes" : "no");
}

static void write_rom(struct xmlwriter *w, const char *rom)
{
    if (rom && strcmp(rom, "off") == 0)
        xml_empty(w, "rom", "bar", "off", NULL);
    else if (rom)
        xml_empty(w, "rom", "file", rom, NULL);
}

static void write_pci(struct xmlwriter *w, const struct pci_device *device)
{
    const struct pci_address *at = &device->at;

    open_hostdev(w, "pci", device->managed != SWITCH_OFF);
    xml_open(w, "source");
    xml_open(w, "address");
    xml_attributef(w, "domain", "0x%04x", at->domain);
    xml_attributef(w, "bus", "0x%02x", at->bus);
    xml_attributef(w, "slot", "0x%02x", at->slot);
    xml_attributef(w, "function", "0x%x", at->function);
    xml_close(w);
    xml_close(w);
    write_rom(w, device->rom);
    xml_open(w, "alias");
    xml_attributef(w, "name", "ua-devices-pci-%04x-%02x-%02x-%x", at->domain, at->bus, at->slot,
                   at->function);
    xml_close(w);
    xml_close(w);
}

static void write_id(struct xmlwriter *w, const char *element, unsigned id)
{
    xml_open(w, element);
    xml_attributef(w, "id", "0x%04x", id);
    xml_close(w);
}

static void write_usb(struct xmlwriter *w, const struct usb_device *device)
{
    open_hostdev(w, "usb", true);
    xml_open(w, "source");
    if (device->startup)
        xml_attribute(w, "startupPolicy", usb_startups[device->startup]);
    if (device->id) {
        write_id(w, "vendor", device->vendor);
        write_id(w, "product", device->product);
    } else {
        xml_open(w, "address");
        xml_attributef(w, "bus", "%u", device->bus);
        xml_attributef(w, "device", "%u", device->device);
        xml_close(w);
    }
    xml_close(w);
    xml_open(w, "alias");
    if (device->id)
        xml_attributef(w, "name", "ua-devices-usb-%04x-%04x", device->vendor, device->product);
    else
        xml_attributef(w, "name", "ua-devices-usb-%u-%u", device->bus, device->device);
    xml_close(w);
    xml_close(w);
}

static void write_mdev(struct xmlwriter *w, const struct mdev_device *device)
{
    open_hostdev(w, "mdev", false);
    xml_attribute(w, "model", "vfio-pci");
    if (device->display)
        xml_attribute(w, "display", device->display == SWITCH_ON ? "on" : "off");
    xml_open(w, "source");
    xml_empty(w, "address", "uuid", device->uuid, NULL);
    xml_close(w);
    xml_open(w, "alias");
    xml_attributef(w, "name", "ua-devices-mdev-%s", device->uuid);
    xml_close(w);
    xml_close(w);
}

void hostdev_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct hostdev_setting *devices = &t->node->devices;

    list_each(struct pci_device, devices->pci, pci) write_pci(w, pci);
    list_each(struct usb_device, devices->usb, usb) write_usb(w, usb);
    list_each(struct mdev_device, devices->mdev, mdev) write_mdev(w, mdev);
}
