/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading libvirt's XML with libxml2: no network, no entities, no messages of its own. Steps
 * can be chained: a NULL node has no children, attributes or text. Strings that are returned
 * are copies, the caller's to free.
 */
#ifndef TEMPLATES_XMLREADER_H
#define TEMPLATES_XMLREADER_H

#include <stdbool.h>
#include <stdint.h>

#include <libxml/tree.h>

#include "util/error.h"

/* The caller frees it with xmlFreeDoc (auto_xml). Document types are refused. */
xmlDocPtr xmlreader_parse(const char *xml, struct error **err);
/* The root element; an error when it has another name. */
xmlNodePtr xmlreader_root(xmlDocPtr document, const char *name, struct error **err);

/* The first child element called `name`, or NULL. */
xmlNodePtr xmlreader_child(xmlNodePtr parent, const char *name);
/* The next sibling element with the same name, or NULL. */
xmlNodePtr xmlreader_next(xmlNodePtr node);
/* The first child element `name` of the name space `uri`. */
xmlNodePtr xmlreader_child_ns(xmlNodePtr parent, const char *uri, const char *name);

/* NULL when there is none. */
char *xmlreader_attribute(xmlNodePtr node, const char *name);
char *xmlreader_text(xmlNodePtr node);
char *xmlreader_child_text(xmlNodePtr parent, const char *name);
char *xmlreader_child_attribute(xmlNodePtr parent, const char *name, const char *attribute);
bool xmlreader_has(xmlNodePtr node, const char *attribute);
/* True when the attribute is there and has this value. */
bool xmlreader_is(xmlNodePtr node, const char *attribute, const char *value);

/* A whole decimal number, or `otherwise` when the text is NULL or anything else. */
long long xmlreader_number(const char *text, long long otherwise);
/* An element's number in bytes; `unit` is what it is in without an attribute `unit`. 0 when
 * there is no element, no number, or more bytes than 64 bits hold. */
uint64_t xmlreader_bytes(xmlNodePtr node, const char *unit);
/* The same of an attribute: <cell memory='1' unit='GiB'/>. */
uint64_t xmlreader_attribute_bytes(xmlNodePtr node, const char *name, const char *unit);

void xmlreader_cleanup(xmlDocPtr *document);
#define auto_xml __attribute__((cleanup(xmlreader_cleanup)))

#endif
