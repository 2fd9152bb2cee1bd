/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/lost.h"

#include <stdlib.h>
#include <string.h>

#include "config/hardware/fragment.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/buffer.h"
#include "util/memory.h"

static xmlNodePtr element_of(xmlNodePtr node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

#define each_element(parent_, node_)                             \
    for (xmlNodePtr node_ = element_of((parent_)->children); node_; \
         node_ = element_of(node_->next))

static bool is_named(xmlNodePtr element, const char *name)
{
    return strcmp((const char *)element->name, name) == 0;
}

void lost_twins(xmlNodePtr element, xmlNodePtr twin)
{
    xmlNodePtr other = element_of(twin->children);

    element->psvi = twin;
    each_element(element, n)
    {
        if (!other)
            return;
        lost_twins(n, other);
        other = element_of(other->next);
    }
}

/* Where libvirt put a device, and what it calls it. */
static bool is_placement(xmlNodePtr element)
{
    return is_named(element, "address") || is_named(element, "alias") ||
           is_named(element, "backingStore") ||
           (is_named(element, "target") && is_named(element->parent, "interface"));
}

/* A whole element, as it was found. */
static xmlNodePtr whole(xmlNodePtr element, xmlDocPtr document)
{
    xmlNodePtr copy =
        element->psvi ? xmlDocCopyNode((xmlNodePtr)element->psvi, document, 1) : NULL;
    xmlNodePtr next;

    for (xmlNodePtr n = copy ? element_of(copy->children) : NULL; n; n = next) {
        next = element_of(n->next);
        if (is_placement(n)) {
            xmlUnlinkNode(n);
            xmlFreeNode(n);
        }
    }
    return copy;
}

/* What tells it from others of its name, when it is merged. */
static void keep_identity(xmlNodePtr patch, xmlNodePtr element)
{
    static const char *const names[] = {"name", "id",  "vcpu", "iothread", "cellid",
                                        "type", "size"};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        auto_free char *value = xmlreader_attribute(element->psvi, names[i]);
        bool is_type = strcmp(names[i], "type") == 0 && !is_named(element, "sysinfo");
        bool is_size = strcmp(names[i], "size") == 0 && !is_named(element, "page");

        if (value && !is_type && !is_size && !xmlreader_has(patch, names[i]))
            xmlSetProp(patch, BAD_CAST names[i], BAD_CAST value);
    }
}

static xmlNodePtr patch_of(xmlNodePtr element, xmlNodePtr other, xmlDocPtr document);

static void patch_attributes(xmlNodePtr *patch, xmlNodePtr element, xmlNodePtr other,
                             xmlDocPtr document)
{
    for (xmlAttrPtr a = element->properties; a; a = a->next) {
        const char *name = (const char *)a->name;
        auto_free char *value = xmlreader_attribute(element, name);
        auto_free char *found = xmlreader_attribute(element->psvi, name);

        if (!found || !value || xmlreader_is(other, name, value))
            continue;
        if (!*patch)
            *patch = xmlNewDocNode(document, NULL, element->name, NULL);
        xmlSetProp(*patch, a->name, BAD_CAST found);
    }
}

/* What only `element` has, in as many elements around it as it takes; NULL: nothing. */
static xmlNodePtr patch_of(xmlNodePtr element, xmlNodePtr other, xmlDocPtr document)
{
    xmlNodePtr patch = NULL;

    patch_attributes(&patch, element, other, document);
    each_element(element, n)
    {
        xmlNodePtr piece =
            n->_private ? patch_of(n, n->_private, document) : whole(n, document);

        if (!piece)
            continue;
        if (!patch)
            patch = xmlNewDocNode(document, NULL, element->name, NULL);
        xmlAddChild(patch, piece);
    }
    if (patch)
        keep_identity(patch, element);
    return patch;
}

/* A device that the file could say, had something not been in the way: never past a check. */
static bool is_refused(xmlNodePtr device)
{
    json_t *source = is_named(device, "disk") ? import_disk_source(device) : NULL;
    bool refused = source || is_named(device, "controller") || is_named(device, "interface");

    if (is_named(device, "interface"))
        refused = xmlreader_is(device, "type", "network") || xmlreader_is(device, "type", "bridge");
    json_decref(source);
    return refused;
}

static xmlNodePtr device_patch(xmlNodePtr device, xmlDocPtr document)
{
    xmlNodePtr other = device->_private, patch;
    xmlNodePtr alias = other ? xmlreader_child(other->psvi, "alias") : NULL;
    bool is_single = is_named(device, "memballoon") || is_named(device, "tpm") ||
                     is_named(device, "watchdog") || is_named(device, "iommu") ||
                     is_named(device, "vsock");

    if (!other)
        return is_refused(device) ? NULL : whole(device, document);
    /* without a name of ours, it would be one more */
    if (!alias && !is_single)
        return NULL;
    patch = patch_of(device, other, document);
    if (patch && alias)
        xmlAddChild(patch, xmlDocCopyNode(alias, document, 1));
    return patch;
}

/* What the domain is, rather than what it has; sizes that must be whole. */
static bool is_left_alone(xmlNodePtr element)
{
    static const char *const names[] = {"os", "memory", "vcpu", "title", "description",
                                        "metadata", NULL};

    return import_has_word(names, (const char *)element->name);
}

static void add_text(struct buffer *out, xmlNodePtr patch)
{
    xmlBufferPtr buffer = xmlBufferCreate();

    xmlReconciliateNs(patch->doc, patch);
    xmlNodeDump(buffer, patch->doc, patch, 0, 1);
    buffer_printf(out, "%s\n", (const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    xmlFreeNode(patch);
}

char *lost_fragment(xmlNodePtr original, xmlNodePtr copy)
{
    xmlDocPtr document = xmlNewDoc(BAD_CAST "1.0");
    struct buffer out = {0};

    (void)copy;
    each_element(original, n)
    {
        xmlNodePtr patch = NULL;

        if (is_named(n, "devices")) {
            each_element(n, device)
            {
                patch = device_patch(device, document);
                if (patch)
                    add_text(&out, patch);
            }
            continue;
        }
        if (!is_left_alone(n))
            patch = n->_private ? patch_of(n, n->_private, document) : whole(n, document);
        if (patch)
            add_text(&out, patch);
    }
    xmlFreeDoc(document);
    return buffer_take(&out);
}
