/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/device.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"

/* "0x81" or "129". */
static bool parse_number(const char *text, unsigned *ret)
{
    char *end;

    if (!text || !*text)
        return false;
    *ret = (unsigned)strtoul(text, &end, 0);
    return !*end;
}

static bool number_attribute(xmlNodePtr node, const char *name, unsigned *ret)
{
    auto_free char *text = xmlreader_attribute(node, name);

    return parse_number(text, ret);
}

static bool number_child(xmlNodePtr node, const char *name, unsigned *ret)
{
    auto_free char *text = xmlreader_child_text(node, name);

    return parse_number(text, ret);
}

static bool write_address(unsigned domain, unsigned bus, unsigned slot, unsigned function,
                          struct pci_name *ret)
{
    if (domain > 0xffff || bus > 0xff || slot > 0x1f || function > 7)
        return false;
    snprintf(ret->text, sizeof ret->text, "%04x:%02x:%02x.%x", domain, bus, slot, function);
    return true;
}

bool device_pci_from_name(const char *name, struct pci_name *ret)
{
    unsigned domain, bus, slot, function;

    return sscanf(name, "pci_%4x_%2x_%2x_%1x", &domain, &bus, &slot, &function) == 4 &&
           write_address(domain, bus, slot, function, ret);
}

bool device_pci_from_xml(xmlNodePtr node, struct pci_name *ret)
{
    unsigned domain = 0, bus, slot, function;

    number_attribute(node, "domain", &domain);
    return number_attribute(node, "bus", &bus) && number_attribute(node, "slot", &slot) &&
           number_attribute(node, "function", &function) &&
           write_address(domain, bus, slot, function, ret);
}

/* <capability type='…'> below `parent`. */
static xmlNodePtr capability(xmlNodePtr parent, const char *type)
{
    xmlNodePtr c = xmlreader_child(parent, "capability");

    while (c && !xmlreader_is(c, "type", type))
        c = xmlreader_next(c);
    return c;
}

static xmlNodePtr open_device(xmlDocPtr document, const char *type, struct error **err)
{
    xmlNodePtr root = document ? xmlreader_root(document, "device", err) : NULL;
    xmlNodePtr found = root ? capability(root, type) : NULL;

    if (root && !found)
        error_set(err, ERROR_FAILED, "a node device of libvirt is no %s device", type);
    return found;
}

static void read_addresses(xmlNodePtr parent, struct pci_names *ret)
{
    for (xmlNodePtr a = xmlreader_child(parent, "address"); a; a = xmlreader_next(a)) {
        struct pci_name address;

        if (device_pci_from_xml(a, &address))
            vector_push(ret->items, ret->count, address);
    }
}

int device_parse_pci(const char *xml, struct host_pci *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr pci = open_device(document, "pci", err);
    unsigned domain = 0, bus = 0, slot = 0, function = 0, group;
    xmlNodePtr iommu;

    if (!pci)
        return -1;
    *ret = (struct host_pci){.group = -1};
    if (!number_child(pci, "domain", &domain) || !number_child(pci, "bus", &bus) ||
        !number_child(pci, "slot", &slot) || !number_child(pci, "function", &function) ||
        !write_address(domain, bus, slot, function, &ret->address))
        return error_set(err, ERROR_FAILED, "a PCI device of libvirt has no address");
    number_child(pci, "class", &ret->class);
    ret->driver =
        xmlreader_child_text(xmlreader_child(xmlDocGetRootElement(document), "driver"), "name");
    iommu = xmlreader_child(pci, "iommuGroup");
    if (number_attribute(iommu, "number", &group))
        ret->group = (int)group;
    read_addresses(iommu, &ret->peers);
    read_addresses(capability(pci, "virt_functions"), &ret->functions);
    device_pci_from_xml(xmlreader_child(capability(pci, "phys_function"), "address"),
                        &ret->parent);
    return 0;
}

int device_parse_usb(const char *xml, struct host_usb *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr usb = open_device(document, "usb_device", err);

    if (!usb)
        return -1;
    *ret = (struct host_usb){0};
    if (!number_child(usb, "bus", &ret->bus) || !number_child(usb, "device", &ret->device) ||
        !number_attribute(xmlreader_child(usb, "vendor"), "id", &ret->vendor) ||
        !number_attribute(xmlreader_child(usb, "product"), "id", &ret->product))
        return error_set(err, ERROR_FAILED, "a USB device of libvirt has no address");
    ret->title = xmlreader_child_text(usb, "product");
    return 0;
}

/* Before libvirt 7.3 the UUID is only in the name, mdev_4b20d080_1b54_4048_85b3_a6a62d165c01.
 */
static char *uuid_of_name(xmlNodePtr device)
{
    auto_free char *name = xmlreader_child_text(device, "name");

    if (!name || strncmp(name, "mdev_", 5) != 0 || strlen(name) < 5 + 36)
        return NULL;
    for (char *c = name; *c; c++)
        *c = *c == '_' ? '-' : *c;
    return xstrndup(name + 5, 36);
}

int device_parse_mdev(const char *xml, struct host_mdev *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr mdev = open_device(document, "mdev", err);

    if (!mdev)
        return -1;
    *ret = (struct host_mdev){.uuid = xmlreader_child_text(mdev, "uuid")};
    if (!ret->uuid)
        ret->uuid = uuid_of_name(xmlDocGetRootElement(document));
    if (!ret->uuid)
        return error_set(err, ERROR_FAILED, "a mediated device of libvirt has no UUID");
    ret->type = xmlreader_attribute(xmlreader_child(mdev, "type"), "id");
    return 0;
}
