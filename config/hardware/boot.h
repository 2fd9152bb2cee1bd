/* SPDX-License-Identifier: Apache-2.0 */
/* The key `boot` of a node as an order: names of its devices to places. */
#ifndef CONFIG_BOOT_H
#define CONFIG_BOOT_H

#include "config/schema/schema.h"

struct node;

struct boot_device {
    const void *device; /* struct disk, cdrom or nic of the node */
    const char *name;   /* "root", a disk's, a CD-ROM's, a network's: NICs may share one */
    const char *group;  /* one of boot_groups */
    const struct document_node *source; /* may be NULL */
};

struct boot_devices {
    struct boot_device *items;
    size_t count;
};

/* What stands for all devices of a kind: disk, cdrom, network; NULL-terminated. */
extern const char *const boot_groups[];

/* All that the node can start from. */
struct boot_devices boot_devices(struct arena *arena, const struct node *node);
/* True when a word of the order is the device's name, or that of no device and its group. */
bool boot_stands_for(const struct boot_devices *all, const char *word,
                     const struct boot_device *device);
/* The device's place in the order, from 1; 0 for none. `own` where the node gives no order. */
int boot_place(const struct node *node, const void *device, int own);

#endif
