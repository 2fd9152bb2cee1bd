/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/fragment_validate.h"

#include <string.h>
#include <unistd.h>

#include <libxml/relaxng.h>

#include "config/finding.h"
#include "provision/node/domain_render.h"
#include "provision/node/schema_names.h"
#include "templates/xmlreader.h"

#define SCHEMA_FOLDER "/usr/share/libvirt/schemas"
#define SCHEMA_FILE SCHEMA_FOLDER "/domain.rng"

struct validation {
    xmlRelaxNGPtr schema;
    xmlDocPtr document;
    struct schema_names *names;
    struct diagnostics *d;
};

static void PRINTF_LIKE(2, 3) say_nothing(void *user, const char *fmt, ...)
{
    (void)user;
    (void)fmt;
}

static xmlRelaxNGPtr load_schema(void)
{
    xmlRelaxNGParserCtxtPtr context;
    xmlRelaxNGPtr schema;

    if (access(SCHEMA_FILE, R_OK) != 0)
        return NULL;
    context = xmlRelaxNGNewParserCtxt(SCHEMA_FILE);
    if (!context)
        return NULL;
    xmlRelaxNGSetParserErrors(context, say_nothing, say_nothing, NULL);
    schema = xmlRelaxNGParse(context);
    xmlRelaxNGFreeParserCtxt(context);
    return schema;
}

static bool is_valid(const struct validation *v)
{
    xmlRelaxNGValidCtxtPtr context = xmlRelaxNGNewValidCtxt(v->schema);
    int outcome;

    if (!context)
        abort();
    xmlRelaxNGSetValidErrors(context, say_nothing, say_nothing, NULL);
    outcome = xmlRelaxNGValidateDoc(context, v->document);
    xmlRelaxNGFreeValidCtxt(context);
    return outcome == 0;
}

static bool valid_without(const struct validation *v, xmlNodePtr node)
{
    xmlNodePtr place = xmlNewDocComment(v->document, BAD_CAST "");
    bool valid;

    if (!place)
        abort();
    xmlReplaceNode(node, place);
    valid = is_valid(v);
    xmlReplaceNode(place, node);
    xmlFreeNode(place);
    return valid;
}

static void PRINTF_LIKE(4, 5) report(const struct validation *v, xmlNodePtr element,
                                     const char *hint, const char *fmt, ...)
{
    auto_free char *message = NULL;
    xmlNodePtr marked = element;
    va_list ap;

    while (!marked->_private)
        marked = marked->parent;
    va_start(ap, fmt);
    message = xvasprintf(fmt, ap);
    va_end(ap);
    finding_error(v->d, fragment_element_position(v->d, marked->_private, marked), "xml-schema",
                  hint ? hint : "https://libvirt.org/formatdomain.html says what libvirt takes",
                  "%s", message);
}

/* An attribute without which all is well. */
static bool report_attribute(const struct validation *v, xmlNodePtr element)
{
    for (xmlAttrPtr a = element->properties; a; a = a->next) {
        xmlAttrPtr next = a->next;
        auto_free char *value = xmlreader_attribute(element, (const char *)a->name);
        bool valid;

        xmlUnlinkNode((xmlNodePtr)a);
        valid = is_valid(v);
        if (next)
            xmlAddPrevSibling((xmlNodePtr)next, (xmlNodePtr)a);
        else
            xmlAddChild(element, (xmlNodePtr)a);
        if (!valid)
            continue;
        report(v, element, NULL, "libvirt takes no attribute %s='%s' in <%s>",
               (const char *)a->name, value, (const char *)element->name);
        return true;
    }
    return false;
}

/* Without `element` all is well: tells of the smallest part of it of which that can be said. */
static void report_inside(const struct validation *v, xmlNodePtr element)
{
    if (report_attribute(v, element))
        return;
    for (xmlNodePtr n = element->children; n; n = n->next) {
        if (n->type == XML_ELEMENT_NODE && valid_without(v, n)) {
            report_inside(v, n);
            return;
        }
    }
    report(v, element, NULL, "libvirt does not take <%s> in <%s> as it stands here",
           (const char *)element->name, (const char *)element->parent->name);
}

/* Tells of the names in the element that libvirt has nowhere: a schema says of such no more
 * than that something above them is wrong. */
static bool report_names(const struct validation *v, xmlNodePtr element)
{
    auto_free char *near = NULL;
    auto_free char *hint = NULL;
    bool found = !schema_names_has(v->names, (const char *)element->name, &near);

    if (found) {
        hint = near ? xasprintf("did you mean <%s>?", near) : NULL;
        report(v, element, hint, "libvirt knows no element <%s>", (const char *)element->name);
    }
    for (xmlNodePtr n = element->children; n && !found; n = n->next)
        found = n->type == XML_ELEMENT_NODE && report_names(v, n);
    return found;
}

/* Takes the outermost elements from fragments out of the document; comments keep their places.
 */
struct taken {
    xmlNodePtr *nodes, *places;
    size_t count, place_count;
};

static void take_out(const struct validation *v, xmlNodePtr parent, struct taken *ret)
{
    for (xmlNodePtr n = parent->children, next; n; n = next) {
        next = n->next;
        if (n->type != XML_ELEMENT_NODE)
            continue;
        if (n->_private) {
            xmlNodePtr place = xmlNewDocComment(v->document, BAD_CAST "");

            if (!place)
                abort();
            xmlReplaceNode(n, place);
            vector_push(ret->nodes, ret->count, n);
            vector_push(ret->places, ret->place_count, place);
        } else {
            take_out(v, n, ret);
        }
    }
}

/* Puts one after the other back; what is wrong stays outside. */
static void find_wrong(const struct validation *v)
{
    struct taken taken = {0};

    take_out(v, xmlDocGetRootElement(v->document), &taken);
    /* what is wrong without any fragment is no fault of theirs: the host will say */
    if (is_valid(v)) {
        for (size_t i = 0; i < taken.count; i++) {
            xmlReplaceNode(taken.places[i], taken.nodes[i]);
            if (is_valid(v))
                continue;
            if (!report_names(v, taken.nodes[i]))
                report_inside(v, taken.nodes[i]);
            xmlReplaceNode(taken.nodes[i], taken.places[i]);
        }
    }
    for (size_t i = 0; i < taken.count; i++) {
        xmlFreeNode(taken.nodes[i]->parent ? taken.places[i] : taken.nodes[i]);
    }
    free(taken.nodes);
    free(taken.places);
}

static void validate_node(struct validation *v, struct provision *p, const struct node *node)
{
    struct machine *m = machine_new(p, &p->site.hosts[0], node->name);
    auto_parts struct domain_parts parts = {0};
    struct domain_template t = {.type = "kvm", .arch = platform_arch(node, "x86_64")};
    auto_error struct error *error = NULL;

    t.machine = platform_machine(node, t.arch);
    m->node = node;
    domain_parts_build(m, &parts);
    domain_parts_fill(m, &parts, &t);
    if (domain_document(&t, &v->document, &error) == 0) {
        if (!is_valid(v)) {
            if (!v->names)
                v->names = schema_names_read(SCHEMA_FOLDER);
            find_wrong(v);
        }
        xmlFreeDoc(v->document);
    }
    machine_free(m);
}

int fragment_validate(struct cluster *cluster, struct diagnostics *d)
{
    struct provision p = {.options = {.cluster = cluster}, .diagnostics = d};
    struct validation v = {.d = d};
    size_t before = d->errors;

    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];

        if (node->platform.xml.count == 0 || node->index > 1)
            continue;
        if (!v.schema) {
            v.schema = load_schema();
            if (!v.schema)
                return 0;
            site_offline(cluster, &p.site);
        }
        validate_node(&v, &p, node);
    }
    schema_names_free(v.names);
    if (v.schema) {
        provision_close(&p);
        xmlRelaxNGFree(v.schema);
    }
    return d->errors > before ? -1 : 0;
}
