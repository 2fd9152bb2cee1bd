/* SPDX-License-Identifier: Apache-2.0 */
#include "host/dump.h"

#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "templates/domain/domain_xml.h"
#include "templates/storage_xml.h"
#include "util/suggest.h"

/* Where the volume of the disk ua-root says that it lies on another. */
static char *base_of(virDomainPtr domain, const char *xml)
{
    struct domain_view view = {0};
    struct volume_view volume = {0};
    auto_volume virStorageVolPtr found = NULL;
    auto_free char *description = NULL;
    char *base = NULL;

    if (domain_view_parse(xml, &view, NULL) < 0)
        return NULL;
    for (size_t i = 0; view.tag.cluster && i < view.disk_count; i++) {
        if (view.disks[i].alias && strcmp(view.disks[i].alias, "ua-root") == 0)
            found = virStorageVolLookupByPath(virDomainGetConnect(domain), view.disks[i].path);
    }
    description = found ? virStorageVolGetXMLDesc(found, 0) : NULL;
    if (description && volume_view_parse(description, &volume, NULL) == 0) {
        base = xstrdup_null(volume.backing_path);
        volume_view_done(&volume);
    }
    domain_view_done(&view);
    return base;
}

static int read_domain(virDomainPtr domain, bool live, struct dump *ret, struct error **err)
{
    auto_free char *name = xstrdup(virDomainGetName(domain));
    bool runs = virDomainIsActive(domain) == 1, kept = virDomainIsPersistent(domain) == 1;
    unsigned flags = kept && !(live && runs) ? VIR_DOMAIN_XML_INACTIVE : 0;
    /* whether a screen has a password shows only so; who may not see it, need not know */
    struct dump_domain found = {.xml =
                                    virDomainGetXMLDesc(domain, flags | VIR_DOMAIN_XML_SECURE)};
    int autostart = 0;

    if (!found.xml)
        found.xml = virDomainGetXMLDesc(domain, flags);
    if (!found.xml)
        return error_virt(err, "reading domain '%s'", name);
    if (kept && virDomainGetAutostart(domain, &autostart) < 0)
        autostart = 0;
    found.autostart = autostart;
    found.name = TAKE(name);
    found.base = base_of(domain, found.xml);
    vector_push(ret->items, ret->count, found);
    return 0;
}

static void free_list(virDomainPtr *domains, int count)
{
    for (int i = 0; i < count; i++)
        virDomainFree(domains[i]);
    free(domains);
}

static int compare_domains(const void *a, const void *b)
{
    return strcmp(virDomainGetName(*(virDomainPtr const *)a),
                  virDomainGetName(*(virDomainPtr const *)b));
}

static int read_all(virConnectPtr connection, bool live, struct dump *ret, struct error **err)
{
    virDomainPtr *domains = NULL;
    int count = virConnectListAllDomains(connection, &domains, 0);
    int outcome = 0;

    if (count < 0)
        return error_virt(err, "listing domains");
    if (count > 0)
        qsort(domains, (size_t)count, sizeof *domains, compare_domains);
    for (int i = 0; i < count && outcome == 0; i++)
        outcome = read_domain(domains[i], live, ret, err);
    free_list(domains, count);
    if (outcome == 0 && count == 0)
        return error_set(err, ERROR_FAILED, "there is no domain on this host");
    return outcome;
}

static virDomainPtr find(virConnectPtr connection, const char *name)
{
    virDomainPtr domain = virDomainLookupByName(connection, name);
    char *end;
    long id = strtol(name, &end, 10);

    if (!domain)
        domain = virDomainLookupByUUIDString(connection, name);
    if (!domain && *name && !*end && id > 0 && id < 1000000000)
        domain = virDomainLookupByID(connection, (int)id);
    return domain;
}

static int unknown(virConnectPtr connection, const char *name, struct error **err)
{
    struct suggest near = suggest_start(name);
    virDomainPtr *domains = NULL;
    int count = virConnectListAllDomains(connection, &domains, 0);

    for (int i = 0; i < count; i++)
        suggest_offer(&near, virDomainGetName(domains[i]));
    error_set(err, ERROR_FAILED, "there is no domain '%s'", name);
    if (suggest_result(&near))
        error_hint(err, "did you mean '%s'?", suggest_result(&near));
    else
        error_hint(err, "`virsh list --all` shows what there is");
    free_list(domains, count > 0 ? count : 0);
    return -1;
}

static int read_named(virConnectPtr connection, const char *const *names, size_t count,
                      bool live, struct dump *ret, struct error **err)
{
    for (size_t i = 0; i < count; i++) {
        auto_domain virDomainPtr domain = find(connection, names[i]);

        if (!domain)
            return unknown(connection, names[i], err);
        if (read_domain(domain, live, ret, err) < 0)
            return -1;
    }
    return 0;
}

int dump_domains(const char *uri, const char *const *names, size_t count, bool live,
                 struct dump *ret, struct error **err)
{
    struct host *host = NULL;
    int outcome;

    *ret = (struct dump){0};
    if (host_open("local", uri, "/", &host, err) < 0)
        return -1;
    {
        auto_call struct host_call call = host_call_begin(host);

        outcome = count ? read_named(call.connection, names, count, live, ret, err)
                        : read_all(call.connection, live, ret, err);
    }
    host_close(host);
    return outcome;
}

static int read_networks(virConnectPtr connection, struct dump *ret, struct error **err)
{
    virNetworkPtr *networks = NULL;
    int count = virConnectListAllNetworks(connection, &networks, 0);

    if (count < 0)
        return error_virt(err, "listing networks");
    for (int i = 0; i < count; i++) {
        struct dump_domain found = {.name = xstrdup(virNetworkGetName(networks[i])),
                                    .xml = virNetworkGetXMLDesc(networks[i], 0)};

        /* one that is gone by now */
        if (found.xml)
            vector_push(ret->items, ret->count, found);
        else
            free(found.name);
        virNetworkFree(networks[i]);
    }
    free(networks);
    return 0;
}

int dump_networks(const char *uri, struct dump *ret, struct error **err)
{
    struct host *host = NULL;
    int outcome;

    if (host_open("local", uri, "/", &host, err) < 0)
        return -1;
    {
        auto_call struct host_call call = host_call_begin(host);

        outcome = read_networks(call.connection, ret, err);
    }
    host_close(host);
    return outcome;
}

void dump_done(struct dump *dump)
{
    for (size_t i = 0; i < dump->count; i++) {
        free(dump->items[i].name);
        free(dump->items[i].xml);
        free(dump->items[i].base);
    }
    free(dump->items);
    *dump = (struct dump){0};
}
