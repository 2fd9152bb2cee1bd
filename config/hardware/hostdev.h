/* SPDX-License-Identifier: Apache-2.0 */
/* The key `devices` of a node: devices of the host that are handed to the guest. */
#ifndef CONFIG_HOSTDEV_H
#define CONFIG_HOSTDEV_H

#include <stdbool.h>

#include "config/schema/schema.h"

struct pci_address {
    unsigned domain, bus, slot, function;
};

struct pci_device {
    const char *address; /* as "0000:81:00.3", whatever the file's form */
    struct pci_address at;
    int managed;     /* enum switch_state */
    const char *rom; /* "off", a file on the host, or NULL */
    const struct document_node *source;
};

enum usb_startup { USB_STARTUP_DEFAULT, USB_MANDATORY, USB_REQUISITE, USB_OPTIONAL };

struct usb_device {
    const char *id;      /* "1d6b:0002": vendor and product, or NULL */
    const char *address; /* "1.4": bus and device, or NULL */
    unsigned vendor, product, bus, device;
    int startup; /* enum usb_startup */
    const struct document_node *source;
};

struct mdev_device {
    const char *uuid;
    int display; /* enum switch_state */
    const struct document_node *source;
};

struct hostdev_setting {
    struct list pci;  /* struct pci_device */
    struct list usb;  /* struct usb_device */
    struct list mdev; /* struct mdev_device */
    const struct document_node *source;
};

/* libvirt's words, but for "default". */
extern const char *const usb_startups[];
extern const struct schema hostdev_schema, pci_device_schema, usb_device_schema,
    mdev_device_schema;

/* "0000:81:00.3" or "81:00.3", hexadecimal; false when it is neither. */
bool pci_address_parse(const char *text, struct pci_address *ret);
/* "1d6b:0002", hexadecimal, both parts of four digits. */
bool usb_id_parse(const char *text, unsigned *vendor, unsigned *product);
/* "1.4", decimal. */
bool usb_address_parse(const char *text, unsigned *bus, unsigned *device);
/* 8-4-4-4-12 hexadecimal digits. */
bool hostdev_is_uuid(const char *text);

/* Of the tables' rows that fill in several members. */
void hostdev_parse_pci(struct binder *b, const struct document_node *node, void *target);
json_t *hostdev_dump_pci(const void *target);
void hostdev_parse_usb(struct binder *b, const struct document_node *node, void *target);
json_t *hostdev_dump_usb(const void *target);
void hostdev_parse_uuid(struct binder *b, const struct document_node *node, void *target);
json_t *hostdev_dump_uuid(const void *target);

#endif
