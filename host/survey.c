/* SPDX-License-Identifier: Apache-2.0 */
#include "host/survey.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"

/* A tag alone is not enough: a domain that somebody copied from ours carries it too. Its UUID
 * must be the one that follows from the tag. */
static bool is_ours(const struct tag *tag, const char *cluster, const char *kind,
                    const char *uuid)
{
    char derived[UUID_TEXT];

    if (!tag->cluster || !tag->kind || !tag->name || strcmp(tag->kind, kind) != 0 ||
        (cluster && strcmp(tag->cluster, cluster) != 0))
        return false;
    if (strcmp(kind, "node") == 0)
        identity_domain_uuid(tag->cluster, tag->name, derived);
    else
        identity_network_uuid(tag->cluster, tag->name, derived);
    return strcmp(derived, uuid) == 0;
}

static bool has_prefix(const char *name, const char *cluster)
{
    size_t length = cluster ? strlen(cluster) : 0;

    return !cluster || (strncmp(name, cluster, length) == 0 && name[length] == '_');
}

/* Domains may vanish while we look: one that does is skipped, without an error. */
static bool is_gone(void)
{
    return virt_last_code() == VIR_ERR_NO_DOMAIN;
}

static int read_ours(virDomainPtr domain, const char *cluster, struct survey_domain *d,
                     struct error **err)
{
    auto_free char *config = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);

    if (!config)
        return is_gone() ? 1 : error_virt(err, "reading domain '%s'", d->name);
    if (domain_view_parse(config, &d->config, err) < 0)
        return error_wrap(err, "reading domain '%s'", d->name);
    d->ours = is_ours(&d->config.tag, cluster, "node", d->uuid);
    if (d->ours && d->active) {
        auto_free char *live = virDomainGetXMLDesc(domain, 0);

        if (!live)
            return is_gone() ? 1 : error_virt(err, "reading domain '%s'", d->name);
        if (domain_view_parse(live, &d->live, err) < 0)
            return error_wrap(err, "reading domain '%s'", d->name);
        d->has_live = true;
    }
    return 0;
}

/* What libvirt tells of all domains in one call: a call a domain would be what a look at a
 * cluster that needs nothing mostly costs. */
struct domain_lists {
    virDomainPtr *all, *transient, *autostart;
    int all_count, transient_count, autostart_count;
};

static int read_lists(virConnectPtr connection, struct domain_lists *ret)
{
    ret->all_count = virConnectListAllDomains(connection, &ret->all, 0);
    if (ret->all_count >= 0)
        ret->transient_count = virConnectListAllDomains(connection, &ret->transient,
                                                        VIR_CONNECT_LIST_DOMAINS_TRANSIENT);
    if (ret->all_count >= 0 && ret->transient_count >= 0)
        ret->autostart_count = virConnectListAllDomains(connection, &ret->autostart,
                                                        VIR_CONNECT_LIST_DOMAINS_AUTOSTART);
    return ret->all_count < 0 || ret->transient_count < 0 || ret->autostart_count < 0 ? -1 : 0;
}

static void free_list(virDomainPtr *domains, int count)
{
    for (int i = 0; i < count; i++)
        virDomainFree(domains[i]);
    free(domains);
}

static bool is_listed(virDomainPtr *domains, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(virDomainGetName(domains[i]), name) == 0)
            return true;
    }
    return false;
}

static int read_domain(virDomainPtr domain, const struct domain_lists *lists,
                       const char *cluster, struct survey *s, struct error **err)
{
    struct survey_domain d = {.name = xstrdup(virDomainGetName(domain))};
    int outcome = 0;

    virDomainGetUUIDString(domain, d.uuid);
    if (has_prefix(d.name, cluster)) {
        d.persistent = !is_listed(lists->transient, lists->transient_count, d.name);
        d.autostart = is_listed(lists->autostart, lists->autostart_count, d.name);
        if (virDomainGetState(domain, &d.state, NULL, 0) < 0)
            outcome = is_gone() ? 1 : error_virt(err, "reading domain '%s'", d.name);
        d.active = d.state != VIR_DOMAIN_SHUTOFF && d.state != VIR_DOMAIN_CRASHED;
        if (outcome == 0)
            outcome = read_ours(domain, cluster, &d, err);
    }
    if (outcome != 0) {
        free(d.name);
        domain_view_done(&d.config);
        domain_view_done(&d.live);
        return outcome < 0 ? -1 : 0;
    }
    vector_push(s->domains, s->domain_count, d);
    return 0;
}

static int read_domains(virConnectPtr connection, const char *cluster, struct survey *s,
                        struct error **err)
{
    struct domain_lists lists = {0};
    int outcome = 0;

    if (read_lists(connection, &lists) < 0)
        outcome = error_virt(err, "listing the domains of host '%s'", host_name(s->host));
    for (int i = 0; i < lists.all_count && outcome == 0; i++)
        outcome = read_domain(lists.all[i], &lists, cluster, s, err);
    free_list(lists.all, lists.all_count);
    free_list(lists.transient, lists.transient_count);
    free_list(lists.autostart, lists.autostart_count);
    return outcome;
}

/* libvirt's mock driver shows one definition only. */
static int read_our_network(virNetworkPtr network, bool mock, struct survey_network *n,
                            struct error **err)
{
    auto_free char *xml = NULL;
    int autostart = 0;

    n->persistent = virNetworkIsPersistent(network) == 1;
    if (!n->persistent)
        return 0;
    if (virNetworkGetAutostart(network, &autostart) == 0)
        n->autostart = autostart;
    if (!n->active || mock)
        return 0;
    xml = virNetworkGetXMLDesc(network, VIR_NETWORK_XML_INACTIVE);
    if (!xml)
        return virt_last_code() == VIR_ERR_NO_NETWORK
                   ? 0
                   : error_virt(err, "reading network '%s'", n->name);
    n->has_config = true;
    return network_view_parse(xml, &n->config, err);
}

static int read_network(virNetworkPtr network, const char *cluster, struct survey *s,
                        struct error **err)
{
    auto_free char *xml = virNetworkGetXMLDesc(network, 0);
    struct survey_network n = {0};

    if (!xml) {
        if (virt_last_code() == VIR_ERR_NO_NETWORK)
            return 0;
        return error_virt(err, "reading network '%s'", virNetworkGetName(network));
    }
    if (network_view_parse(xml, &n.view, err) < 0)
        return error_wrap(err, "reading network '%s'", virNetworkGetName(network));
    n.name = xstrdup(virNetworkGetName(network));
    virNetworkGetUUIDString(network, n.uuid);
    n.active = virNetworkIsActive(network) == 1;
    n.ours = is_ours(&n.view.tag, cluster, "network", n.uuid);
    /* on failure, survey_done() frees it */
    vector_push(s->networks, s->network_count, n);
    if (!n.ours)
        return 0;
    return read_our_network(network, host_is_mock(s->host), &s->networks[s->network_count - 1],
                            err);
}

static int read_networks(virConnectPtr connection, const char *cluster, struct survey *s,
                         struct error **err)
{
    virNetworkPtr *networks = NULL;
    int outcome = 0;
    int count = virConnectListAllNetworks(connection, &networks, 0);

    if (count < 0)
        return error_virt(err, "listing the networks of host '%s'", host_name(s->host));
    for (int i = 0; i < count; i++) {
        if (outcome == 0)
            outcome = read_network(networks[i], cluster, s, err);
        virNetworkFree(networks[i]);
    }
    free(networks);
    return outcome;
}

/* All of them start with their name. */
static int compare_names(const void *a, const void *b)
{
    return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* libvirt lists in no order, another one each time: what is said of it must not follow. */
static void sort(void *items, size_t count, size_t size)
{
    if (count)
        qsort(items, count, size, compare_names);
}

int survey_read(struct host *host, const char *cluster, struct survey *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);

    *ret = (struct survey){.host = host};
    if (read_domains(call.connection, cluster, ret, err) < 0 ||
        read_networks(call.connection, cluster, ret, err) < 0 ||
        (cluster && survey_read_pools(call.connection, cluster, ret, err) < 0)) {
        survey_done(ret);
        return -1;
    }
    sort(ret->domains, ret->domain_count, sizeof *ret->domains);
    sort(ret->networks, ret->network_count, sizeof *ret->networks);
    sort(ret->store.volumes, ret->store.volume_count, sizeof *ret->store.volumes);
    sort(ret->volumes.volumes, ret->volumes.volume_count, sizeof *ret->volumes.volumes);
    return 0;
}

void survey_pool_done(struct survey_pool *p)
{
    for (size_t i = 0; i < p->volume_count; i++) {
        free(p->volumes[i].name);
        free(p->volumes[i].path);
        volume_view_done(&p->volumes[i].view);
    }
    free(p->volumes);
    free(p->name);
    free(p->path);
    free(p->home);
}

void survey_done(struct survey *survey)
{
    for (size_t i = 0; i < survey->domain_count; i++) {
        free(survey->domains[i].name);
        domain_view_done(&survey->domains[i].config);
        domain_view_done(&survey->domains[i].live);
    }
    for (size_t i = 0; i < survey->network_count; i++) {
        free(survey->networks[i].name);
        network_view_done(&survey->networks[i].view);
        network_view_done(&survey->networks[i].config);
    }
    free(survey->domains);
    free(survey->networks);
    survey_pool_done(&survey->store);
    survey_pool_done(&survey->volumes);
    *survey = (struct survey){0};
}
