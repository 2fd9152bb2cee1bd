/* SPDX-License-Identifier: Apache-2.0 */
#include "network/replug.h"

#include <string.h>
#include <strings.h>

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

static xmlNodePtr find_interface(xmlDocPtr document, struct mac mac)
{
    xmlNodePtr devices = xmlreader_child(xmlDocGetRootElement(document), "devices");
    char wanted[MAC_TEXT];

    mac_format(mac, wanted);
    for (xmlNodePtr n = xmlreader_child(devices, "interface"); n; n = xmlreader_next(n)) {
        auto_free char *text = xmlreader_child_attribute(n, "mac", "address");

        if (text && strcasecmp(text, wanted) == 0)
            return n;
    }
    return NULL;
}

static void set_source(xmlNodePtr interface, bool is_network, const char *name)
{
    xmlNodePtr source = xmlreader_child(interface, "source");

    xmlSetProp(interface, BAD_CAST "type", BAD_CAST(is_network ? "network" : "bridge"));
    while (source->properties)
        xmlRemoveProp(source->properties);
    xmlSetProp(source, BAD_CAST(is_network ? "network" : "bridge"), BAD_CAST name);
}

/* With its cable out, and then in again. */
static int update_flapping(virDomainPtr domain, xmlNodePtr interface, struct error **err)
{
    xmlNodePtr link = xmlNewChild(interface, NULL, BAD_CAST "link", NULL);

    xmlSetProp(link, BAD_CAST "state", BAD_CAST "down");
    if (update(domain, interface, err) < 0)
        return -1;
    xmlSetProp(link, BAD_CAST "state", BAD_CAST "up");
    return update(domain, interface, err);
}

int replug_nic(virDomainPtr domain, struct mac mac, bool is_network, const char *name,
               bool quietly, struct error **err)
{
    auto_free char *xml = virDomainGetXMLDesc(domain, 0);
    auto_xml xmlDocPtr document = xml ? xmlreader_parse(xml, NULL) : NULL;
    xmlNodePtr interface = document ? find_interface(document, mac) : NULL;
    char text[MAC_TEXT];

    if (!interface)
        return error_set(err, ERROR_FAILED, "domain '%s' has no NIC %s any more",
                         virDomainGetName(domain), mac_format(mac, text));
    set_source(interface, is_network, name);
    if (quietly || xmlreader_child(interface, "link"))
        return update(domain, interface, err);
    return update_flapping(domain, interface, err);
}
