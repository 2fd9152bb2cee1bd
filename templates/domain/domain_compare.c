/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_compare.h"

#include <stdlib.h>
#include <string.h>

#include "templates/domain/domain_area.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

struct comparison {
    struct domain_differences *found;
    bool live;
    const char *area; /* of the element at work; NULL: above any */
};

static void compare_children(struct comparison *c, const char *words, xmlNodePtr want,
                             xmlNodePtr have);

static xmlNodePtr first_element(xmlNodePtr node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

static xmlNodePtr next_element(xmlNodePtr node)
{
    return first_element(node->next);
}

static bool is_named(xmlNodePtr node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

/* The text of an element that has no others inside. */
static char *text_of(xmlNodePtr node)
{
    return first_element(node->children) ? NULL : xmlreader_text(node);
}

/* What tells an element from others of its name: the first of these that it has. */
static char *identity(xmlNodePtr element)
{
    static const char *const attributes[] = {"id", "vcpu", "iothread", "cellid", NULL};
    auto_free char *alias = xmlreader_child_attribute(element, "alias", "name");

    if (is_named(element, "interface"))
        return xmlreader_child_attribute(element, "mac", "address");
    if (alias && strncmp(alias, "ua-", 3) == 0)
        return TAKE(alias);
    if (is_named(element, "channel"))
        return xmlreader_child_attribute(element, "target", "name");
    if (is_named(element, "feature") || is_named(element, "timer") ||
        is_named(element, "entry"))
        return xmlreader_attribute(element, "name");
    if (is_named(element, "sysinfo"))
        return xmlreader_attribute(element, "type");
    if (is_named(element, "page"))
        return xmlreader_attribute(element, "size");
    if (is_named(element, "boot"))
        return xmlreader_attribute(element, "dev");
    for (size_t i = 0; attributes[i] && !is_named(element, "driver"); i++) {
        if (xmlreader_has(element, attributes[i]))
            return xmlreader_attribute(element, attributes[i]);
    }
    return NULL;
}

/* The counterpart of `element` among its like below `parent`: by identity, else by place. */
static xmlNodePtr counterpart(xmlNodePtr element, xmlNodePtr parent)
{
    auto_free char *known = identity(element);
    size_t before = 0;

    for (xmlNodePtr n = element->prev; n; n = n->prev) {
        auto_free char *other = NULL;

        if (n->type == XML_ELEMENT_NODE && xmlStrEqual(n->name, element->name) &&
            !(other = identity(n)))
            before++;
    }
    for (xmlNodePtr n = first_element(parent->children); n; n = next_element(n)) {
        auto_free char *theirs = NULL;

        if (!xmlStrEqual(n->name, element->name))
            continue;
        theirs = identity(n);
        if (known ? theirs && strcasecmp(known, theirs) == 0 : !theirs && before-- == 0)
            return n;
    }
    return NULL;
}

static void add(struct comparison *c, const char *words, const char *have, const char *want)
{
    struct domain_difference d = {.area = xstrdup(c->area),
                                  .what = xstrdup(words),
                                  .have = xstrdup_null(have),
                                  .want = xstrdup_null(want)};

    vector_push(c->found->items, c->found->count, d);
}

/* An empty drive has no format while it runs. */
static bool is_in_drive(xmlNodePtr element)
{
    return element->parent && xmlreader_is(element->parent, "device", "cdrom");
}

/* In a running domain libvirt shows what it has chosen, a cell's memory without that of DIMMs,
 * the loader in place of the kind of firmware, and a clock's variable start as it is now. */
static bool is_hidden_live(xmlNodePtr element, const char *attribute)
{
    static const struct {
        const char *element, *attribute; /* NULL: any */
    } rows[] = {
        {"cpu", NULL},      {"maxMemory", NULL}, {"cell", "memory"},
        {"os", "firmware"}, {"clock", "basis"},  {"clock", "adjustment"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (is_named(element, rows[i].element) &&
            (!rows[i].attribute || strcmp(rows[i].attribute, attribute) == 0))
            return true;
    }
    return is_named(element, "driver") && is_in_drive(element);
}

/* What libvirt shows to nobody (a password), too. */
static bool is_hidden(const struct comparison *c, xmlNodePtr element, const char *attribute)
{
    return strcmp(attribute, "passwd") == 0 || (c->live && is_hidden_live(element, attribute));
}

static void compare_attributes(struct comparison *c, const char *words, xmlNodePtr want,
                               xmlNodePtr have)
{
    for (xmlAttrPtr a = want->properties; a; a = a->next) {
        const char *key = (const char *)a->name;
        auto_free char *what = domain_area_attribute(words, key);
        auto_free char *ours = xmlreader_attribute(want, key);
        auto_free char *theirs = xmlreader_attribute(have, key);

        if (!is_hidden(c, want, key) &&
            (!theirs || !domain_area_is_same(want, have, key, ours, theirs, c->live)))
            add(c, what, theirs, ours);
    }
    for (xmlAttrPtr a = have->properties; a; a = a->next) {
        const char *key = (const char *)a->name;
        auto_free char *what = domain_area_attribute(words, key);
        auto_free char *theirs = xmlreader_attribute(have, key);

        if (!xmlreader_has(want, key) && domain_area_is_strict(have, key))
            add(c, what, theirs, NULL);
    }
}

/* `words` name the element. */
static void compare_element(struct comparison *c, const char *words, xmlNodePtr want,
                            xmlNodePtr have)
{
    auto_free char *ours = text_of(want);
    auto_free char *theirs = ours ? text_of(have) : NULL;

    compare_attributes(c, words, want, have);
    if (ours && *ours &&
        (!theirs || !domain_area_is_same(want, have, NULL, ours, theirs, c->live)))
        add(c, words, theirs, ours);
    compare_children(c, words, want, have);
}

/* A short text for an element that is on one side alone: its text, or its one attribute. */
static char *brief(xmlNodePtr element)
{
    char *text = text_of(element);

    if (text && *text)
        return text;
    free(text);
    if (element->properties && !element->properties->next)
        return xmlreader_attribute(element, (const char *)element->properties->name);
    return xstrdup("yes");
}

/* A disk or NIC that is missing is told of by those who plug it in. */
static bool is_plugged(xmlNodePtr element)
{
    return is_named(element, "disk") || is_named(element, "interface");
}

static void compare_child(struct comparison *c, const char *words, xmlNodePtr want,
                          xmlNodePtr have)
{
    auto_free char *what = domain_area_words(words, want);
    auto_free char *text = brief(want);
    xmlNodePtr theirs = counterpart(want, have);

    if (theirs)
        compare_element(c, what, want, theirs);
    else
        add(c, what, NULL, text);
}

static void unwanted_children(struct comparison *c, const char *words, xmlNodePtr want,
                              xmlNodePtr have)
{
    for (xmlNodePtr n = first_element(have->children); n; n = next_element(n)) {
        auto_free char *what = NULL;
        auto_free char *text = NULL;

        if (!domain_area_is_strict(n, NULL) || domain_area_is_skipped(n, c->live) ||
            counterpart(n, want))
            continue;
        what = domain_area_words(words, n);
        text = brief(n);
        add(c, what, text, NULL);
    }
}

static void compare_children(struct comparison *c, const char *words, xmlNodePtr want,
                             xmlNodePtr have)
{
    for (xmlNodePtr n = first_element(want->children); n; n = next_element(n)) {
        if (!domain_area_is_skipped(n, c->live))
            compare_child(c, words, n, have);
    }
    unwanted_children(c, words, want, have);
}

static void compare_areas(struct comparison *c, xmlNodePtr want, xmlNodePtr have);

/* What is in these are areas of their own. */
static bool is_split(xmlNodePtr element)
{
    return is_named(element, "os") || is_named(element, "devices");
}

static void compare_area(struct comparison *c, const char *area, xmlNodePtr want,
                         xmlNodePtr have)
{
    auto_free char *text = have ? NULL : brief(want);

    c->area = area;
    if (!have)
        add(c, area, NULL, text);
    else if (is_split(want))
        compare_attributes(c, area, want, have);
    else
        compare_element(c, area, want, have);
    c->area = NULL;
    if (have && is_split(want))
        compare_areas(c, want, have);
}

static void unwanted_areas(struct comparison *c, xmlNodePtr want, xmlNodePtr have)
{
    for (xmlNodePtr n = first_element(have->children); n; n = next_element(n)) {
        auto_free char *area = domain_area(n, 0);
        auto_free char *text = NULL;

        if (!domain_area_is_strict(n, NULL) || domain_area_is_skipped(n, c->live) ||
            counterpart(n, want))
            continue;
        text = brief(n);
        c->area = area;
        add(c, area, text, NULL);
        c->area = NULL;
    }
}

/* Each child starts an area of its own. */
static void compare_areas(struct comparison *c, xmlNodePtr want, xmlNodePtr have)
{
    size_t nics = 0;

    for (xmlNodePtr n = first_element(want->children); n; n = next_element(n)) {
        auto_free char *area = NULL;
        xmlNodePtr theirs;

        nics += is_named(n, "interface");
        if (domain_area_is_skipped(n, c->live))
            continue;
        area = domain_area(n, nics);
        theirs = counterpart(n, have);
        if (theirs || !is_plugged(n))
            compare_area(c, area, n, theirs);
    }
    unwanted_areas(c, want, have);
}

void domain_compare(xmlDocPtr want, xmlDocPtr have, bool live, struct domain_differences *ret)
{
    struct comparison c = {.found = ret, .live = live};

    *ret = (struct domain_differences){0};
    compare_areas(&c, xmlDocGetRootElement(want), xmlDocGetRootElement(have));
}

void domain_differences_done(struct domain_differences *differences)
{
    for (size_t i = 0; i < differences->count; i++) {
        free(differences->items[i].area);
        free(differences->items[i].what);
        free(differences->items[i].have);
        free(differences->items[i].want);
    }
    free(differences->items);
    *differences = (struct domain_differences){0};
}
