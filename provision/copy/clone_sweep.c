/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of clones and exports that were cut off. */
#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/copy/clone.h"
#include "provision/copy/disk_copy.h"
#include "provision/store.h"

bool clone_is_leftover(const char *volume)
{
    return strstr(volume, CLONE_MARK) || strstr(volume, CLONE_EXPORT);
}

/* The node that a mark is of, or NULL. */
static char *marked(const char *volume, const char *mark)
{
    const char *at = strstr(volume, mark);

    return at ? xstrndup(volume, (size_t)(at - volume)) : NULL;
}

static const struct survey_domain *domain_of(const struct site_host *host, const char *cluster,
                                             const char *node)
{
    char uuid[UUID_TEXT];
    const struct survey_domain *d;

    identity_domain_uuid(cluster, node, uuid);
    d = survey_domain(&host->survey, uuid);
    return d && d->ours ? d : NULL;
}

bool clone_is_partial(const struct site_host *host, const char *node)
{
    const struct survey_pool *pool = &host->survey.volumes;
    size_t length = strlen(node);

    for (size_t i = 0; i < pool->volume_count; i++) {
        const char *name = pool->volumes[i].name;

        if (strncmp(name, node, length) == 0 &&
            strncmp(name + length, CLONE_MARK, strlen(CLONE_MARK)) == 0) {
            for (size_t d = 0; d < host->survey.domain_count; d++) {
                const struct tag *tag = &host->survey.domains[d].config.tag;

                if (host->survey.domains[d].ours && strcmp(tag->name, node) == 0)
                    return false;
            }
            return true;
        }
    }
    return false;
}

bool clone_has_leftovers(const struct provision *p)
{
    for (size_t h = 0; h < p->site.host_count; h++) {
        const struct survey_pool *pool = &p->site.hosts[h].survey.volumes;

        for (size_t i = 0; i < pool->volume_count; i++) {
            if (clone_is_leftover(pool->volumes[i].name))
                return true;
        }
    }
    return false;
}

static int remove_disks(const struct site_host *host, virStoragePoolPtr pool, const char *node,
                        struct error **err)
{
    const struct survey_pool *found = &host->survey.volumes;
    size_t length = strlen(node);

    for (size_t i = 0; i < found->volume_count; i++) {
        const char *name = found->volumes[i].name;

        if (strncmp(name, node, length) == 0 && name[length] == '.' &&
            !clone_is_leftover(name) && store_delete(pool, name, err) < 0)
            return -1;
    }
    return 0;
}

/* A node that is defined has disks that were copied to the end. */
static int sweep_volume(struct provision *p, const struct site_host *host,
                        virStoragePoolPtr pool, const char *volume, struct error **err)
{
    virConnectPtr connection = virStoragePoolGetConnect(pool);
    const char *cluster = p->site.cluster_name;
    auto_free char *clone = marked(volume, CLONE_MARK);
    auto_free char *exported = marked(volume, CLONE_EXPORT);
    auto_free char *folder = identity_pool_path(host_dir(host->host), cluster);
    const struct survey_domain *source;

    source = domain_of(host, cluster,
                       clone ? volume + strlen(clone) + strlen(CLONE_MARK) : exported);
    if (source && source->active)
        disk_copy_end(connection, source, folder);
    if (clone && !domain_of(host, cluster, clone) && remove_disks(host, pool, clone, err) < 0)
        return -1;
    return store_delete(pool, volume, err);
}

int clone_sweep(struct provision *p, struct error **err)
{
    for (size_t h = 0; h < p->site.host_count; h++) {
        const struct site_host *host = &p->site.hosts[h];
        const struct survey_pool *found = &host->survey.volumes;
        auto_call struct host_call call = host_call_begin(host->host);
        auto_pool virStoragePoolPtr pool = NULL;

        for (size_t i = 0; i < found->volume_count; i++) {
            if (!clone_is_leftover(found->volumes[i].name))
                continue;
            if (!pool && store_open(call.connection, found, &pool, err) < 0)
                return -1;
            if (sweep_volume(p, host, pool, found->volumes[i].name, err) < 0)
                return error_wrap(err, "removing what is left of a copy");
        }
    }
    return 0;
}

int clone_finish(struct provision *p, struct error **err)
{
    for (size_t h = 0; h < p->site.host_count; h++) {
        struct site_host *host = &p->site.hosts[h];
        auto_free char *mark =
            xasprintf("%s" CLONE_MARK "%s", p->options.clone_name, p->options.clone_of);
        auto_call struct host_call call = host_call_begin(host->host);
        auto_pool virStoragePoolPtr pool = NULL;
        auto_domain virDomainPtr domain = NULL;
        char uuid[UUID_TEXT];

        identity_domain_uuid(p->site.cluster_name, p->options.clone_name, uuid);
        domain = virDomainLookupByUUIDString(call.connection, uuid);
        if (domain && (store_open(call.connection, &host->survey.volumes, &pool, err) < 0 ||
                       store_delete(pool, mark, err) < 0))
            return -1;
    }
    return 0;
}
