/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/domain_render.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"

static const char *keep(struct domain_parts *parts, char *string)
{
    vector_push(parts->strings, parts->string_count, string);
    return string;
}

static bool is_target_used(const struct domain_parts *parts, const struct survey_domain *found,
                           const char *target)
{
    for (size_t i = 0; i < parts->disk_count; i++) {
        if (strcmp(parts->disks[i].target, target) == 0)
            return true;
    }
    for (size_t i = 0; found && i < found->config.disk_count; i++) {
        if (found->config.disks[i].target && strcmp(found->config.disks[i].target, target) == 0)
            return true;
    }
    return false;
}

static const char *choose_target(const struct machine *m, struct domain_parts *parts,
                                 const char *path, const char *alias, int bus)
{
    const char *prefix = bus == DISK_VIRTIO ? "vd" : "sd";
    char *target = NULL;

    for (size_t i = 0; m->found && i < m->found->config.disk_count; i++) {
        const struct domain_view_disk *disk = &m->found->config.disks[i];
        bool same = (disk->path && strcmp(disk->path, path) == 0) ||
                    (disk->alias && strcmp(disk->alias, alias) == 0);

        if (same && disk->target && strncmp(disk->target, prefix, 2) == 0)
            return keep(parts, xstrdup(disk->target));
    }
    /* vda … vdz, vdaa … vdzz: more than a node may have disks */
    for (int n = 0; n < 26 + 26 * 26; n++) {
        free(target);
        target = n < 26 ? xasprintf("%s%c", prefix, 'a' + n)
                        : xasprintf("%s%c%c", prefix, 'a' + n / 26 - 1, 'a' + n % 26);
        if (!is_target_used(parts, m->found, target))
            break;
    }
    return keep(parts, target);
}

static void add_disk(const struct machine *m, struct domain_parts *parts,
                     struct domain_disk disk, char *volume, char *alias)
{
    disk.path = keep(parts, machine_path(m, volume));
    disk.alias = keep(parts, alias);
    disk.target = choose_target(m, parts, disk.path, disk.alias, disk.bus);
    free(volume);
    vector_push(parts->disks, parts->disk_count, disk);
}

static void add_nics(const struct machine *m, struct domain_parts *parts)
{
    size_t index = 0;

    list_each(struct nic, m->node->nics, nic)
    {
        struct domain_nic n = {.model = nic->model, .mtu = nic->mtu ? nic->mtu : nic->net->mtu};

        n.network =
            keep(parts, identity_network(m->provision->site.cluster_name, nic->network));
        n.alias = keep(parts, xasprintf("ua-net%zu", index++));
        mac_format(nic->mac, n.mac);
        vector_push(parts->nics, parts->nic_count, n);
    }
}

void domain_parts_build(const struct machine *m, struct domain_parts *ret)
{
    struct domain_disk root = {.format = "qcow2", .boot_order = 1};
    struct domain_disk seed = {.format = "raw", .readonly = true};

    *ret = (struct domain_parts){0};
    add_disk(m, ret, root, machine_volume_name(m->name, "root"), xstrdup("ua-root"));
    list_each(struct disk, m->node->disks, d)
    {
        struct domain_disk disk = {.format = "qcow2",
                                   .serial = d->serial ? d->serial : d->name,
                                   .bus = d->bus,
                                   .cache = d->cache,
                                   .discard = d->discard};

        add_disk(m, ret, disk, machine_volume_name(m->name, d->name),
                 xasprintf("ua-disk-%s", d->name));
    }
    add_disk(m, ret, seed, machine_seed_name(m), xstrdup("ua-seed"));
    add_nics(m, ret);
}

void domain_parts_done(struct domain_parts *parts)
{
    for (size_t i = 0; i < parts->string_count; i++)
        free(parts->strings[i]);
    free(parts->strings);
    free(parts->disks);
    free(parts->nics);
    *parts = (struct domain_parts){0};
}

int domain_render(const struct machine *m, const char *type, const char *arch,
                  const char *machine, const char *virtualisation, char **ret,
                  struct error **err)
{
    auto_parts struct domain_parts parts = {0};
    auto_free char *log_name = machine_console_name(m->name);
    auto_free char *log = machine_path(m, log_name);
    json_t *spec = machine_spec(m);
    char kind[] = "node";
    struct tag tag = {.cluster = (char *)m->provision->site.cluster_name,
                      .kind = kind,
                      .name = m->name,
                      .host = (char *)host_name(m->host->host),
                      .owner = m->provision->site.owner,
                      .extra_hostkey = m->host_key,
                      .spec = spec};
    struct domain_template t = {.name = m->domain_name,
                                .type = type,
                                .arch = arch,
                                .machine = machine,
                                .console_log = log,
                                .virtualisation = virtualisation,
                                .node = m->node,
                                .tag = &tag};
    int outcome;

    domain_parts_build(m, &parts);
    t.disks = parts.disks;
    t.disk_count = parts.disk_count;
    t.nics = parts.nics;
    t.nic_count = parts.nic_count;
    snprintf(t.uuid, sizeof t.uuid, "%s", m->uuid);
    outcome = domain_xml(&t, ret, err);
    json_decref(spec);
    return outcome;
}
