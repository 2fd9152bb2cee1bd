/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/boot.h"

#include <string.h>

#include "config/cluster.h"

const char *const boot_groups[] = {"disk", "cdrom", "network", NULL};

static void add(struct arena *arena, struct boot_devices *all, struct boot_device device)
{
    if (device.name)
        arena_push(arena, all->items, all->count, device);
}

struct boot_devices boot_devices(struct arena *arena, const struct node *node)
{
    struct boot_devices all = {0};

    add(arena, &all, (struct boot_device){&node->disk, "root", "disk", node->disk.source});
    list_each(struct disk, node->disks, disk)
        add(arena, &all, (struct boot_device){disk, disk->name, "disk", disk->source});
    list_each(struct cdrom, node->cdroms, cdrom)
        add(arena, &all, (struct boot_device){cdrom, cdrom->name, "cdrom", cdrom->source});
    list_each(struct nic, node->nics, nic)
        add(arena, &all, (struct boot_device){nic, nic->network, "network", nic->source});
    return all;
}

static bool is_name(const struct boot_devices *all, const char *word)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].name, word) == 0)
            return true;
    }
    return false;
}

bool boot_stands_for(const struct boot_devices *all, const char *word,
                     const struct boot_device *device)
{
    return strcmp(is_name(all, word) ? device->name : device->group, word) == 0;
}

/* By the first word that stands for it. */
static bool is_placed(const struct boot_devices *all, const struct string_list *order,
                      size_t count, const struct boot_device *device)
{
    for (size_t i = 0; i < count; i++) {
        if (boot_stands_for(all, order->items[i], device))
            return true;
    }
    return false;
}

int boot_place(const struct node *node, const void *device, int own)
{
    const struct string_list *order = &node->platform.boot.order;
    auto_arena struct arena *arena = NULL;
    struct boot_devices all;
    int place = 0;

    if (order->count == 0)
        return own;
    arena = arena_new();
    all = boot_devices(arena, node);
    for (size_t w = 0; w < order->count; w++) {
        for (size_t i = 0; i < all.count; i++) {
            if (!boot_stands_for(&all, order->items[w], &all.items[i]) ||
                is_placed(&all, order, w, &all.items[i]))
                continue;
            place++;
            if (all.items[i].device == device)
                return place;
        }
    }
    return 0;
}
