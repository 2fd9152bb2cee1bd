/* SPDX-License-Identifier: Apache-2.0 */
/* <hostdev> and <filesystem>: what of the host the guest is given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/hardware/hostdev.h"
#include "config/hardware/share.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* libvirt has numbers of any base. */
static unsigned number_of(xmlNodePtr from, const char *path)
{
    auto_free char *text = import_text(from, path);

    return text ? (unsigned)strtoul(text, NULL, 0) : 0;
}

static json_t *import_pci(xmlNodePtr hostdev)
{
    static const struct import_row rows[] = {{"rom", "rom@file", IMPORT_TEXT}, {0}};
    xmlNodePtr source = xmlreader_child(hostdev, "source");
    json_t *device = json_object();

    json_object_set_new(device, "address",
                        json_sprintf("%04x:%02x:%02x.%x", number_of(source, "address@domain"),
                                     number_of(source, "address@bus"),
                                     number_of(source, "address@slot"),
                                     number_of(source, "address@function")));
    if (!xmlreader_is(hostdev, "managed", "yes"))
        import_set(device, "managed", json_false());
    import_rows(device, hostdev, rows);
    if (xmlreader_is(xmlreader_child(hostdev, "rom"), "bar", "off"))
        import_set_text(device, "rom", "off");
    return device;
}

static json_t *import_usb(xmlNodePtr hostdev)
{
    static const struct import_row rows[] = {
        {"startup", "source@startupPolicy", IMPORT_WORD, usb_startups},
        {0},
    };
    xmlNodePtr source = xmlreader_child(hostdev, "source");
    json_t *device = json_object();

    /* a running domain has both; what it is says more than where it is plugged in */
    if (xmlreader_child(source, "vendor"))
        json_object_set_new(device, "id",
                            json_sprintf("%04x:%04x", number_of(source, "vendor@id"),
                                         number_of(source, "product@id")));
    else
        json_object_set_new(device, "id",
                            json_sprintf("%u.%u", number_of(source, "address@bus"),
                                         number_of(source, "address@device")));
    import_rows(device, hostdev, rows);
    return device;
}

static json_t *import_mdev(xmlNodePtr hostdev)
{
    static const struct import_row rows[] = {
        {"uuid", "source/address@uuid", IMPORT_TEXT},
        {"display", "@display", IMPORT_SWITCH},
        {0},
    };
    json_t *device = json_object();

    import_rows(device, hostdev, rows);
    if (!json_is_true(json_object_get(device, "display")))
        json_object_del(device, "display");
    return device;
}

static json_t *import_share(xmlNodePtr filesystem)
{
    static const struct import_row rows[] = {
        {"source", "source@dir", IMPORT_TEXT},
        {"tag", "target@dir", IMPORT_TEXT},
        {"readonly", "readonly", IMPORT_THERE},
        {"queue", "driver@queue", IMPORT_NUMBER},
        {"xattr", "binary@xattr", IMPORT_SWITCH},
        {"cache", "binary/cache@mode", IMPORT_WORD, share_caches},
        {0},
    };
    bool is_virtiofs =
        xmlreader_is(xmlreader_child(filesystem, "driver"), "type", share_drivers[0]);
    auto_free char *access = xmlreader_attribute(filesystem, "accessmode");
    json_t *share = json_object();

    import_rows(share, filesystem, rows);
    if (is_virtiofs)
        return share;
    import_set_text(share, "driver", share_drivers[SHARE_9P]);
    if (!access || strcmp(access, "mapped") != 0)
        import_set_word(share, "access", share_accesses, access ? access : "passthrough");
    return share;
}

void import_shares(json_t *node, xmlNodePtr domain)
{
    json_t *shares = json_array();

    import_each(xmlreader_child(domain, "devices"), "filesystem", n)
    {
        if (xmlreader_is(xmlreader_child(n, "source"), "dir", "") ||
            (xmlreader_has(n, "type") && !xmlreader_is(n, "type", "mount")))
            continue;
        json_array_append_new(shares, import_share(n));
    }
    import_set(node, "shares", shares);
}

void import_hostdevs(json_t *node, xmlNodePtr domain)
{
    json_t *pci = json_array(), *usb = json_array(), *mdev = json_array();

    import_each(xmlreader_child(domain, "devices"), "hostdev", n)
    {
        if (!xmlreader_is(n, "mode", "subsystem") && xmlreader_has(n, "mode"))
            continue;
        if (xmlreader_is(n, "type", "pci"))
            json_array_append_new(pci, import_pci(n));
        else if (xmlreader_is(n, "type", "usb"))
            json_array_append_new(usb, import_usb(n));
        else if (xmlreader_is(n, "type", "mdev"))
            json_array_append_new(mdev, import_mdev(n));
    }
    import_set(node, "devices.pci", pci);
    import_set(node, "devices.usb", usb);
    import_set(node, "devices.mdev", mdev);
}
