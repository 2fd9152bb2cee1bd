/* SPDX-License-Identifier: Apache-2.0 */
/* Devices of a host that a guest can be given: PCI functions, USB devices, mediated devices,
 * from libvirt's node devices. */
#ifndef HOST_HARDWARE_DEVICE_H
#define HOST_HARDWARE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

#include "host/host.h"

#define PCI_TEXT 16

/* "0000:81:00.3" */
struct pci_name {
    char text[PCI_TEXT];
};

struct pci_names {
    struct pci_name *items;
    size_t count;
};

struct host_pci {
    struct pci_name address;
    char *driver;               /* NULL: none has it */
    unsigned class;             /* 0x020000: Ethernet */
    int group;                  /* its IOMMU group, -1: none */
    struct pci_names peers;     /* all of that group, itself too */
    struct pci_names functions; /* its SR-IOV virtual functions */
    struct pci_name parent;     /* of a virtual function; else empty */
};

struct host_usb {
    unsigned vendor, product, bus, device;
    char *title; /* what it calls itself, or NULL */
};

struct host_mdev {
    char *uuid;
    char *type; /* "i915-GVTg_V5_8" */
};

struct host_usbs {
    struct host_usb *items;
    size_t count;
};

struct host_mdevs {
    struct host_mdev *items;
    size_t count;
};

/* Documents. -1 where they are not of such a device. */
int device_parse_pci(const char *xml, struct host_pci *ret, struct error **err) MUST_CHECK;
int device_parse_usb(const char *xml, struct host_usb *ret, struct error **err) MUST_CHECK;
int device_parse_mdev(const char *xml, struct host_mdev *ret, struct error **err) MUST_CHECK;

/* `*found` is false where the host has no such function. */
int device_find_pci(struct host *host, const char *address, struct host_pci *ret, bool *found,
                    struct error **err) MUST_CHECK;
/* The addresses of all PCI functions. */
int device_list_pci(struct host *host, struct pci_names *ret, struct error **err) MUST_CHECK;
int device_list_usb(struct host *host, struct host_usbs *ret, struct error **err) MUST_CHECK;
int device_list_mdev(struct host *host, struct host_mdevs *ret, struct error **err) MUST_CHECK;

void device_pci_done(struct host_pci *pci);
void device_names_done(struct pci_names *list);
void device_usbs_done(struct host_usbs *list);
void device_mdevs_done(struct host_mdevs *list);
#define auto_pci __attribute__((cleanup(device_pci_done)))
#define auto_pci_names __attribute__((cleanup(device_names_done)))
#define auto_usbs __attribute__((cleanup(device_usbs_done)))
#define auto_mdevs __attribute__((cleanup(device_mdevs_done)))

/* "pci_0000_81_00_3" to "0000:81:00.3"; false when it is no such name. */
bool device_pci_from_name(const char *name, struct pci_name *ret);
/* <address domain='0x0000' bus='0x81' slot='0x00' function='0x3'/> likewise. */
bool device_pci_from_xml(xmlNodePtr node, struct pci_name *ret);

#endif
