/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/xmlreader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

xmlDocPtr xmlreader_parse(const char *xml, struct error **err)
{
    const int options =
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS;
    auto_xml xmlDocPtr document = NULL;
    size_t length = strlen(xml);

    if (length < (1u << 30))
        document = xmlReadMemory(xml, (int)length, "libvirt.xml", NULL, options);
    if (!document || !xmlDocGetRootElement(document)) {
        error_set(err, ERROR_FAILED, "XML from libvirt that cannot be read");
        return NULL;
    }
    /* libvirt writes none, and without one there are no entities to expand */
    if (document->intSubset) {
        error_set(err, ERROR_FAILED, "XML from libvirt with a document type");
        return NULL;
    }
    return TAKE(document);
}

xmlNodePtr xmlreader_root(xmlDocPtr document, const char *name, struct error **err)
{
    xmlNodePtr root = xmlDocGetRootElement(document);

    if (root && xmlStrEqual(root->name, BAD_CAST name))
        return root;
    error_set(err, ERROR_FAILED, "XML from libvirt has a <%s> where a <%s> was expected",
              root ? (const char *)root->name : "", name);
    return NULL;
}

static xmlNodePtr find(xmlNodePtr node, const xmlChar *name)
{
    while (node && (node->type != XML_ELEMENT_NODE || !xmlStrEqual(node->name, name)))
        node = node->next;
    return node;
}

xmlNodePtr xmlreader_child(xmlNodePtr parent, const char *name)
{
    return parent ? find(parent->children, BAD_CAST name) : NULL;
}

xmlNodePtr xmlreader_next(xmlNodePtr node)
{
    return node ? find(node->next, node->name) : NULL;
}

xmlNodePtr xmlreader_child_ns(xmlNodePtr parent, const char *uri, const char *name)
{
    xmlNodePtr child = xmlreader_child(parent, name);

    while (child && !(child->ns && xmlStrEqual(child->ns->href, BAD_CAST uri)))
        child = xmlreader_next(child);
    return child;
}

static char *own(xmlChar *text)
{
    char *copy = xstrdup_null((const char *)text);

    xmlFree(text);
    return copy;
}

char *xmlreader_attribute(xmlNodePtr node, const char *name)
{
    return node ? own(xmlGetNoNsProp(node, BAD_CAST name)) : NULL;
}

char *xmlreader_text(xmlNodePtr node)
{
    return node ? own(xmlNodeGetContent(node)) : NULL;
}

char *xmlreader_child_text(xmlNodePtr parent, const char *name)
{
    return xmlreader_text(xmlreader_child(parent, name));
}

char *xmlreader_child_attribute(xmlNodePtr parent, const char *name, const char *attribute)
{
    return xmlreader_attribute(xmlreader_child(parent, name), attribute);
}

bool xmlreader_has(xmlNodePtr node, const char *attribute)
{
    return node && xmlHasProp(node, (const xmlChar *)attribute);
}

bool xmlreader_is(xmlNodePtr node, const char *attribute, const char *value)
{
    auto_free char *found = xmlreader_attribute(node, attribute);

    return found && strcmp(found, value) == 0;
}

long long xmlreader_number(const char *text, long long otherwise)
{
    long long value;
    char *end;

    if (!text || !*text)
        return otherwise;
    errno = 0;
    value = strtoll(text, &end, 10);
    return *end || end == text || errno ? otherwise : value;
}

/* libvirt's units: "bytes", "KiB" and "K" are 1024 based, "KB" is 1000. */
static uint64_t unit_bytes(const char *unit)
{
    static const char letters[] = "KMGTPE";
    const char *letter = *unit == 'k' ? letters : *unit ? strchr(letters, *unit) : NULL;
    uint64_t base = letter && strcmp(unit + 1, "B") == 0 ? 1000 : 1024;
    uint64_t bytes = 1;

    for (const char *step = letters; letter && step <= letter; step++)
        bytes *= base;
    return bytes;
}

static uint64_t bytes_of(const char *text, const char *written, const char *unit)
{
    long long number = xmlreader_number(text, 0);
    uint64_t bytes;

    if (number <= 0 ||
        __builtin_mul_overflow((uint64_t)number, unit_bytes(written ? written : unit), &bytes))
        return 0;
    return bytes;
}

uint64_t xmlreader_bytes(xmlNodePtr node, const char *unit)
{
    auto_free char *text = xmlreader_text(node);
    auto_free char *written = xmlreader_attribute(node, "unit");

    return bytes_of(text, written, unit);
}

uint64_t xmlreader_attribute_bytes(xmlNodePtr node, const char *name, const char *unit)
{
    auto_free char *text = xmlreader_attribute(node, name);
    auto_free char *written = xmlreader_attribute(node, "unit");

    return bytes_of(text, written, unit);
}

void xmlreader_cleanup(xmlDocPtr *document)
{
    xmlFreeDoc(*document);
}
