/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "host/power.h"
#include "network/network.h"
#include "provision/node/device_diff.h"
#include "provision/node/domain_diff.h"
#include "provision/node/domain_render.h"
#include "provision/node/domain_update.h"
#include "provision/node/machine.h"
#include "provision/pool.h"
#include "provision/store.h"
#include "util/size.h"

/* A domain needs the networks that it is defined on until it is gone or redefined. */
static void need_old_networks(struct resource_set *set, struct resource *r,
                              const struct machine *m)
{
    const char *cluster = m->provision->site.cluster_name;
    size_t prefix = strlen(cluster) + 1;

    for (size_t i = 0; i < m->found->config.nic_count; i++) {
        const char *network = m->found->config.nics[i].network;

        struct resource *old = NULL;

        if (network && strncmp(network, cluster, prefix - 1) == 0 && network[prefix - 1] == '_')
            old = resource_set_find(set, &network_kind, r->host, network + prefix);
        if (old && !(r->wanted && network_yields(old)))
            resource_need(r, old);
    }
}

/* The kept disk would be the one below the snapshot: what was written since would be lost. */
static int check_kept(const struct machine *m, struct error **err)
{
    const struct domain_view_disk *moved = device_moved(m);

    if (!moved)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "node '%s' runs on %s, a snapshot made outside of virtopo: its disks cannot be "
              "kept as they are",
              m->name, moved->path);
    return error_hint(err, "merge it first: virsh blockcommit %s %s --active --shallow --pivot",
                      m->domain_name, moved->target);
}

static int domain_observe(void *context, struct resource_set *set, struct error **err)
{
    struct provision *p = context;

    for (size_t h = 0; h < p->site.host_count; h++) {
        struct site_host *host = &p->site.hosts[h];
        const char *name = host_name(host->host);

        for (size_t i = 0; i < host->survey.domain_count; i++) {
            const struct survey_domain *found = &host->survey.domains[i];
            struct resource *r;

            if (!found->ours || provision_is_partial(p, found->config.tag.name))
                continue;
            r = resource_set_find(set, &domain_kind, name, found->config.tag.name);
            if (!r) {
                r = resource_set_add(set, &domain_kind, name, found->config.tag.name);
                r->data = machine_new(p, host, found->config.tag.name);
                resource_need(r, resource_set_find(set, &pool_kind, name, POOL_VOLUMES));
            }
            r->present = true;
            if (p->options.keep_disks && check_kept(r->data, err) < 0)
                return -1;
            need_old_networks(set, r, r->data);
        }
    }
    return 0;
}

static int domain_create(void *context, struct resource *r, struct task *task,
                         struct error **err)
{
    struct machine *m = r->data;
    auto_call struct host_call call = {0};
    auto_domain virDomainPtr domain = NULL;

    (void)context;
    if (domain_define(m, &call, &domain, err) < 0)
        return -1;
    if (task_cancelled(task))
        return error_set(err, ERROR_CANCELLED, "node '%s' is defined, but not started",
                         m->name);
    return machine_may_start(m) ? domain_start(m, domain, err) : 0;
}

static int stop_gently(struct machine *m, virDomainPtr domain, struct task *task,
                       struct error **err)
{
    enum power_stop stop = POWER_STOPPED;

    if (virDomainIsActive(domain) != 1)
        return 0;
    if (power_shutdown(domain, DOMAIN_SHUTDOWN_MS, task, &stop, err) < 0)
        return -1;
    if (stop == POWER_CANCELLED)
        return error_set(err, ERROR_CANCELLED, "node '%s': still shutting down", m->name);
    return power_off(domain, err);
}

/* Console logs of a node that goes while its cluster stays; with the whole cluster the pool's
 * own end sweeps them up. libvirt does not know these files before it reads the folder. */
static int remove_console(struct machine *m, virConnectPtr connection, struct error **err)
{
    auto_free char *pool_name = identity_pool(m->provision->site.cluster_name);
    auto_free char *log = machine_console_name(m->name);
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(connection, pool_name);

    if (!pool || virStoragePoolIsActive(pool) != 1)
        return 0;
    if (store_refresh(pool, err) < 0)
        return -1;
    for (int i = 0; i < 4; i++) { /* virtlogd keeps three older ones: .0, .1, .2 */
        auto_free char *name = i ? xasprintf("%s.%d", log, i - 1) : xstrdup(log);

        if (store_delete(pool, name, err) < 0)
            return -1;
    }
    return 0;
}

static bool pool_stays(const struct machine *m, const struct resource *r)
{
    const struct resource *pool =
        resource_set_find(&m->provision->set, &pool_kind, r->host, POOL_VOLUMES);

    return pool && pool->action != ACTION_DESTROY;
}

/* Also the state of a TPM that was to outlive the domain, unless the disks stay too; a libvirt
 * from before 8.9 removes it always. */
static int undefine(const struct provision *p, virDomainPtr domain)
{
    const unsigned flags = VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_NVRAM |
                           VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
                           VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA;
#if LIBVIR_CHECK_VERSION(8, 9, 0)
    const unsigned tpm = p->options.keep_disks ? 0 : VIR_DOMAIN_UNDEFINE_TPM;
#else
    const unsigned tpm = 0;

    (void)p;
#endif

    if (virDomainUndefineFlags(domain, flags | tpm) == 0)
        return 0;
    return virt_last_code() == VIR_ERR_INVALID_ARG ? virDomainUndefineFlags(domain, flags) : -1;
}

static int domain_destroy(void *context, struct resource *r, struct task *task,
                          struct error **err)
{
    const struct provision *p = context;
    struct machine *m = r->data;
    auto_call struct host_call call = host_call_begin(m->host->host);
    auto_domain virDomainPtr domain = virDomainLookupByUUIDString(call.connection, m->uuid);

    if (!domain)
        return virt_last_code() == VIR_ERR_NO_DOMAIN
                   ? 0
                   : error_virt(err, "looking for domain '%s'", m->domain_name);
    if (p->options.keep_disks && stop_gently(m, domain, task, err) < 0)
        return -1;
    if (power_off(domain, err) < 0)
        return -1;
    /* A transient one went with its power; asking it gives an error too. */
    if (undefine(p, domain) < 0) {
        error_virt(err, "removing domain '%s'", m->domain_name);
        if (virDomainIsPersistent(domain) == 1)
            return -1;
        error_clear(err);
    }
    return pool_stays(m, r) ? remove_console(m, call.connection, err) : 0;
}

static void describe_networks(const struct machine *m, struct buffer *out)
{
    list_each(struct nic, m->node->nics, nic)
    {
        char text[IP4_TEXT], text6[IP6_TEXT];

        buffer_printf(out, ", %s %s", nic->network,
                      nic->ip ? ip4_format(nic->ip, text) : "dhcp");
        if (ip6_is_set(nic->ip6))
            buffer_printf(out, " %s", ip6_format(nic->ip6, text6));
    }
}

static void describe_disks(const struct machine *m, struct buffer *out)
{
    char size[SIZE_TEXT];

    list_each(struct disk, m->node->disks, d)
    {
        const char *source = disk_source_text(m->provision->site.cluster->arena, &d->from);

        buffer_printf(out, ", %s %s", d->name,
                      disk_is_foreign(d) ? source : size_format(d->size, size));
    }
    list_each(struct cdrom, m->node->cdroms, c)
    {
        const char *medium = c->image ? c->image->name : c->path;

        buffer_printf(out, ", CD-ROM %s", medium ? medium : "empty");
    }
}

static char *domain_describe(void *context, const struct resource *r)
{
    const struct machine *m = r->data;
    auto_buffer struct buffer out = {0};
    char size[SIZE_TEXT];
    uint64_t disk;

    (void)context;
    if (!m->node)
        return NULL;
    disk = m->node->disk.size || !m->image ? m->node->disk.size : m->image->capacity;
    buffer_printf(&out, "%lld vCPU, %s, ", m->node->cpus.count,
                  size_format(m->node->memory.size, size));
    buffer_puts(&out, disk ? "disk " : "disk");
    if (disk)
        buffer_puts(&out, size_format(disk, size));
    if (m->image && m->node->image)
        buffer_printf(&out, " on %s", m->node->image->name);
    describe_disks(m, &out);
    describe_networks(m, &out);
    if (strcmp(r->host, "local") != 0)
        buffer_printf(&out, ", host %s", r->host);
    return buffer_take(&out);
}

static void domain_done(struct resource *r)
{
    machine_free(r->data);
}

const struct resource_kind domain_kind = {
    .name = "node",
    .rank = 50,
    .observe = domain_observe,
    .diff = domain_diff,
    .create = domain_create,
    .update = domain_update,
    .destroy = domain_destroy,
    .describe = domain_describe,
    .done = domain_done,
};
