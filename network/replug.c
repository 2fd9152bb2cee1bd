/* SPDX-License-Identifier: Apache-2.0 */
#include "network/replug.h"

#include <string.h>

#include "templates/xmlreader.h"

static bool is_on(const struct survey_domain *d, const char *name)
{
    for (size_t i = 0; i < d->live.nic_count; i++) {
        if (d->live.nics[i].network && strcmp(d->live.nics[i].network, name) == 0)
            return true;
    }
    return false;
}

static int update(virDomainPtr domain, xmlNodePtr interface, struct error **err)
{
    xmlBufferPtr xml = xmlBufferCreate();
    int outcome = 0;

    xmlNodeDump(xml, interface->doc, interface, 0, 0);
    if (virDomainUpdateDeviceFlags(domain, (const char *)xmlBufferContent(xml),
                                   VIR_DOMAIN_AFFECT_LIVE) < 0)
        outcome =
            error_virt(err, "plugging domain '%s' into its network", virDomainGetName(domain));
    xmlBufferFree(xml);
    return outcome;
}

/* libvirt moves a tap only when the device changes: from the network to its bridge by name, and
 * back, which the guest does not notice. */
static int replug(virDomainPtr domain, xmlNodePtr interface, const char *bridge,
                  struct error **err)
{
    xmlNodePtr on_bridge = xmlCopyNode(interface, 1);
    xmlNodePtr source = xmlreader_child(on_bridge, "source");
    int outcome;

    xmlSetTreeDoc(on_bridge, interface->doc);
    xmlSetProp(on_bridge, BAD_CAST "type", BAD_CAST "bridge");
    while (source->properties)
        xmlRemoveProp(source->properties);
    xmlSetProp(source, BAD_CAST "bridge", BAD_CAST bridge);
    outcome = update(domain, on_bridge, err);
    xmlFreeNode(on_bridge);
    return outcome < 0 ? -1 : update(domain, interface, err);
}

static int replug_domain(virDomainPtr domain, const char *name, const char *bridge,
                         struct error **err)
{
    auto_free char *xml = virDomainGetXMLDesc(domain, 0);
    auto_xml xmlDocPtr document = xml ? xmlreader_parse(xml, NULL) : NULL;
    xmlNodePtr devices =
        document ? xmlreader_child(xmlDocGetRootElement(document), "devices") : NULL;
    xmlNodePtr interface = devices ? xmlreader_child(devices, "interface") : NULL;

    for (; interface; interface = xmlreader_next(interface)) {
        xmlNodePtr source = xmlreader_child(interface, "source");

        if (source && xmlreader_is(source, "network", name) &&
            replug(domain, interface, bridge, err) < 0)
            return -1;
    }
    return 0;
}

int replug_guests(virConnectPtr connection, const struct survey *survey, const char *name,
                  const char *bridge, struct error **err)
{
    for (size_t i = 0; i < survey->domain_count; i++) {
        const struct survey_domain *d = &survey->domains[i];
        auto_domain virDomainPtr domain = NULL;

        if (!d->ours || !d->has_live || !is_on(d, name))
            continue;
        domain = virDomainLookupByUUIDString(connection, d->uuid);
        /* One that has stopped since is plugged in when it starts. */
        if (domain && virDomainIsActive(domain) == 1 &&
            replug_domain(domain, name, bridge, err) < 0)
            return -1;
    }
    return 0;
}
