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

/* libvirt makes a disk's place on its controller of the letters: SATA and IDE, with few places,
 * have letters of their own. */
static char *target_name(int bus, int n)
{
    const char *prefix = bus == DISK_VIRTIO                    ? "vd"
                         : bus == DISK_SATA || bus == DISK_IDE ? "hd"
                                                               : "sd";

    if (bus == DISK_NVME)
        return xasprintf("nvme%dn1", n);
    return n < 26 ? xasprintf("%s%c", prefix, 'a' + n)
                  : xasprintf("%s%c%c", prefix, 'a' + n / 26 - 1, 'a' + n % 26);
}

static bool fits_bus(const char *target, int bus)
{
    auto_free char *first = target_name(bus, 0);

    return strncmp(target, first, 2) == 0;
}

/* The target that the definition has for it, or NULL: by its alias, else by its file; but the
 * same medium may be in another drive now. */
static const char *known_target(const struct machine *m, const struct domain_disk *want)
{
    const char *target = NULL;

    for (size_t i = 0; m->found && i < m->found->config.disk_count; i++) {
        const struct domain_view_disk *disk = &m->found->config.disks[i];
        bool same_alias = disk->alias && strcmp(disk->alias, want->alias) == 0;
        bool same_path =
            !want->is_cdrom && disk->path && want->path && strcmp(disk->path, want->path) == 0;

        if (!disk->target || !fits_bus(disk->target, want->bus))
            continue;
        if (same_alias)
            return disk->target;
        if (same_path)
            target = disk->target;
    }
    return target;
}

static const char *choose_target(const struct machine *m, struct domain_parts *parts,
                                 const struct domain_disk *want)
{
    const char *known = known_target(m, want);
    char *target = NULL;

    if (known)
        return keep(parts, xstrdup(known));
    /* vda … vdz, vdaa … vdzz: more than a node may have disks */
    for (int n = 0; n < 26 + 26 * 26; n++) {
        free(target);
        target = target_name(want->bus, n);
        if (!is_target_used(parts, m->found, target))
            break;
    }
    return keep(parts, target);
}

static void add_disk(const struct machine *m, struct domain_parts *parts,
                     struct domain_disk disk, char *path, char *alias)
{
    disk.path = path ? keep(parts, path) : NULL;
    disk.alias = keep(parts, alias);
    disk.target = choose_target(m, parts, &disk);
    vector_push(parts->disks, parts->disk_count, disk);
}

static char *volume_path(const struct machine *m, char *volume)
{
    char *path = machine_path(m, volume);

    free(volume);
    return path;
}

/* What the file says of a disk, as the template has it. */
static struct domain_disk as_said(const struct node *node, const struct disk *d)
{
    return (struct domain_disk){.format = disk_format_name(d),
                                .serial = disk_serial(d),
                                .bus = d->bus,
                                .cache = d->cache,
                                .io = d->io,
                                .discard = d->discard,
                                .detect_zeroes = d->detect_zeroes,
                                .iothread = d->iothread,
                                .limits = &d->limits,
                                .readonly = d->readonly,
                                .shareable = d->shareable,
                                .boot_order = boot_place(node, d, (int)d->boot)};
}

static void add_root(const struct machine *m, struct domain_parts *parts)
{
    struct domain_disk root = as_said(m->node, &m->node->disk);

    root.format = "qcow2";
    root.boot_order = boot_place(m->node, &m->node->disk, node_root_boot(m->node));
    add_disk(m, parts, root, volume_path(m, machine_root_name(m->name)), xstrdup("ua-root"));
}

static void add_data_disk(const struct machine *m, struct domain_parts *parts,
                          const struct disk *d)
{
    struct domain_disk disk = as_said(m->node, d);
    char *path = NULL;

    if (!disk_is_foreign(d))
        path = volume_path(m, machine_disk_name(m->name, d));
    else
        disk.from = &d->from;
    if (d->from.kind == DISK_SOURCE_FILE || d->from.kind == DISK_SOURCE_BLOCK)
        path = xstrdup(d->from.file ? d->from.file : d->from.block);
    add_disk(m, parts, disk, path, xasprintf("ua-disk-%s", d->name));
}

/* The medium's path on the host; NULL for an empty drive, and while an image's is not known. */
static char *medium_path(const struct machine *m, const struct cdrom *cdrom)
{
    struct resource *image;

    if (!cdrom->image)
        return xstrdup_null(cdrom->path);
    image = resource_set_find(&m->provision->set, &image_kind, host_name(m->host->host),
                              cdrom->image->name);
    return image ? image_path(image_of(image)) : NULL;
}

static void add_cdrom(const struct machine *m, struct domain_parts *parts,
                      const struct cdrom *cdrom)
{
    struct domain_disk disk = {.is_cdrom = true,
                               .format = "raw",
                               .readonly = true,
                               .bus = cdrom_disk_bus(cdrom->bus),
                               .boot_order = boot_place(m->node, cdrom, (int)cdrom->boot)};

    char *path = medium_path(m, cdrom);

    add_disk(m, parts, disk, path, xasprintf("ua-cdrom-%s", cdrom->name));
}

static void plug_in(const struct machine *m, struct domain_parts *parts, const struct nic *nic,
                    struct domain_nic *ret)
{
    const char *name = keep(parts, machine_network(m, nic));

    switch (network_mode(nic->net)->plug) {
    case PLUG_NETWORK:
        ret->network = name;
        break;
    case PLUG_BRIDGE:
        ret->bridge = name;
        break;
    case PLUG_DIRECT:
        ret->dev = name;
        ret->dev_mode = network_macvtap_words[nic->net->macvtap];
        break;
    case PLUG_USER:
        ret->is_user = true;
        ret->forwards = &nic->forwards;
        ret->ssh_port = nic->ssh_port;
        break;
    case PLUG_OVS:
        ret->bridge = name;
        ret->vlan = &nic->vlan;
        identity_port_uuid(m->provision->site.cluster_name, m->name, nic->mac, ret->port_id);
        break;
    }
}

static void add_nics(const struct machine *m, struct domain_parts *parts)
{
    size_t index = 0;

    list_each(struct nic, m->node->nics, nic)
    {
        struct domain_nic n = {.model = nic->model,
                               .mtu = nic->mtu ? nic->mtu : nic->net->mtu,
                               .link = nic->link,
                               .driver = nic->driver,
                               .queues = nic->queues,
                               .bandwidth = &nic->bandwidth,
                               .filter = nic->filter,
                               .boot_order = boot_place(m->node, nic, (int)nic->boot)};

        plug_in(m, parts, nic, &n);
        n.alias = keep(parts, xasprintf("ua-net%zu", index++));
        mac_format(nic->mac, n.mac);
        vector_push(parts->nics, parts->nic_count, n);
    }
}

void domain_parts_build(const struct machine *m, struct domain_parts *ret)
{
    struct domain_disk seed = {.format = "raw", .readonly = true};
    bool has_root = !disk_is_none(&m->node->disk);

    *ret = (struct domain_parts){0};
    if (has_root)
        add_root(m, ret);
    list_each(struct disk, m->node->disks, d) add_data_disk(m, ret, d);
    list_each(struct cdrom, m->node->cdroms, cdrom) add_cdrom(m, ret, cdrom);
    if (has_root)
        add_disk(m, ret, seed, volume_path(m, machine_seed_name(m)), xstrdup("ua-seed"));
    add_nics(m, ret);
}

void domain_parts_fill(const struct machine *m, const struct domain_parts *parts,
                       struct domain_template *ret)
{
    ret->name = m->domain_name;
    ret->node = m->node;
    ret->disks = parts->disks;
    ret->disk_count = parts->disk_count;
    ret->nics = parts->nics;
    ret->nic_count = parts->nic_count;
    snprintf(ret->uuid, sizeof ret->uuid, "%s", m->uuid);
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

/* To one of the two: the text, or the document. */
static int render(const struct machine *m, struct domain_template t, char **ret_text,
                  xmlDocPtr *ret_document, struct error **err)
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
                      .clone_of = (char *)m->node->clone_of,
                      .extra_hostkey = m->host_key,
                      .spec = spec};
    int outcome;

    domain_parts_build(m, &parts);
    domain_parts_fill(m, &parts, &t);
    t.console_log = log;
    t.tag = &tag;
    outcome = ret_text ? domain_xml(&t, ret_text, err) : domain_document(&t, ret_document, err);
    json_decref(spec);
    return outcome;
}

int domain_render(const struct machine *m, const char *type, const char *arch,
                  const char *machine, const char *virtualisation, char **ret,
                  struct error **err)
{
    const struct domain_template t = {
        .type = type, .arch = arch, .machine = machine, .virtualisation = virtualisation};

    return render(m, t, ret, NULL, err);
}

int domain_render_document(const struct machine *m, const char *type, const char *arch,
                           const char *machine, const char *virtualisation, xmlDocPtr *ret,
                           struct error **err)
{
    const struct domain_template t = {
        .type = type, .arch = arch, .machine = machine, .virtualisation = virtualisation};

    return render(m, t, NULL, ret, err);
}
