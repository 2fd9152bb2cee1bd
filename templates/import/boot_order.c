/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/boot_order.h"

#include <stdio.h>
#include <string.h>

#include "templates/import/import_row.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static bool is_meant(xmlNodePtr device, const char *kind)
{
    bool is_disk = strcmp((const char *)device->name, "disk") == 0;

    if (strcmp(kind, "network") == 0)
        return strcmp((const char *)device->name, "interface") == 0;
    if (strcmp(kind, "cdrom") == 0)
        return is_disk && xmlreader_is(device, "device", "cdrom");
    return is_disk && strcmp(kind, "hd") == 0 &&
           (!xmlreader_has(device, "device") || xmlreader_is(device, "device", "disk"));
}

static void set_order(xmlNodePtr device, int order)
{
    xmlNodePtr boot = xmlNewChild(device, NULL, (const xmlChar *)"boot", NULL);
    char number[16];

    snprintf(number, sizeof number, "%d", order);
    xmlNewProp(boot, (const xmlChar *)"order", (const xmlChar *)number);
}

static int take_first(xmlNodePtr devices, const char *kind, int order)
{
    for (xmlNodePtr n = devices ? devices->children : NULL; n; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || !is_meant(n, kind) || xmlreader_child(n, "boot"))
            continue;
        set_order(n, order);
        return order + 1;
    }
    return order;
}

static bool has_order(xmlNodePtr devices)
{
    for (xmlNodePtr n = devices ? devices->children : NULL; n; n = n->next) {
        if (n->type == XML_ELEMENT_NODE && xmlreader_child(n, "boot"))
            return true;
    }
    return false;
}

void boot_order_resolve(xmlNodePtr domain)
{
    xmlNodePtr os = xmlreader_child(domain, "os");
    xmlNodePtr devices = xmlreader_child(domain, "devices");
    xmlNodePtr boot = xmlreader_child(os, "boot");
    bool is_old = !has_order(devices);
    auto_free char *kernel = xmlreader_child_text(os, "kernel");
    int order = 1;

    if (!boot && is_old && !(kernel && *kernel))
        order = take_first(devices, "hd", order);
    while (boot) {
        xmlNodePtr next = xmlreader_next(boot);
        auto_free char *kind = xmlreader_attribute(boot, "dev");

        if (kind && is_old)
            order = take_first(devices, kind, order);
        xmlUnlinkNode(boot);
        xmlFreeNode(boot);
        boot = next;
    }
}
