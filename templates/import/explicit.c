/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/explicit.h"

#include <string.h>

#include "config/hardware/platform.h"
#include "templates/import/boot_order.h"
#include "templates/import/import_row.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static void set(xmlNodePtr element, const char *name, const char *value)
{
    if (element && !xmlreader_has(element, name))
        xmlNewProp(element, BAD_CAST name, BAD_CAST value);
}

static xmlNodePtr add(xmlNodePtr parent, const char *name)
{
    return xmlNewChild(parent, NULL, BAD_CAST name, NULL);
}

static void add_text(xmlNodePtr parent, const char *name, const char *text)
{
    if (!xmlreader_child(parent, name))
        xmlNewTextChild(parent, NULL, BAD_CAST name, BAD_CAST text);
}

/* By the letters of its target. */
static void say_bus(xmlNodePtr disk)
{
    static const struct {
        const char *prefix, *bus;
    } rows[] = {{"hd", "ide"}, {"sd", "scsi"}, {"vd", "virtio"}, {"fd", "fdc"}, {"ub", "usb"}};
    auto_free char *dev = import_text(disk, "target@dev");

    for (size_t i = 0; dev && i < ARRAY_SIZE(rows); i++) {
        if (strncmp(dev, rows[i].prefix, 2) == 0)
            set(xmlreader_child(disk, "target"), "bus", rows[i].bus);
    }
}

/* It may stand in either of two places. */
static void move_auth(xmlNodePtr disk)
{
    xmlNodePtr auth = xmlreader_child(disk, "auth"), source = xmlreader_child(disk, "source");

    if (!auth || !source)
        return;
    xmlUnlinkNode(auth);
    xmlAddChild(source, auth);
}

static void say_listen(xmlNodePtr graphics)
{
    auto_free char *address = xmlreader_attribute(graphics, "listen");
    auto_free char *socket = xmlreader_attribute(graphics, "socket");
    xmlNodePtr listen;

    if (xmlreader_is(graphics, "type", "spice") && !xmlreader_has(graphics, "port") &&
        !xmlreader_has(graphics, "tlsPort"))
        set(graphics, "autoport", "no");
    if ((!address && !socket) || xmlreader_child(graphics, "listen"))
        return;
    listen = add(graphics, "listen");
    set(listen, "type", socket ? "socket" : "address");
    set(listen, socket ? "socket" : "address", socket ? socket : address);
}

static void say_devices(xmlNodePtr devices, bool is_x86)
{
    import_each(devices, "disk", disk)
    {
        say_bus(disk);
        move_auth(disk);
    }
    import_each(devices, "interface", nic)
    {
        if (is_x86 && !xmlreader_child(nic, "model") && !xmlreader_is(nic, "type", "hostdev"))
            set(add(nic, "model"), "type", "rtl8139");
    }
    import_each(devices, "graphics", graphics) say_listen(graphics);
    if (devices && !xmlreader_child(devices, "memballoon"))
        set(add(devices, "memballoon"), "model", "virtio");
}

static void say_cpu(xmlNodePtr domain)
{
    xmlNodePtr cpu = xmlreader_child(domain, "cpu");

    if (!cpu) {
        cpu = add(domain, "cpu");
        set(cpu, "mode", "custom");
        set(cpu, "check", "none");
        add_text(cpu, "model", "qemu64");
    }
    if (xmlreader_child(cpu, "model"))
        set(cpu, "mode", "custom");
}

void explicit_domain(xmlNodePtr domain)
{
    xmlNodePtr type = xmlreader_child(xmlreader_child(domain, "os"), "type");
    auto_free char *arch = xmlreader_attribute(type, "arch");
    bool is_x86 = platform_is_x86(arch ? arch : "x86_64");

    boot_order_resolve(domain);
    set(type, "arch", "x86_64");
    if (is_x86)
        set(type, "machine", "pc");
    if (is_x86)
        say_cpu(domain);
    add_text(domain, "on_poweroff", "destroy");
    add_text(domain, "on_reboot", "restart");
    add_text(domain, "on_crash", "destroy");
    say_devices(xmlreader_child(domain, "devices"), is_x86);
}
