/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/claims.h"

#include <stdlib.h>
#include <string.h>

#include "host/hardware/device.h"
#include "templates/xmlreader.h"

static void add(struct host_claims *claims, enum claim_kind kind, char *device,
                const char *domain)
{
    struct host_claim claim = {kind, device, NULL};

    if (!device)
        return;
    claim.domain = xstrdup(domain);
    vector_push(claims->items, claims->count, claim);
}

static char *usb_address(xmlNodePtr address)
{
    auto_free char *bus = xmlreader_attribute(address, "bus");
    auto_free char *device = xmlreader_attribute(address, "device");

    return bus && device ? xasprintf("%s.%s", bus, device) : NULL;
}

/* <hostdev>, or an <interface> that is one. */
static void read_device(xmlNodePtr node, const char *domain, struct host_claims *ret)
{
    xmlNodePtr address = xmlreader_child(xmlreader_child(node, "source"), "address");
    struct pci_name pci;

    if (xmlreader_is(node, "type", "usb"))
        add(ret, CLAIM_USB, usb_address(address), domain);
    else if (xmlreader_is(node, "type", "mdev"))
        add(ret, CLAIM_MDEV, xmlreader_attribute(address, "uuid"), domain);
    else if (device_pci_from_xml(address, &pci))
        add(ret, CLAIM_PCI, xstrdup(pci.text), domain);
}

int claims_parse(const char *xml, struct host_claims *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr root = document ? xmlreader_root(document, "domain", err) : NULL;
    auto_free char *name = NULL;
    xmlNodePtr devices;

    if (!root)
        return -1;
    name = xmlreader_child_text(root, "name");
    if (!name)
        return error_set(err, ERROR_FAILED, "a domain of libvirt has no name");
    devices = xmlreader_child(root, "devices");
    for (xmlNodePtr d = xmlreader_child(devices, "hostdev"); d; d = xmlreader_next(d))
        read_device(d, name, ret);
    for (xmlNodePtr d = xmlreader_child(devices, "interface"); d; d = xmlreader_next(d)) {
        if (xmlreader_is(d, "type", "hostdev"))
            read_device(d, name, ret);
    }
    return 0;
}

int claims_read(struct host *host, struct host_claims *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_free virDomainPtr *domains = NULL;
    int count, outcome = 0;

    *ret = (struct host_claims){0};
    count =
        virConnectListAllDomains(call.connection, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
    if (count < 0)
        return error_virt(err, "listing the domains of host '%s'", host_name(host));
    for (int i = 0; i < count; i++) {
        auto_domain virDomainPtr domain = domains[i];
        auto_free char *xml = outcome == 0 ? virDomainGetXMLDesc(domain, 0) : NULL;

        if (xml) /* else it is gone since */
            outcome = claims_parse(xml, ret, err);
    }
    return outcome;
}

void claims_done(struct host_claims *claims)
{
    for (size_t i = 0; i < claims->count; i++) {
        free(claims->items[i].device);
        free(claims->items[i].domain);
    }
    free(claims->items);
    *claims = (struct host_claims){0};
}

const char *claims_owner(const struct host_claims *claims, enum claim_kind kind,
                         const char *device, const char *but)
{
    for (size_t i = 0; i < claims->count; i++) {
        const struct host_claim *claim = &claims->items[i];

        if (claim->kind == kind && strcmp(claim->device, device) == 0 &&
            strcmp(claim->domain, but) != 0)
            return claim->domain;
    }
    return NULL;
}
