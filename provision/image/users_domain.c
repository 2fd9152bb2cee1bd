/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "provision/image/users_reader.h"
#include "templates/xmlreader.h"

#define CHAIN_LONGEST 200

/* A disk with all that it stands on, as far as the definition says it. */
static void read_disk(struct users_reader *r, xmlNodePtr disk, const char *by)
{
    /* Nothing of these has anything below it. */
    bool is_plain = xmlreader_is(xmlreader_child(disk, "driver"), "type", "raw") ||
                    xmlreader_is(disk, "device", "cdrom") ||
                    xmlreader_is(disk, "device", "floppy");
    xmlNodePtr at = disk;

    for (int depth = 0; at && depth < CHAIN_LONGEST; depth++) {
        auto_free char *file = xmlreader_child_attribute(at, "source", "file");
        xmlNodePtr below = xmlreader_child(at, "backingStore");

        if (file)
            users_add(r->users, file, xstrdup(by), false);
        /* A running one lists its chain to the end, which is an empty element. */
        if (file && (below || is_plain))
            users_told(r, file);
        else if (file)
            users_follow(r, file,
                         xmlreader_is(xmlreader_child(disk, "driver"), "type", "qcow2"), by);
        at = below;
    }
}

/* A domain of the cluster that goes has its root disk in the folder that goes. */
static bool goes(xmlNodePtr devices, const char *except)
{
    for (xmlNodePtr disk = xmlreader_child(devices, "disk"); disk && except;
         disk = xmlreader_next(disk)) {
        auto_free char *file = xmlreader_child_attribute(disk, "source", "file");

        if (file && users_is_below(file, except))
            return true;
    }
    return false;
}

static void read_xml(struct users_reader *r, const char *xml, const char *by)
{
    static const char *const plain[] = {"kernel", "initrd", "dtb", NULL};
    auto_xml xmlDocPtr document = xmlreader_parse(xml, NULL);
    xmlNodePtr root = document ? xmlreader_root(document, "domain", NULL) : NULL;
    xmlNodePtr devices = xmlreader_child(root, "devices");

    if (goes(devices, r->except))
        return;
    for (xmlNodePtr disk = xmlreader_child(devices, "disk"); disk; disk = xmlreader_next(disk))
        read_disk(r, disk, by);
    for (size_t i = 0; plain[i]; i++) {
        auto_free char *file = xmlreader_child_text(xmlreader_child(root, "os"), plain[i]);

        if (!file)
            continue;
        users_add(r->users, file, xstrdup(by), false);
        users_told(r, file);
    }
}

int users_read_domains(struct users_reader *r, struct error **err)
{
    virDomainPtr *domains = NULL;
    int count = virConnectListAllDomains(r->connection, &domains, 0);

    if (count < 0)
        return error_virt(err, "listing the domains of host '%s'", host_name(r->host->host));
    for (int i = 0; i < count; i++) {
        auto_free char *by = xasprintf("domain %s", virDomainGetName(domains[i]));
        auto_free char *live = virDomainGetXMLDesc(domains[i], 0);
        auto_free char *config = virDomainGetXMLDesc(domains[i], VIR_DOMAIN_XML_INACTIVE);

        if (live)
            read_xml(r, live, by);
        if (config && (!live || strcmp(live, config) != 0))
            read_xml(r, config, by);
        virDomainFree(domains[i]);
    }
    free(domains);
    return 0;
}
