/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_users_domain.h"

#include <stdlib.h>
#include <string.h>

#include "provision/disk_file/backing.h"
#include "templates/xmlreader.h"
#include "util/file.h"

/* Chains are not followed for ever: headers are anybody's. */
#define CHAIN_LONGEST 200

/* The backing file that a header names; NULL when none. The caller frees it. */
static char *backing_of(const char *path)
{
    auto_backing struct backing header = {0};
    auto_free char *folder = NULL;

    if (backing_read(path, &header, NULL) != 1 || !header.name)
        return NULL;
    if (*header.name == '/')
        return TAKE(header.name);
    folder = path_folder(path);
    return xasprintf("%s/%s", folder, header.name);
}

struct chain {
    struct image_users *users;
    const char *domain;
    bool local;
};

static void add(const struct chain *c, const char *path)
{
    image_users_add(c->users, path, xasprintf("domain %s", c->domain), false);
}

/* Below what the definition names. */
static void follow(const struct chain *c, const char *path)
{
    auto_free char *at = xstrdup(path);

    for (int i = 0; c->local && at && i < CHAIN_LONGEST; i++) {
        char *next = backing_of(at);

        free(at);
        at = next;
        if (at)
            add(c, at);
    }
}

static void read_sources(const struct chain *c, xmlNodePtr disk)
{
    int depth = 0;

    for (xmlNodePtr at = disk; at && depth < CHAIN_LONGEST; depth++) {
        auto_free char *file = xmlreader_child_attribute(at, "source", "file");
        xmlNodePtr below = xmlreader_child(at, "backingStore");

        if (file)
            add(c, file);
        if (file && !below)
            follow(c, file);
        at = below;
    }
}

static bool is_in(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* A domain of the cluster that goes has its root disk in the folder that goes. */
static bool goes(xmlNodePtr devices, const char *except)
{
    for (xmlNodePtr disk = xmlreader_child(devices, "disk"); disk && except;
         disk = xmlreader_next(disk)) {
        auto_free char *file = xmlreader_child_attribute(disk, "source", "file");

        if (file && is_in(file, except))
            return true;
    }
    return false;
}

static void read_xml(const struct chain *c, const char *xml, const char *except)
{
    static const char *const plain[] = {"kernel", "initrd", "dtb", NULL};
    auto_xml xmlDocPtr document = xmlreader_parse(xml, NULL);
    xmlNodePtr root = document ? xmlreader_root(document, "domain", NULL) : NULL;
    xmlNodePtr devices = xmlreader_child(root, "devices");

    if (goes(devices, except))
        return;
    for (xmlNodePtr disk = xmlreader_child(devices, "disk"); disk; disk = xmlreader_next(disk))
        read_sources(c, disk);
    for (size_t i = 0; plain[i]; i++) {
        auto_free char *file = xmlreader_child_text(xmlreader_child(root, "os"), plain[i]);

        if (file)
            add(c, file);
    }
}

int image_users_read_domains(struct site_host *host, virConnectPtr connection,
                             const char *except, struct image_users *users, struct error **err)
{
    virDomainPtr *domains = NULL;
    int count = virConnectListAllDomains(connection, &domains, 0);

    if (count < 0)
        return error_virt(err, "listing the domains of host '%s'", host_name(host->host));
    for (int i = 0; i < count; i++) {
        const struct chain c = {.users = users,
                                .domain = virDomainGetName(domains[i]),
                                .local =
                                    host_is_local(host->host) && !host_is_mock(host->host)};
        auto_free char *live = virDomainGetXMLDesc(domains[i], 0);
        auto_free char *config = virDomainGetXMLDesc(domains[i], VIR_DOMAIN_XML_INACTIVE);

        if (live)
            read_xml(&c, live, except);
        if (config && (!live || strcmp(live, config) != 0))
            read_xml(&c, config, except);
        virDomainFree(domains[i]);
    }
    free(domains);
    return 0;
}
