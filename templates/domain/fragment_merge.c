/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/fragment_merge.h"

#include <string.h>

#include "templates/xmlreader.h"

struct merge {
    xmlDocPtr document;
    const struct fragment *fragment;
};

/* Elements of which an element may have several, with the attribute that tells them apart;
 * NULL: nothing does, so that one more is added. */
static const struct {
    const char *element, *identity;
} repeated[] = {
    {"arg", NULL},
    {"bank", "id"},
    {"boot", NULL},
    {"cache", "id"},
    {"cachetune", "vcpus"},
    {"cell", "id"},
    {"codec", NULL},
    {"device", "path"},
    {"emulatorsched", NULL},
    {"encryption", NULL},
    {"entry", "name"},
    {"env", "name"},
    {"event", "name"},
    {"feature", "name"},
    {"host", NULL},
    {"iothread", "id"},
    {"iothreadpin", "iothread"},
    {"iothreadsched", "iothreads"},
    {"ip", NULL},
    {"listen", NULL},
    {"memnode", "cellid"},
    {"memorytune", "vcpus"},
    {"monitor", "vcpus"},
    {"page", "size"},
    {"property", "name"},
    {"route", NULL},
    {"seclabel", "model"},
    {"sibling", "id"},
    {"sysinfo", "type"},
    {"table", "type"},
    {"timer", "name"},
    {"vcpupin", "vcpu"},
    {"vcpusched", "vcpus"},
};

/* Devices of which a machine has one. */
static const char *const single_devices[] = {"emulator", "iommu", "memballoon", "nvram",
                                             "tpm",      "vsock", "watchdog",   NULL};

static bool is_element(xmlNodePtr node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name);
}

static bool is_word(const char *const *words, const xmlChar *word)
{
    for (size_t i = 0; words[i]; i++) {
        if (xmlStrEqual(word, BAD_CAST words[i]))
            return true;
    }
    return false;
}

static bool is_same_name(xmlNodePtr a, xmlNodePtr b)
{
    return b->type == XML_ELEMENT_NODE && xmlStrEqual(a->name, b->name) &&
           xmlStrEqual(a->ns ? a->ns->href : NULL, b->ns ? b->ns->href : NULL);
}

/* What tells an element from others of its name; NULL when nothing does. `ret_many` says
 * whether there can be others. */
static char *identity(xmlNodePtr element, xmlNodePtr parent, bool *ret_many)
{
    *ret_many = true;
    if (is_element(parent, "devices")) {
        *ret_many = !is_word(single_devices, element->name);
        return *ret_many ? xmlreader_child_attribute(element, "alias", "name") : NULL;
    }
    for (size_t i = 0; i < ARRAY_SIZE(repeated); i++) {
        if (is_element(element, repeated[i].element))
            return repeated[i].identity ? xmlreader_attribute(element, repeated[i].identity)
                                        : NULL;
    }
    *ret_many = false;
    return NULL;
}

/* The element below `parent` that `element` is about, or NULL. */
static xmlNodePtr counterpart(xmlNodePtr element, xmlNodePtr parent)
{
    bool many;
    auto_free char *known = identity(element, parent, &many);

    for (xmlNodePtr n = parent->children; n; n = n->next) {
        auto_free char *other = NULL;

        if (!is_same_name(element, n))
            continue;
        if (!many)
            return n;
        other = identity(n, parent, &many);
        if (known && other && strcmp(known, other) == 0)
            return n;
    }
    return NULL;
}

/* The word of virtopo:merge, taken off. */
static xmlChar *take_word(xmlNodePtr element)
{
    xmlAttrPtr attribute = xmlHasNsProp(element, BAD_CAST "merge", BAD_CAST FRAGMENT_NAMESPACE);
    xmlChar *word =
        attribute ? xmlNodeListGetString(element->doc, attribute->children, 1) : NULL;

    if (attribute)
        xmlRemoveProp(attribute);
    return word;
}

/* libvirt looks for QEMU's name space at the root alone. */
static void declare(const struct merge *m, xmlNodePtr element)
{
    xmlNodePtr root = xmlDocGetRootElement(m->document);

    if (element->ns && xmlStrEqual(element->ns->href, BAD_CAST FRAGMENT_QEMU_NAMESPACE) &&
        !xmlSearchNsByHref(m->document, root, element->ns->href))
        xmlNewNs(root, element->ns->href, BAD_CAST "qemu");
}

static void mark(const struct merge *m, xmlNodePtr node, xmlNodePtr from)
{
    node->_private = (void *)m->fragment;
    node->line = from->line;
}

/* Its name space is the one declared above it, or declared on itself. */
static void set_namespace(const struct merge *m, xmlNodePtr node, xmlNsPtr ns)
{
    xmlNsPtr known;

    if (!ns)
        return;
    known = xmlSearchNsByHref(m->document, node, ns->href);
    xmlSetNs(node, known ? known : xmlNewNs(node, ns->href, ns->prefix));
}

/* What is new needs no merging: the words in it mean nothing, and its like stay apart. */
static void add(const struct merge *m, xmlNodePtr element, xmlNodePtr parent)
{
    xmlNodePtr node = xmlNewDocNode(m->document, NULL, element->name, NULL);

    if (!node)
        abort();
    xmlFree(take_word(element));
    declare(m, element);
    xmlAddChild(parent, node);
    set_namespace(m, node, element->ns);
    node->properties = xmlCopyPropList(node, element->properties);
    mark(m, node, element);
    for (xmlNodePtr n = element->children; n; n = n->next) {
        if (n->type == XML_ELEMENT_NODE)
            add(m, n, node);
        else if (n->type == XML_TEXT_NODE)
            xmlNodeAddContent(node, n->content);
    }
}

static void remove_node(xmlNodePtr node)
{
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

static void merge_children(const struct merge *m, xmlNodePtr from, xmlNodePtr to);

static void merge_attributes(const struct merge *m, xmlNodePtr from, xmlNodePtr to)
{
    for (xmlAttrPtr a = from->properties; a; a = a->next) {
        xmlChar *value = xmlNodeListGetString(from->doc, a->children, 1);

        xmlSetProp(to, a->name, value ? value : BAD_CAST "");
        xmlFree(value);
        mark(m, to, from);
    }
}

static bool has_elements(xmlNodePtr element)
{
    for (xmlNodePtr n = element->children; n; n = n->next) {
        if (n->type == XML_ELEMENT_NODE)
            return true;
    }
    return false;
}

static void merge_into(const struct merge *m, xmlNodePtr from, xmlNodePtr to)
{
    xmlChar *text = has_elements(from) ? NULL : xmlNodeGetContent(from);

    merge_attributes(m, from, to);
    merge_children(m, from, to);
    if (text && *text) {
        xmlNodeSetContent(to, NULL);
        xmlNodeAddContent(to, text);
        mark(m, to, from);
    }
    xmlFree(text);
}

/* The element to be replaced or removed: where nothing tells it apart, the first of its name.
 */
static xmlNodePtr victim(xmlNodePtr element, xmlNodePtr parent)
{
    xmlNodePtr other = counterpart(element, parent);
    bool many;
    auto_free char *known = identity(element, parent, &many);

    for (xmlNodePtr n = parent->children; n && !other && !known; n = n->next) {
        if (is_same_name(element, n))
            other = n;
    }
    return other;
}

static void merge_element(const struct merge *m, xmlNodePtr element, xmlNodePtr parent)
{
    xmlChar *word = take_word(element);
    bool removes = xmlStrEqual(word, BAD_CAST "remove");
    bool replaces = removes || xmlStrEqual(word, BAD_CAST "replace");
    bool adds = xmlStrEqual(word, BAD_CAST "add");
    xmlNodePtr other = adds       ? NULL
                       : replaces ? victim(element, parent)
                                  : counterpart(element, parent);

    xmlFree(word);
    if (other && replaces)
        remove_node(other);
    if (other && !replaces)
        merge_into(m, element, other);
    else if (!removes)
        add(m, element, parent);
}

static void merge_children(const struct merge *m, xmlNodePtr from, xmlNodePtr to)
{
    for (xmlNodePtr n = from->children; n; n = n->next) {
        if (n->type == XML_ELEMENT_NODE)
            merge_element(m, n, to);
    }
}

/* The fragment's root stands for <domain>, and an own <domain> in it for itself. */
static void merge_root(const struct merge *m, xmlNodePtr from, xmlNodePtr domain)
{
    xmlNodePtr devices = xmlreader_child(domain, "devices");

    for (xmlNodePtr n = from->children; n; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        if (is_element(n, "domain")) {
            merge_attributes(m, n, domain);
            merge_root(m, n, domain);
        } else {
            merge_element(m, n, fragment_is_device(n) ? devices : domain);
        }
    }
}

void fragment_merge(xmlDocPtr domain, const struct fragment *fragment)
{
    const struct merge m = {domain, fragment};
    auto_xml xmlDocPtr document = fragment_document(fragment);

    if (document)
        merge_root(&m, xmlDocGetRootElement(document), xmlDocGetRootElement(domain));
}
