/* SPDX-License-Identifier: Apache-2.0 */
#include "host/facts.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"

static bool is_x86(const char *arch)
{
    return strcmp(arch, "x86_64") == 0 || strcmp(arch, "i686") == 0;
}

static bool has_feature(xmlNodePtr cpu, const char *name)
{
    for (xmlNodePtr f = xmlreader_child(cpu, "feature"); f; f = xmlreader_next(f)) {
        auto_free char *feature = xmlreader_attribute(f, "name");

        if (feature && strcmp(feature, name) == 0)
            return true;
    }
    return false;
}

/* The feature list names only what the CPU model does not have anyway; vmx and svm are in no
 * model, so they are listed where they exist. */
static void read_guest(xmlNodePtr guest, const char *arch, struct host_facts *f)
{
    xmlNodePtr node = xmlreader_child(guest, "arch");
    auto_free char *name = node ? xmlreader_attribute(node, "name") : NULL;
    auto_free char *type = xmlreader_child_text(guest, "os_type");

    if (!name || strcmp(name, arch) != 0 || !type || strcmp(type, "hvm") != 0)
        return;
    for (xmlNodePtr d = xmlreader_child(node, "domain"); d; d = xmlreader_next(d)) {
        auto_free char *kind = xmlreader_attribute(d, "type");

        if (kind && strcmp(kind, "kvm") == 0)
            f->kvm_offered = true;
    }
}

static uint64_t read_memory(xmlNodePtr host)
{
    uint64_t total = 0;
    xmlNodePtr topology = xmlreader_child(host, "topology");
    xmlNodePtr cells = topology ? xmlreader_child(topology, "cells") : NULL;
    xmlNodePtr cell = cells ? xmlreader_child(cells, "cell") : NULL;

    for (; cell; cell = xmlreader_next(cell)) {
        auto_free char *text = xmlreader_child_text(cell, "memory");

        total += text ? strtoull(text, NULL, 10) * 1024 : 0;
    }
    return total;
}

int host_facts_parse(const char *xml, struct host_facts *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr root, host, cpu;

    if (!document)
        return -1;
    *ret = (struct host_facts){0};
    root = xmlDocGetRootElement(document);
    host = xmlreader_child(root, "host");
    cpu = host ? xmlreader_child(host, "cpu") : NULL;
    ret->arch = cpu ? xmlreader_child_text(cpu, "arch") : NULL;
    if (!ret->arch)
        return error_set(err, ERROR_FAILED, "libvirt's capabilities name no architecture");
    ret->memory = read_memory(host);
    for (xmlNodePtr g = xmlreader_child(root, "guest"); g; g = xmlreader_next(g))
        read_guest(g, ret->arch, ret);
    ret->kvm = ret->kvm_offered &&
               (!is_x86(ret->arch) || has_feature(cpu, "vmx") || has_feature(cpu, "svm"));
    ret->machine = xstrdup(is_x86(ret->arch) ? "q35" : "virt");
    return 0;
}

int host_facts_read(struct host *host, struct host_facts *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_free char *xml = virConnectGetCapabilities(call.connection);

    if (!xml)
        return error_virt(err, "reading the capabilities of host '%s'", host_name(host));
    return host_facts_parse(xml, ret, err);
}

void host_facts_done(struct host_facts *facts)
{
    free(facts->arch);
    free(facts->machine);
    *facts = (struct host_facts){0};
}
