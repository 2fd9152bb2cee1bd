/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "templates/fault/fault.h"
#include "templates/xmlreader.h"

static xmlNodePtr nic_with(xmlNodePtr devices, struct mac mac)
{
    for (xmlNodePtr n = xmlreader_child(devices, "interface"); n; n = xmlreader_next(n)) {
        auto_free char *text = xmlreader_child_attribute(n, "mac", "address");
        struct mac other;

        if (text && mac_parse(text, &other, NULL) == 0 && memcmp(&other, &mac, sizeof mac) == 0)
            return n;
    }
    return NULL;
}

int fault_link_xml(const char *domain_xml, struct mac mac, bool up, char **ret,
                   struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(domain_xml, err);
    xmlNodePtr root = document ? xmlreader_root(document, "domain", err) : NULL;
    xmlNodePtr nic = nic_with(xmlreader_child(root, "devices"), mac);
    xmlNodePtr link = xmlreader_child(nic, "link");
    xmlBufferPtr buffer;
    char text[MAC_TEXT];

    if (!root)
        return -1;
    if (!nic)
        return error_set(err, ERROR_NOT_FOUND, "there is no NIC %s", mac_format(mac, text));
    if (link) {
        xmlUnlinkNode(link);
        xmlFreeNode(link);
    }
    /* Up is what nothing is said of: so that the domain is again as virtopo wrote it. */
    if (!up)
        xmlSetProp(xmlNewChild(nic, NULL, (const xmlChar *)"link", NULL),
                   (const xmlChar *)"state", (const xmlChar *)"down");
    buffer = xmlBufferCreate();
    xmlNodeDump(buffer, document, nic, 0, 0);
    *ret = xstrdup((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return 0;
}
