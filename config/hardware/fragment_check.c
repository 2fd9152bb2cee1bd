/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of `xml`: well-formed, made of libvirt's elements, and none that are virtopo's own. */
#include <stdlib.h>
#include <string.h>

#include "config/hardware/fragment.h"
#include "config/loader.h"
#include "util/suggest.h"

struct at {
    struct loader *l;
    const struct fragment *fragment;
};

static struct position position(const struct at *at, xmlNodePtr element)
{
    return fragment_element_position(at->l->d, at->fragment, element);
}

static bool is_named(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name);
}

static void check_merge(const struct at *at, xmlNodePtr element)
{
    static const char *const words[] = {"replace", "remove", "add", NULL};
    xmlChar *word = xmlGetNsProp(element, BAD_CAST "merge", BAD_CAST FRAGMENT_NAMESPACE);
    const char *near;
    bool known = !word;

    for (size_t i = 0; words[i] && word; i++)
        known = known || xmlStrEqual(word, BAD_CAST words[i]);
    if (!known) {
        near = suggest_nearest((const char *)word, words);
        finding_error(at->l->d, position(at, element), "xml-merge",
                      near ? arena_printf(at->l->arena, "did you mean '%s'?", near) : NULL,
                      "virtopo:merge must be replace, remove or add, not '%s'",
                      (const char *)word);
    }
    xmlFree(word);
    for (xmlNodePtr child = element->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            check_merge(at, child);
    }
}

/* Names, UUID and tag are what virtopo knows its domains by. */
static bool check_own(const struct at *at, xmlNodePtr element)
{
    static const struct {
        const char *element, *hint;
    } own[] = {{"name", "it is made of the names of cluster and node"},
               {"uuid", "it is made of the names of cluster and node"}};

    for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
        if (!is_named(element, own[i].element))
            continue;
        finding_error(at->l->d, position(at, element), "xml-own", own[i].hint,
                      "<%s> is virtopo's own and cannot be changed by xml", own[i].element);
        return true;
    }
    if (!is_named(element, "metadata"))
        return false;
    if (xmlHasNsProp(element, BAD_CAST "merge", BAD_CAST FRAGMENT_NAMESPACE))
        finding_error(at->l->d, position(at, element), "xml-own",
                      "virtopo knows its domains by what it keeps there",
                      "<metadata> can be added to, not replaced or removed");
    for (xmlNodePtr child = element->children; child; child = child->next) {
        if (child->ns &&
            xmlStrEqual(child->ns->href, BAD_CAST "https://virtopo.dev/xmlns/object/1"))
            finding_error(
                at->l->d, position(at, child), "xml-own", "remove it",
                "the tag in <metadata> is virtopo's own and cannot be changed by xml");
    }
    return true;
}

static void report_unknown(const struct at *at, xmlNodePtr element, bool in_devices)
{
    struct suggest near = suggest_start((const char *)element->name);

    for (size_t i = 0; fragment_device_elements[i]; i++)
        suggest_offer(&near, fragment_device_elements[i]);
    for (size_t i = 0; fragment_domain_elements[i] && !in_devices; i++)
        suggest_offer(&near, fragment_domain_elements[i]);
    finding_error(
        at->l->d, position(at, element), "xml-element",
        suggest_result(&near)
            ? arena_printf(at->l->arena, "did you mean <%s>?", suggest_result(&near))
            : "put it into the element that it belongs to: <cpu>, <features>, <devices> ...",
        in_devices ? "libvirt has no device <%s>" : "libvirt's <domain> has no element <%s>",
        (const char *)element->name);
}

static bool is_domain_element(xmlNodePtr element)
{
    for (size_t i = 0; fragment_domain_elements[i]; i++) {
        if (is_named(element, fragment_domain_elements[i]))
            return true;
    }
    return false;
}

static void check_children(const struct at *at, xmlNodePtr parent, bool in_devices);

static void check_element(const struct at *at, xmlNodePtr element, bool in_devices)
{
    if (!in_devices && !element->ns && is_named(element, "domain"))
        check_children(at, element, false);
    else if (!in_devices && !element->ns && is_named(element, "devices"))
        check_children(at, element, true);
    else if (!in_devices && check_own(at, element))
        return;
    else if (!fragment_is_device(element) && (in_devices || !is_domain_element(element)))
        report_unknown(at, element, in_devices);
}

/* libxml2 knows the line where a text ends. */
static void report_text(const struct at *at, xmlNodePtr text)
{
    const char *start = (const char *)text->content, *end;
    int line = (int)xmlGetLineNo(text);

    start += strspn(start, " \t\r\n");
    for (const char *p = start; (p = strchr(p, '\n')); p++)
        line--;
    end = start + strcspn(start, "\r\n");
    finding_error(at->l->d, fragment_position(at->l->d, at->fragment, line, 0), "xml-text",
                  "write elements: <cpu>...</cpu>",
                  "xml has a text outside of an element: '%.*s'",
                  (int)(end - start < 40 ? end - start : 40), start);
}

static void check_children(const struct at *at, xmlNodePtr parent, bool in_devices)
{
    for (xmlNodePtr child = parent->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            check_element(at, child, in_devices);
        else if (child->type == XML_TEXT_NODE && !xmlIsBlankNode(child))
            report_text(at, child);
    }
}

static void check_one(struct loader *l, const struct fragment *fragment)
{
    const struct at at = {l, fragment};
    struct fragment_fault fault;
    xmlDocPtr document;

    fragment_read(fragment, &fault);
    if (fault.message) {
        finding_error(l->d, fragment_position(l->d, fragment, fault.line, fault.column),
                      "xml-syntax", NULL, "xml is not well-formed: %s", fault.message);
        free(fault.message);
        return;
    }
    document = fragment_document(fragment);
    check_children(&at, xmlDocGetRootElement(document), false);
    check_merge(&at, xmlDocGetRootElement(document));
    xmlFreeDoc(document);
}

void check_fragments(struct loader *l, const struct node *node)
{
    list_each(struct fragment, node->platform.xml, fragment)
    {
        check_one(l, fragment);
    }
}
