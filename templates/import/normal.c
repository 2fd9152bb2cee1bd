/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/normal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "templates/import/element.h"
#include "templates/import/explicit.h"
#include "templates/import/import_part.h"
#include "templates/import/normal_rule.h"
#include "templates/xmlreader.h"
#include "util/memory.h"
#include "util/size.h"

static void drop(xmlNodePtr node)
{
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* Sizes of all units are KiB. */
static void normal_size(xmlNodePtr element)
{
    char text[32];
    uint64_t bytes;

    if (!xmlreader_has(element, "unit"))
        return;
    bytes = xmlreader_bytes(element, "KiB");
    if (bytes && !element_of(element->children)) {
        snprintf(text, sizeof text, "%" PRIu64, bytes / KIB);
        xmlNodeSetContent(element, (const xmlChar *)text);
    }
    for (xmlAttrPtr a = element->properties; a; a = a->next) {
        const char *name = (const char *)a->name;

        if (strcmp(name, "memory") != 0 && strcmp(name, "size") != 0)
            continue;
        bytes = xmlreader_attribute_bytes(element, name, "KiB");
        snprintf(text, sizeof text, "%" PRIu64, bytes / KIB);
        if (bytes)
            xmlSetProp(element, a->name, (const xmlChar *)text);
    }
    xmlUnsetProp(element, (const xmlChar *)"unit");
}

static void normal_attributes(xmlNodePtr element)
{
    xmlAttrPtr next;

    for (xmlAttrPtr a = element->properties; a; a = next) {
        auto_free char *value = xmlreader_attribute(element, (const char *)a->name);

        next = a->next;
        if (normal_drops_attribute(element, (const char *)a->name, value ? value : ""))
            xmlRemoveProp(a);
    }
}

static bool is_empty(xmlNodePtr element)
{
    auto_free char *text = xmlreader_text(element);

    return !element->properties && !element_of(element->children) &&
           (!text || strspn(text, " \t\r\n") == strlen(text));
}

static void lower_address(xmlNodePtr mac)
{
    auto_free char *address = xmlreader_attribute(mac, "address");

    for (char *p = address; p && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    if (address)
        xmlSetProp(mac, BAD_CAST "address", BAD_CAST address);
}

static void normal_element(xmlNodePtr element)
{
    xmlNodePtr next;

    if (strcmp((const char *)element->name, "mac") == 0)
        lower_address(element);
    normal_size(element);
    normal_attributes(element);
    for (xmlNodePtr n = element_of(element->children); n; n = next) {
        next = element_of(n->next);
        if (normal_drops_element(n)) {
            drop(n);
            continue;
        }
        normal_element(n);
        if (is_empty(n) && normal_drops_empty(n))
            drop(n);
    }
}

/* Which version there is depends on the host. */
static void normal_machine(xmlNodePtr type)
{
    auto_free char *machine = xmlreader_attribute(type, "machine");
    auto_free char *kind = import_machine_kind(machine ? machine : "pc");

    if (type)
        xmlSetProp(type, (const xmlChar *)"machine", (const xmlChar *)kind);
}

void domain_normal(xmlNodePtr domain)
{
    explicit_domain(domain);
    normal_machine(xmlreader_child(xmlreader_child(domain, "os"), "type"));
    normal_element(domain);
}
