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
static const char *find_virtualisation(xmlNodePtr cpu)
{
    if (has_feature(cpu, "vmx"))
        return "vmx";
    return has_feature(cpu, "svm") ? "svm" : NULL;
}

static enum host_answer find_iommu(xmlNodePtr host)
{
    xmlNodePtr iommu = xmlreader_child(host, "iommu");

    if (!iommu)
        return HOST_UNKNOWN;
    return xmlreader_is(iommu, "support", "yes") ? HOST_YES : HOST_NO;
}

int host_facts_parse(const char *xml, struct host_facts *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    const struct host_guest *own;
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
    topology_parse(host, &ret->topology);
    guests_parse(root, &ret->guests);
    ret->virtualisation = find_virtualisation(cpu);
    ret->iommu = find_iommu(host);
    own = guests_arch(&ret->guests, ret->arch);
    ret->kvm_offered = own && own->kvm;
    ret->kvm = ret->kvm_offered && (!is_x86(ret->arch) || ret->virtualisation);
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
    topology_done(&facts->topology);
    guests_done(&facts->guests);
    *facts = (struct host_facts){0};
}
