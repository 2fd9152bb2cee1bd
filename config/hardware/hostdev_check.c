/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of `devices`. */
#include <string.h>

#include "config/loader.h"

/* The same product may be there several times, but libvirt would take the first for each. */
static void check_usb(struct loader *l, const struct node *node)
{
    auto_names struct names ids = {0};

    list_each(struct usb_device, node->devices.usb, usb)
    {
        struct position at = loader_position(usb->source, "id");

        check_single(l, node, at, "one device");
        if (usb->id && names_add(&ids, usb->id, usb))
            finding_error(l->d, at, "device-twice",
                          "name each by its place: bus and device, \"1.4\"",
                          "device '%s' is there already", usb->id);
    }
}

void check_hostdevs(struct loader *l, const struct node *node)
{
    list_each(struct pci_device, node->devices.pci, pci)
    {
        check_single(l, node, loader_position(pci->source, "address"), "one device");
        if (pci->rom && strcmp(pci->rom, "off") != 0)
            check_absolute(l, pci->source, "rom", pci->rom);
    }
    check_usb(l, node);
    list_each(struct mdev_device, node->devices.mdev, mdev)
    {
        check_single(l, node, loader_position(mdev->source, "uuid"), "one device");
        if (mdev->display == SWITCH_ON && !graphics_any(&node->graphics))
            finding_error(l->d, loader_position(mdev->source, "display"), "device-display",
                          "add 'graphics: vnc'",
                          "display is for a node with graphics, and this one has none");
    }
}
