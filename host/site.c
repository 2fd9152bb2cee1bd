/* SPDX-License-Identifier: Apache-2.0 */
#include "host/site.h"

#include "config/session.h"

#include <pthread.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host/firewall.h"

/* Guards what is read when first asked for. */
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

static int add_host(struct site *site, const char *name, const char *uri, const char *dir,
                    unsigned parallel, struct error **err)
{
    auto_free char *store = dir ? xstrdup(dir) : session_store(uri);
    struct site_host h = {0};

    if (!store) {
        error_set(err, ERROR_CONFIG, "which folder of %s is for the store is not known here",
                  uri);
        return error_hint(err, "a file with hosts: { NAME: { uri: %s, dir: FOLDER } } says it",
                          uri);
    }
    if (host_open(name, uri, store, &h.host, err) < 0)
        return -1;
    if (parallel)
        host_set_parallel(h.host, parallel);
    if (survey_read(h.host, site->cluster_name, &h.survey, err) < 0) {
        host_close(h.host);
        return -1;
    }
    vector_push(site->hosts, site->host_count, h);
    return 0;
}

static char *user_at_machine(void)
{
    const struct passwd *user = getpwuid(geteuid());
    struct utsname machine = {0};

    uname(&machine);
    return xasprintf("%s@%s", user ? user->pw_name : "?", machine.nodename);
}

static void site_start(struct cluster *cluster, const char *cluster_name, struct site *ret)
{
    *ret = (struct site){.cluster_name = cluster ? cluster->name : cluster_name,
                         .cluster = cluster,
                         .owner = user_at_machine()};
}

int site_open(struct cluster *cluster, const char *cluster_name, const char *uri,
              const char *dir, unsigned parallel, struct site *ret, struct error **err)
{
    int outcome = 0;

    site_start(cluster, cluster_name, ret);
    if (!cluster)
        outcome = add_host(ret, "local", uri, dir, parallel, err);
    else
        list_each(struct host_entry, cluster->hosts, entry)
        {
            if (outcome == 0)
                outcome = add_host(ret, entry->name, entry->uri, entry->dir, parallel, err);
        }
    if (outcome < 0)
        site_close(ret);
    return outcome;
}

int site_survey(struct site *site, struct error **err)
{
    for (size_t i = 0; i < site->host_count; i++) {
        struct site_host *h = &site->hosts[i];

        survey_done(&h->survey);
        site_forget_links(h);
        site_forget_firewall(h);
        if (survey_read(h->host, site->cluster_name, &h->survey, err) < 0)
            return -1;
    }
    return 0;
}

void site_offline(struct cluster *cluster, struct site *ret)
{
    site_start(cluster, NULL, ret);
    free(TAKE(ret->owner)); /* rendering says nothing about who did it */
    list_each(struct host_entry, cluster->hosts, entry)
    {
        struct site_host h = {.host = host_offline(entry->name, entry->uri, entry->dir)};

        h.survey.host = h.host;
        vector_push(ret->hosts, ret->host_count, h);
    }
}

static void forget_domcaps(struct site_host *host)
{
    for (size_t i = 0; i < host->domcaps_count; i++) {
        domcaps_done(host->domcaps[i]);
        free(host->domcaps[i]);
    }
    free(host->domcaps);
}

void site_close(struct site *site)
{
    for (size_t i = 0; i < site->host_count; i++) {
        survey_done(&site->hosts[i].survey);
        host_facts_done(&site->hosts[i].facts);
        site_forget_firewall(&site->hosts[i]);
        links_done(&site->hosts[i].links);
        net_facts_done(&site->hosts[i].net_facts);
        forget_domcaps(&site->hosts[i]);
        host_close(site->hosts[i].host);
    }
    free(site->hosts);
    free(site->owner);
    free(site->selected);
    *site = (struct site){0};
}

bool site_is_selected(const struct site *site, const char *node)
{
    const struct node *known =
        site->selected && node ? cluster_node(site->cluster, node) : NULL;

    return !site->selected || (known && site->selected[known - site->cluster->nodes]);
}

struct site_host *site_host(const struct site *site, const char *name)
{
    for (size_t i = 0; i < site->host_count; i++) {
        if (strcmp(host_name(site->hosts[i].host), name) == 0)
            return &site->hosts[i];
    }
    return NULL;
}

int site_facts(struct site_host *host, const struct host_facts **ret, struct error **err)
{
    int outcome = 0;

    pthread_mutex_lock(&reading);
    if (!host->has_facts)
        outcome = host_facts_read(host->host, &host->facts, err);
    if (outcome == 0) {
        host->has_facts = true;
        *ret = &host->facts;
    }
    pthread_mutex_unlock(&reading);
    return outcome;
}

int site_links(struct site_host *host, const struct links **ret, struct error **err)
{
    int outcome = 0;

    pthread_mutex_lock(&reading);
    if (!host->has_links)
        outcome = links_read(host->host, &host->links, err);
    if (outcome == 0) {
        host->has_links = true;
        *ret = &host->links;
    }
    pthread_mutex_unlock(&reading);
    return outcome;
}

int site_net_facts(struct site_host *host, const struct net_facts **ret, struct error **err)
{
    int outcome = 0;

    pthread_mutex_lock(&reading);
    if (!host->has_net_facts)
        outcome = net_facts_read(host->host, &host->net_facts, err);
    if (outcome == 0) {
        host->has_net_facts = true;
        *ret = &host->net_facts;
    }
    pthread_mutex_unlock(&reading);
    return outcome;
}

void site_forget_links(struct site_host *host)
{
    pthread_mutex_lock(&reading);
    if (host->has_links)
        links_done(&host->links);
    if (host->has_net_facts)
        net_facts_done(&host->net_facts);
    host->has_links = host->has_net_facts = false;
    pthread_mutex_unlock(&reading);
}

static int read_domcaps(struct site_host *host, const char *arch, const char *machine,
                        const char *type, const struct domcaps **ret, struct error **err)
{
    struct domcaps caps, *kept;

    for (size_t i = 0; i < host->domcaps_count; i++) {
        const struct domcaps *known = host->domcaps[i];

        *ret = known;
        if (strcmp(known->arch, arch) == 0 && strcmp(known->machine, machine) == 0 &&
            strcmp(known->type, type) == 0)
            return 0;
    }
    if (domcaps_read(host->host, arch, machine, type, &caps, err) < 0)
        return -1;
    kept = xmalloc(sizeof *kept);
    *kept = caps;
    vector_push(host->domcaps, host->domcaps_count, kept);
    *ret = kept;
    return 0;
}

int site_domcaps(struct site_host *host, const char *arch, const char *machine,
                 const char *type, const struct domcaps **ret, struct error **err)
{
    int outcome;

    pthread_mutex_lock(&reading);
    outcome = read_domcaps(host, arch, machine, type, ret, err);
    pthread_mutex_unlock(&reading);
    return outcome;
}
