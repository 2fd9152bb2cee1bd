/* SPDX-License-Identifier: Apache-2.0 */
/* What one of two normal domains has and the other has not. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "templates/import/element.h"
#include "templates/import/import_row.h"
#include "templates/import/normal.h"
#include "templates/xmlreader.h"
#include "util/buffer.h"
#include "util/memory.h"

#define XML_LONGEST 300 /* of an element in a note */

struct search {
    struct import_notes *notes;
    bool back; /* the original is looked through: its counterpart has been told of */
};

/* Its own, blanks around it left out; the caller frees it. */
static char *own_text(xmlNodePtr node)
{
    auto_free char *text = element_of(node->children) ? NULL : xmlreader_text(node);
    const char *start = text ? text + strspn(text, " \t\r\n") : "";
    size_t length = strlen(start);

    while (length && strchr(" \t\r\n", start[length - 1]))
        length--;
    return xstrndup(start, length);
}

static bool same_attributes(xmlNodePtr a, xmlNodePtr b)
{
    for (xmlAttrPtr p = a->properties; p; p = p->next) {
        auto_free char *value = xmlreader_attribute(a, (const char *)p->name);

        if (!xmlreader_is(b, (const char *)p->name, value))
            return false;
    }
    return true;
}

static bool is_equal(xmlNodePtr a, xmlNodePtr b);

static bool has_equals(xmlNodePtr a, xmlNodePtr b)
{
    each_element(a, n)
    {
        xmlNodePtr other = element_of(b->children);

        while (other && !is_equal(n, other))
            other = element_of(other->next);
        if (!other)
            return false;
    }
    return true;
}

static bool is_equal(xmlNodePtr a, xmlNodePtr b)
{
    auto_free char *ours = own_text(a), *theirs = own_text(b);

    return xmlStrEqual(a->name, b->name) && strcmp(ours, theirs) == 0 &&
           same_attributes(a, b) && same_attributes(b, a) && has_equals(a, b) &&
           has_equals(b, a);
}

/* What tells an element from others of its name, in words for people; the caller frees it. */
static char *identity(xmlNodePtr element)
{
    static const char *const attributes[] = {"name", "id",   "vcpu", "iothread", "cellid",
                                             "dev",  "size", "file", NULL};
    const char *name = (const char *)element->name;

    if (strcmp(name, "disk") == 0) {
        xmlNodePtr source = xmlreader_child(element, "source");
        static const char *const places[] = {"file", "dev", "name", "volume", "dir", NULL};

        for (size_t i = 0; source && places[i]; i++) {
            if (xmlreader_has(source, places[i]))
                return xmlreader_attribute(source, places[i]);
        }
        return NULL;
    }
    if (strcmp(name, "interface") == 0)
        return xmlreader_child_attribute(element, "mac", "address");
    if (strcmp(name, "channel") == 0)
        return xmlreader_child_attribute(element, "target", "name");
    if (strcmp(name, "filesystem") == 0)
        return xmlreader_child_attribute(element, "target", "dir");
    if (strcmp(name, "graphics") == 0 || strcmp(name, "controller") == 0)
        return xmlreader_attribute(element, "type");
    if (strcmp(name, "cell") == 0)
        return xmlreader_attribute(element, "cpus");
    for (size_t i = 0; attributes[i]; i++) {
        if (strcmp(name, "model") != 0 && strcmp(name, "driver") != 0 &&
            strcmp(name, "source") != 0 && xmlreader_has(element, attributes[i]))
            return xmlreader_attribute(element, attributes[i]);
    }
    return NULL;
}

static bool same_identity(xmlNodePtr a, xmlNodePtr b)
{
    auto_free char *ours = identity(a), *theirs = identity(b);

    return ours ? theirs && strcasecmp(ours, theirs) == 0 : !theirs;
}

static bool is_taken(xmlNodePtr element)
{
    return element->_private != NULL;
}

/* A NIC without an address has got one by now. */
static bool is_nameless(xmlNodePtr element)
{
    return strcmp((const char *)element->name, "interface") == 0 &&
           !xmlreader_child(element, "mac");
}

static xmlNodePtr find_free(xmlNodePtr parent, xmlNodePtr like, bool exact)
{
    each_element(parent, n)
    {
        if (xmlStrEqual(n->name, like->name) && !is_taken(n) &&
            (exact ? is_equal(n, like) : same_identity(n, like) || is_nameless(like)))
            return n;
    }
    return NULL;
}

/* Marks what belongs together: first what is the same, then what has the same name. */
static void pair_children(xmlNodePtr original, xmlNodePtr copy)
{
    for (int exact = 1; exact >= 0; exact--) {
        each_element(original, n)
        {
            xmlNodePtr other = is_taken(n) ? NULL : find_free(copy, n, exact);

            if (other) {
                n->_private = other;
                other->_private = n;
            }
        }
    }
}

/* One line, without the blanks between elements; the caller frees it. */
static char *xml_line(xmlNodePtr element)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    struct buffer out = {0};
    bool between = false;
    const char *text;

    xmlNodeDump(buffer, element->doc, element, 0, 0);
    text = (const char *)xmlBufferContent(buffer);
    for (const char *p = text; *p; p++) {
        bool blank = strchr(" \t\r\n", *p) != NULL;

        if (blank && (between || (out.length && out.data[out.length - 1] == '>'))) {
            between = true;
            continue;
        }
        between = blank;
        buffer_append(&out, blank ? " " : p, 1);
    }
    xmlBufferFree(buffer);
    if (out.length > XML_LONGEST) {
        out.length = XML_LONGEST;
        out.data[XML_LONGEST] = '\0';
        buffer_puts(&out, "...");
    }
    return buffer_take(&out);
}

static char *path_below(const char *path, xmlNodePtr element)
{
    auto_free char *known = identity(element);
    const char *name = (const char *)element->name;

    if (strcmp(name, "devices") == 0)
        return xstrdup(path);
    return xasprintf("%s%s%s%s%s", path, *path ? " " : "", name, known ? " " : "",
                     known ? known : "");
}

static void find_values(struct search *s, const char *path, xmlNodePtr one, xmlNodePtr other)
{
    auto_free char *ours = own_text(one), *theirs = own_text(other);

    for (xmlAttrPtr p = one->properties; p; p = p->next) {
        const char *name = (const char *)p->name;
        auto_free char *value = xmlreader_attribute(one, name);
        auto_free char *here = xmlreader_attribute(other, name);

        if (!here)
            import_note(s->notes, "%s %s='%s'", path, name, value ? value : "");
        else if (!s->back && value && strcmp(value, here) != 0)
            import_note(s->notes, "%s %s='%s', here '%s'", path, name, value, here);
    }
    if (!s->back && strcmp(ours, theirs) != 0 && *theirs)
        import_note(s->notes, "%s '%s', here '%s'", path, ours, theirs);
    else if (*ours && !*theirs)
        import_note(s->notes, "%s '%s'", path, ours);
}

static void find_elements(struct search *s, const char *path, xmlNodePtr one)
{
    each_element(one, n)
    {
        xmlNodePtr other = n->_private;
        auto_free char *below = path_below(path, n);

        if (!other) {
            auto_free char *line = xml_line(n);

            import_note(s->notes, "%s%s%s", path, *path ? ": " : "", line);
            continue;
        }
        find_values(s, below, n, other);
        find_elements(s, below, n);
    }
}

static void pair_all(xmlNodePtr original, xmlNodePtr copy)
{
    pair_children(original, copy);
    each_element(original, n)
    {
        if (n->_private)
            pair_all(n, n->_private);
    }
}

void domain_missing(xmlNodePtr original, xmlNodePtr copy, struct import_notes *missing,
                    struct import_notes *added)
{
    struct search there = {.notes = missing}, back = {.notes = added, .back = true};

    pair_all(original, copy);
    find_elements(&there, "", original);
    find_elements(&back, "", copy);
}
