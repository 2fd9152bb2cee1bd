/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/live_update.h"

#include <string.h>

#include "provision/fault/fault_field.h"
#include "provision/node/domain_render.h"

/* The device's kind, and the first word of what can be changed of it. */
static const struct {
    const char *kind, *key;
} rows[] = {
    {"network", "link"},  {"network", "bandwidth"}, {"network", "filter"}, {"network", "vlan"},
    {"network", "trunk"}, {"cdrom", "source"},      {"cdrom", "image"},    {"cdrom", "file"},
    {"disk", "limits"},   {"disk", "iotune"},
};

bool live_update_can(const char *what)
{
    const char *name = strchr(what, ' ');
    const char *key = name ? strchr(name + 1, ' ') : NULL;

    for (size_t i = 0; key && i < ARRAY_SIZE(rows); i++) {
        size_t kind = strlen(rows[i].kind);

        if (strncmp(what, rows[i].kind, kind) == 0 && what[kind] == ' ' &&
            strncmp(key + 1, rows[i].key, strlen(rows[i].key)) == 0)
            return true;
    }
    return false;
}

static const struct domain_view_disk *running(const struct machine *m, const char *alias)
{
    const struct domain_view *live = &m->found->live;

    for (size_t i = 0; i < live->disk_count; i++) {
        if (live->disks[i].alias && strcmp(live->disks[i].alias, alias) == 0)
            return &live->disks[i];
    }
    return NULL;
}

/* Whether something told of begins with `area` and goes on with `key`: "disk data limits". */
static bool has_change(const struct resource *r, const char *area, const char *key)
{
    size_t length = strlen(area);

    for (size_t i = 0; i < r->changes.count; i++) {
        const char *what = r->changes.items[i].what;

        if (strncmp(what, area, length) == 0 && strchr(" .", what[length]) &&
            strncmp(what + length + (what[length] != '\0'), key, strlen(key)) == 0)
            return true;
    }
    return false;
}

static int update(virDomainPtr domain, const char *xml, const char *what,
                  const struct machine *m, struct error **err)
{
    return virDomainUpdateDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) == 0
               ? 0
               : error_virt(err, "changing %s of node '%s'", what, m->name);
}

static int change_media(const struct machine *m, virDomainPtr domain,
                        const struct domain_parts *parts, struct error **err)
{
    for (size_t i = 0; i < parts->disk_count; i++) {
        const struct domain_disk *disk = &parts->disks[i];
        const struct domain_view_disk *now = disk->is_cdrom ? running(m, disk->alias) : NULL;
        const char *have = now && now->path ? now->path : "";
        auto_free char *what = NULL;
        auto_free char *xml = NULL;

        if (!now || strcmp(have, disk->path ? disk->path : "") == 0)
            continue;
        what = xasprintf("the medium in CD-ROM drive '%s'", disk->alias + strlen("ua-cdrom-"));
        if (domain_disk_xml(disk, &xml, err) < 0 || update(domain, xml, what, m, err) < 0)
            return -1;
    }
    return 0;
}

/* "disk root limits", or in the words of the XML "disk data iotune". */
static bool has_limits_changed(const struct resource *r, const struct domain_disk *disk)
{
    auto_free char *area = strncmp(disk->alias, "ua-disk-", 8) == 0
                               ? xasprintf("disk %s", disk->alias + 8)
                               : xstrdup("disk root");

    return disk->limits && (has_change(r, area, "limits") || has_change(r, area, "iotune"));
}

static int set_limits(virDomainPtr domain, const struct machine *m,
                      const struct domain_disk *disk, struct error **err)
{
    const struct disk_limits *l = disk->limits;
    const struct {
        const char *name;
        uint64_t value;
    } limits[] = {
        {VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC, l->bytes},
        {VIR_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC, l->read_bytes},
        {VIR_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC, l->write_bytes},
        {VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC, (uint64_t)l->iops},
        {VIR_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC, (uint64_t)l->read_iops},
        {VIR_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC, (uint64_t)l->write_iops},
        {VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC_MAX, l->bytes_max},
        {VIR_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC_MAX, l->read_bytes_max},
        {VIR_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC_MAX, l->write_bytes_max},
        {VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC_MAX, (uint64_t)l->iops_max},
        {VIR_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC_MAX, (uint64_t)l->read_iops_max},
        {VIR_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC_MAX, (uint64_t)l->write_iops_max},
    };
    virTypedParameterPtr parameters = NULL;
    int count = 0, most = 0, outcome = 0;

    for (size_t i = 0; i < ARRAY_SIZE(limits) && outcome == 0; i++)
        outcome = virTypedParamsAddULLong(&parameters, &count, &most, limits[i].name,
                                          limits[i].value);
    if (outcome == 0)
        outcome = virDomainSetBlockIoTune(domain, disk->target, parameters, count,
                                          VIR_DOMAIN_AFFECT_LIVE);
    virTypedParamsFree(parameters, count);
    return outcome < 0
               ? error_virt(err, "limiting disk '%s' of node '%s'", disk->alias + 3, m->name)
               : 0;
}

static int change_limits(const struct resource *r, virDomainPtr domain,
                         const struct domain_parts *parts, struct error **err)
{
    const struct machine *m = r->data;

    for (size_t i = 0; i < parts->disk_count; i++) {
        const struct domain_disk *disk = &parts->disks[i];

        if (has_limits_changed(r, disk) && running(m, disk->alias) &&
            set_limits(domain, m, disk, err) < 0)
            return -1;
    }
    return 0;
}

/* libvirt finds a NIC by its MAC, but refuses another alias than it has. NULL: not there. */
static const char *running_alias(const struct machine *m, const char *mac)
{
    for (size_t i = 0; i < m->found->live.nic_count; i++) {
        char text[MAC_TEXT];

        if (strcmp(mac_format(m->found->live.nics[i].mac, text), mac) == 0)
            return m->found->live.nics[i].alias;
    }
    return NULL;
}

static int change_nics(const struct resource *r, virDomainPtr domain,
                       const struct domain_parts *parts, struct error **err)
{
    static const char *const keys[] = {"link", "bandwidth", "filter", "vlan", "trunk"};
    const struct machine *m = r->data;

    for (size_t i = 0; i < parts->nic_count; i++) {
        auto_free char *area = xasprintf("network %zu", i + 1);
        struct domain_nic nic = parts->nics[i];
        auto_free char *xml = NULL;
        bool differs = false;

        for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
            differs = differs || has_change(r, area, keys[k]);
        nic.alias = running_alias(m, nic.mac);
        if (!differs || !nic.alias)
            continue;
        if (fault_holds_link(m->found, ((const struct nic *)m->node->nics.items)[i].network))
            nic.link = NIC_LINK_DOWN;
        if (domain_nic_xml(&nic, &xml, err) < 0 || update(domain, xml, area, m, err) < 0)
            return -1;
    }
    return 0;
}

int live_update(const struct resource *r, virDomainPtr domain, struct error **err)
{
    const struct machine *m = r->data;
    auto_parts struct domain_parts parts = {0};

    if (!m->found || !m->found->has_live)
        return 0;
    domain_parts_build(m, &parts);
    if (change_media(m, domain, &parts, err) < 0 || change_limits(r, domain, &parts, err) < 0)
        return -1;
    return change_nics(r, domain, &parts, err);
}
