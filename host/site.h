/* SPDX-License-Identifier: Apache-2.0 */
/* A cluster's hosts and what was found on them: what the resource kinds share. */
#ifndef HOST_SITE_H
#define HOST_SITE_H

#include "config/cluster.h"
#include "host/facts.h"
#include "host/hardware/domcaps.h"
#include "host/links.h"
#include "host/net_facts.h"
#include "host/survey.h"

struct site_host {
    struct host *host;
    struct survey survey;
    struct host_facts facts; /* read when first asked for */
    bool has_facts;
    struct links links; /* likewise */
    bool has_links;
    struct net_facts net_facts; /* likewise */
    bool has_net_facts;
    struct firewall_view *firewall; /* likewise (host/firewall.h); NULL until then */
    struct domcaps **domcaps;       /* likewise, for each sort of guest */
    size_t domcaps_count;
};

struct site {
    const char *cluster_name;
    struct cluster *cluster; /* NULL: without the file */
    struct site_host *hosts;
    size_t host_count;
    char *owner; /* "ann@desk", for tags */
    /* By index of cluster->nodes: those that this run is for. Owned; NULL: all. */
    bool *selected;
};

/* Connects to all hosts of `cluster` (or, without one, to `uri` alone, with the store in `dir`,
 * NULL: where such a host has it) and surveys them. */
int site_open(struct cluster *cluster, const char *cluster_name, const char *uri,
              const char *dir, unsigned parallel, struct site *ret,
              struct error **err) MUST_CHECK;
/* Surveys all hosts anew, over the connections that are open. */
int site_survey(struct site *site, struct error **err) MUST_CHECK;
/* The hosts of `cluster` without any connection: for rendering, nothing may call them. */
void site_offline(struct cluster *cluster, struct site *ret);
void site_close(struct site *site);
/* Whether this run is for the node; NULL and unknown ones only in a run for all. */
bool site_is_selected(const struct site *site, const char *node);
/* By name; never NULL for a name that the cluster has. */
struct site_host *site_host(const struct site *site, const char *name);
/* Reads the capabilities once; thread-safe. */
int site_facts(struct site_host *host, const struct host_facts **ret,
               struct error **err) MUST_CHECK;
/* Reads the host's links and routes once; thread-safe. Costs a command there. */
int site_links(struct site_host *host, const struct links **ret, struct error **err) MUST_CHECK;
/* Likewise what else decides whether packets pass. */
int site_net_facts(struct site_host *host, const struct net_facts **ret,
                   struct error **err) MUST_CHECK;
/* They have been changed: the next one to ask reads them anew. What site_links() gave is gone.
 */
void site_forget_links(struct site_host *host);
/* Asks once what the host offers to such guests; thread-safe. Costs a call. */
int site_domcaps(struct site_host *host, const char *arch, const char *machine,
                 const char *type, const struct domcaps **ret, struct error **err) MUST_CHECK;

#endif
