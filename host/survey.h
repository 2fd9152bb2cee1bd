/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is on a host right now, read in one go before anything is planned: the domains,
 * networks, pools and volumes of one cluster (or of all), and as much of the foreign ones as
 * is needed to stay out of their way. Leaves everything as it was.
 */
#ifndef HOST_SURVEY_H
#define HOST_SURVEY_H

#include "host/host.h"
#include "templates/domain/domain_xml.h"
#include "templates/network_xml.h"
#include "templates/storage_xml.h"

struct survey_domain {
    char *name;
    char uuid[UUID_TEXT];
    int state; /* virDomainState */
    bool active, persistent, autostart;
    bool ours;                 /* carries a tag of the cluster asked for */
    struct domain_view config; /* what it will start as next; of ours only */
    struct domain_view live;   /* what runs; of ours and active only */
    bool has_live;
};

struct survey_network {
    char *name;
    char uuid[UUID_TEXT];
    bool active, persistent, autostart;
    bool ours;
    struct network_view view; /* of all networks: what runs, else what is defined */
    struct network_view
        config; /* what it starts as next; of ours that run and are persistent */
    bool has_config;
};

struct survey_volume {
    char *name;
    char *path;
    bool readable;           /* its XML could be read: the file is there */
    struct volume_view view; /* when readable */
};

/* What is in the folder is read also where somebody stopped the pool, or removed it from
 * libvirt: for the time of the look it runs. */
struct survey_pool {
    char *name;
    char uuid[UUID_TEXT];
    bool present, active, autostart; /* as somebody left it */
    bool seen;                       /* `volumes` is what is in the folder */
    bool stale;                      /* files that libvirt lists are gone, or the folder is */
    char *path;                      /* NULL: neither a pool nor a folder is there */
    char *home;                      /* path and UUID as virtopo makes it */
    char home_uuid[UUID_TEXT];
    uint64_t available; /* bytes; 0 when not active */
    struct survey_volume *volumes;
    size_t volume_count;
};

struct survey {
    struct host *host;
    struct survey_domain *domains; /* all, ours and foreign */
    size_t domain_count;
    struct survey_network *networks;
    size_t network_count;
    struct survey_pool store;   /* base images, shared by all clusters */
    struct survey_pool volumes; /* this cluster's */
};

/* All lists come sorted by name. `cluster`: whose domains and networks are ours; NULL: every
 * tagged one, without volumes. */
int survey_read(struct host *host, const char *cluster, struct survey *ret,
                struct error **err) MUST_CHECK;
/* The part of survey_read() that is about pools. */
int survey_read_pools(virConnectPtr connection, const char *cluster, struct survey *ret,
                      struct error **err) MUST_CHECK;
/* The store alone, which a survey without a cluster leaves out. */
int survey_read_store(virConnectPtr connection, struct survey *ret,
                      struct error **err) MUST_CHECK;
void survey_done(struct survey *survey);
void survey_pool_done(struct survey_pool *pool);

struct survey_domain *survey_domain(const struct survey *survey, const char *uuid);
struct survey_domain *survey_domain_named(const struct survey *survey, const char *name);
struct survey_network *survey_network(const struct survey *survey, const char *uuid);
struct survey_network *survey_network_named(const struct survey *survey, const char *name);
/* Whether the definition of a domain names a disk at `path`; also for NULL. */
bool survey_domain_has_disk(const struct survey_domain *domain, const char *path);
struct survey_volume *survey_pool_volume(const struct survey_pool *pool, const char *name);

#endif
