/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/device.h"

#include <stdlib.h>
#include <string.h>

static void free_node_device(virNodeDevicePtr *device)
{
    if (*device)
        virNodeDeviceFree(*device);
}
#define auto_device __attribute__((cleanup(free_node_device)))

int device_find_pci(struct host *host, const char *address, struct host_pci *ret, bool *found,
                    struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_device virNodeDevicePtr device = NULL;
    auto_free char *name = xasprintf("pci_%s", address);
    auto_free char *xml = NULL;

    for (char *c = name; *c; c++)
        *c = *c == ':' || *c == '.' ? '_' : *c;
    *ret = (struct host_pci){.group = -1};
    *found = false;
    device = virNodeDeviceLookupByName(call.connection, name);
    if (!device)
        return virt_last_code() == VIR_ERR_NO_NODE_DEVICE
                   ? 0
                   : error_virt(err, "looking for PCI device %s", address);
    xml = virNodeDeviceGetXMLDesc(device, 0);
    if (!xml)
        return error_virt(err, "reading PCI device %s", address);
    *found = true;
    return device_parse_pci(xml, ret, err);
}

struct node_devices {
    virNodeDevicePtr *items;
    size_t count;
};

static void node_devices_done(struct node_devices *list)
{
    for (size_t i = 0; i < list->count; i++)
        virNodeDeviceFree(list->items[i]);
    free(list->items);
}
#define auto_devices __attribute__((cleanup(node_devices_done)))

static int list_devices(const struct host_call *call, unsigned capability,
                        struct node_devices *ret, struct error **err)
{
    int count = virConnectListAllNodeDevices(call->connection, &ret->items, capability);

    if (count < 0)
        return error_virt(err, "listing the devices of host '%s'", host_name(call->host));
    ret->count = (size_t)count;
    return 0;
}

int device_list_pci(struct host *host, struct pci_names *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_devices struct node_devices list = {0};

    *ret = (struct pci_names){0};
    if (list_devices(&call, VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        struct pci_name address;

        if (device_pci_from_name(virNodeDeviceGetName(list.items[i]), &address))
            vector_push(ret->items, ret->count, address);
    }
    return 0;
}

int device_list_usb(struct host *host, struct host_usbs *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_devices struct node_devices list = {0};

    *ret = (struct host_usbs){0};
    if (list_devices(&call, VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_DEV, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        auto_free char *xml = virNodeDeviceGetXMLDesc(list.items[i], 0);
        struct host_usb usb;

        if (!xml) /* unplugged since */
            continue;
        if (device_parse_usb(xml, &usb, err) < 0)
            return -1;
        vector_push(ret->items, ret->count, usb);
    }
    return 0;
}

int device_list_mdev(struct host *host, struct host_mdevs *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_devices struct node_devices list = {0};

    *ret = (struct host_mdevs){0};
    if (list_devices(&call, VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.count; i++) {
        auto_free char *xml = virNodeDeviceGetXMLDesc(list.items[i], 0);
        struct host_mdev mdev;

        if (!xml) /* gone since */
            continue;
        if (device_parse_mdev(xml, &mdev, err) < 0)
            return -1;
        vector_push(ret->items, ret->count, mdev);
    }
    return 0;
}

void device_pci_done(struct host_pci *pci)
{
    free(pci->driver);
    device_names_done(&pci->peers);
    device_names_done(&pci->functions);
    *pci = (struct host_pci){0};
}

void device_names_done(struct pci_names *list)
{
    free(list->items);
    *list = (struct pci_names){0};
}

void device_usbs_done(struct host_usbs *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].title);
    free(list->items);
    *list = (struct host_usbs){0};
}

void device_mdevs_done(struct host_mdevs *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].uuid);
        free(list->items[i].type);
    }
    free(list->items);
    *list = (struct host_mdevs){0};
}
