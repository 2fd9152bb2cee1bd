/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/fault/fault.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"

const char *const fault_directions[] = {"both", "in", "out", NULL};

static const char *const elements[] = {
    [FAULT_LINK_DOWN] = "link-down",
    [FAULT_NETEM] = "netem",
    [FAULT_PARTITION] = "partition",
    [FAULT_KILLED] = "killed",
};

static uint64_t number(xmlNodePtr node, const char *name)
{
    auto_free char *text = xmlreader_attribute(node, name);
    long long value = xmlreader_number(text, 0);

    return value < 0 ? 0 : (uint64_t)value;
}

static struct netem read_netem(xmlNodePtr node)
{
    struct netem netem = {.delay = number(node, "delay"),
                          .jitter = number(node, "jitter"),
                          .loss = (uint32_t)number(node, "loss"),
                          .rate = number(node, "rate")};

    for (int i = 0; fault_directions[i]; i++) {
        if (xmlreader_is(node, "direction", fault_directions[i]))
            netem.direction = i;
    }
    return netem;
}

void faults_read(xmlNodePtr domain, struct faults *ret)
{
    xmlNodePtr element =
        xmlreader_child_ns(xmlreader_child(domain, "metadata"), FAULT_URI, "faults");

    *ret = (struct faults){.marked = element != NULL};
    for (xmlNodePtr n = element ? element->children : NULL; n; n = n->next) {
        struct fault fault = {.kind = FAULT_LINK_DOWN};
        size_t kind = 0;

        while (kind < ARRAY_SIZE(elements) &&
               (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, elements[kind])))
            kind++;
        if (kind == ARRAY_SIZE(elements))
            continue;
        fault.kind = (enum fault_kind)kind;
        fault.network = xmlreader_attribute(n, "network");
        fault.since = xmlreader_attribute(n, "since");
        fault.netem = read_netem(n);
        fault.side = (long long)number(n, "side");
        vector_push(ret->items, ret->count, fault);
    }
}

static struct fault copy_of(const struct fault *fault)
{
    struct fault copy = *fault;

    copy.network = xstrdup_null(fault->network);
    copy.since = xstrdup_null(fault->since);
    return copy;
}

static void fault_done(struct fault *fault)
{
    free(fault->network);
    free(fault->since);
}

void faults_copy(const struct faults *from, struct faults *ret)
{
    *ret = (struct faults){.marked = from->marked};
    for (size_t i = 0; i < from->count; i++)
        vector_push(ret->items, ret->count, copy_of(&from->items[i]));
}

void faults_done(struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        fault_done(&faults->items[i]);
    free(faults->items);
    *faults = (struct faults){0};
}

const struct fault *faults_find(const struct faults *faults, enum fault_kind kind,
                                const char *network)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *f = &faults->items[i];

        if (f->kind == kind && (!network || (f->network && strcmp(f->network, network) == 0)))
            return f;
    }
    return NULL;
}

void faults_remove(struct faults *faults, enum fault_kind kind, const char *network)
{
    struct faults kept = {.marked = faults->marked};

    for (size_t i = 0; i < faults->count; i++) {
        struct fault *f = &faults->items[i];

        if (f->kind == kind && (!network || (f->network && strcmp(f->network, network) == 0)))
            continue;
        vector_push(kept.items, kept.count, copy_of(f));
    }
    faults_done(faults);
    *faults = kept;
}

void faults_set(struct faults *faults, const struct fault *fault)
{
    faults_remove(faults, fault->kind, fault->network);
    vector_push(faults->items, faults->count, copy_of(fault));
    faults->marked = true;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_equal(const struct fault *a, const struct fault *b)
{
    return a->kind == b->kind && same(a->network, b->network) && a->side == b->side &&
           a->netem.direction == b->netem.direction && a->netem.delay == b->netem.delay &&
           a->netem.jitter == b->netem.jitter && a->netem.loss == b->netem.loss &&
           a->netem.rate == b->netem.rate;
}

bool faults_equal(const struct faults *a, const struct faults *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct fault *other = faults_find(b, a->items[i].kind, a->items[i].network);

        if (!other || !is_equal(&a->items[i], other))
            return false;
    }
    return true;
}

static void write_fault(struct xmlwriter *w, const struct fault *f)
{
    xml_open(w, elements[f->kind]);
    xml_attribute(w, "network", f->network);
    if (f->kind == FAULT_NETEM) {
        xml_attribute(w, "direction", fault_directions[f->netem.direction]);
        xml_attributef(w, "delay", "%llu", (unsigned long long)f->netem.delay);
        xml_attributef(w, "jitter", "%llu", (unsigned long long)f->netem.jitter);
        xml_attributef(w, "loss", "%u", f->netem.loss);
        xml_attributef(w, "rate", "%llu", (unsigned long long)f->netem.rate);
    }
    if (f->kind == FAULT_PARTITION)
        xml_attributef(w, "side", "%lld", f->side);
    xml_attribute(w, "since", f->since);
    xml_close(w);
}

int faults_element(const struct faults *faults, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "faults");
    for (size_t i = 0; i < faults->count; i++)
        write_fault(&w, &faults->items[i]);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}
