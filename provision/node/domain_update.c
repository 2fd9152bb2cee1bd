/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/domain_update.h"

#include <stdlib.h>
#include <string.h>

#include "host/power.h"
#include "provision/node/domain_render.h"
#include "provision/node/live_update.h"
#include "provision/node/nic_plug.h"
#include "provision/node/resize.h"
#include "provision/node/guest_type.h"

int domain_define(struct machine *m, struct host_call *call, virDomainPtr *ret,
                  struct error **err)
{
    const struct host_facts *facts;
    struct guest_type guest;
    auto_free char *xml = NULL;

    if (site_facts(m->host, &facts, err) < 0)
        return -1;
    guest_type_choose(m->node, facts, &guest);
    if (domain_render(m, guest.type, guest.arch, guest.machine, facts->virtualisation, &xml,
                      err) < 0)
        return -1;
    *call = host_call_begin(m->host->host);
    *ret = virDomainDefineXMLFlags(call->connection, xml, 0);
    if (!*ret)
        return error_virt(err, "defining domain '%s'", m->domain_name);
    if (m->found || m->node->autostart) {
        if (virDomainSetAutostart(*ret, m->node->autostart) < 0)
            return error_virt(err, "setting autostart of domain '%s'", m->domain_name);
    }
    return 0;
}

int domain_start(struct machine *m, virDomainPtr domain, struct error **err)
{
    m->was_restarted = true;
    if (virDomainCreate(domain) == 0)
        return 0;
    error_virt(err, "starting node '%s'", m->name);
    if (virDomainIsActive(domain) == 1) {
        error_clear(err);
        return 0;
    }
    if (err && strstr((*err)->message, "Permission denied"))
        error_hint(err, "QEMU's user must be able to pass the folders above %s (chmod o+x)",
                   m->pool_path);
    if (err && strstr((*err)->message, "Image is not in qcow2 format"))
        error_hint(err,
                   "something wrote over a disk in %s: bring it back, or remove it (virsh "
                   "vol-delete), and `virtopo up` makes an empty one",
                   m->pool_path);
    if (err && strstr((*err)->message, "annot allocate memory"))
        error_hint(err, "the host has too little free memory for nodes.%s.memory",
                   m->node->group);
    return -1;
}

static bool is_disk(const struct domain_view_disk *have, const struct domain_disk *want)
{
    if (want->path)
        return have->path && strcmp(have->path, want->path) == 0;
    return have->alias && strcmp(have->alias, want->alias) == 0;
}

static bool view_has_disk(const struct domain_view *view, const struct domain_disk *want)
{
    for (size_t i = 0; i < view->disk_count; i++) {
        if (is_disk(&view->disks[i], want))
            return true;
    }
    return false;
}

/* libvirt would add a controller of a model that Debian's cloud kernel has no driver for. */
static int attach_scsi(const struct machine *m, virDomainPtr domain, long long iothread,
                       struct error **err)
{
    auto_free char *running = virDomainGetXMLDesc(domain, 0);
    auto_free char *xml = NULL;

    if (running && strstr(running, "<controller type='scsi'"))
        return 0;
    if (domain_scsi_xml(iothread, &xml, err) < 0)
        return -1;
    if (virDomainAttachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
        return error_virt(err, "attaching a SCSI controller to node '%s'", m->name);
    return 0;
}

/* Extra disks that the running guest lacks. */
static int attach_disks(const struct machine *m, virDomainPtr domain, struct error **err)
{
    auto_parts struct domain_parts parts = {0};

    domain_parts_build(m, &parts);
    for (size_t i = 0; i < parts.disk_count; i++) {
        auto_free char *xml = NULL;

        if (strncmp(parts.disks[i].alias, "ua-disk-", 8) != 0 ||
            view_has_disk(&m->found->live, &parts.disks[i]))
            continue;
        if (parts.disks[i].bus == DISK_SCSI &&
            attach_scsi(m, domain, parts.disks[i].iothread, err) < 0)
            return -1;
        if (domain_disk_xml(&parts.disks[i], &xml, err) < 0)
            return -1;
        if (virDomainAttachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
            return error_virt(err, "attaching disk '%s' to node '%s'", parts.disks[i].alias + 8,
                              m->name);
    }
    return 0;
}

static bool is_wanted(const struct domain_parts *parts, const struct domain_view_disk *have)
{
    for (size_t i = 0; i < parts->disk_count; i++) {
        if (is_disk(have, &parts->disks[i]))
            return true;
    }
    return false;
}

/* The guest lets go of a disk in its own time; libvirt's call returns before that, so the
 * running domain's XML is asked until the disk is gone. */
static int wait_detached(const struct machine *m, virDomainPtr domain,
                         const struct domain_view_disk *disk, struct task *task,
                         struct error **err)
{
    auto_free char *mark = xasprintf("<alias name='%s'/>", disk->alias);

    for (int i = 0; i < 300; i++) { /* 30 s */
        auto_free char *xml = virDomainGetXMLDesc(domain, 0);

        if (!xml || !strstr(xml, mark))
            return 0;
        if (task_wait(task, 100))
            break;
    }
    error_set(err, ERROR_TIMEOUT, "the guest of node '%s' does not let go of disk '%s'",
              m->name, disk->alias + 8);
    return error_hint(err, "unmount it in the guest, then run `virtopo up` again");
}

static int detach_disks(const struct machine *m, virDomainPtr domain, struct task *task,
                        struct error **err)
{
    auto_parts struct domain_parts parts = {0};

    domain_parts_build(m, &parts);
    for (size_t i = 0; i < m->found->live.disk_count; i++) {
        const struct domain_view_disk *disk = &m->found->live.disks[i];

        /* The seed is exchanged at the next start. */
        if (!disk->alias || strncmp(disk->alias, "ua-disk-", 8) != 0 || is_wanted(&parts, disk))
            continue;
        if (virDomainDetachDeviceAlias(domain, disk->alias, VIR_DOMAIN_AFFECT_LIVE) < 0)
            return error_virt(err, "detaching disk '%s' of node '%s'", disk->alias + 8,
                              m->name);
        if (wait_detached(m, domain, disk, task, err) < 0)
            return -1;
    }
    return 0;
}

static bool needs_restart(const struct resource *r)
{
    for (size_t i = 0; i < r->changes.count; i++) {
        if (r->changes.items[i].class == CHANGE_RESTART)
            return true;
    }
    return false;
}

static int restart(struct machine *m, virDomainPtr domain, struct task *task,
                   struct error **err)
{
    enum power_stop stop = POWER_STOPPED;

    if (power_shutdown(domain, DOMAIN_SHUTDOWN_MS, task, &stop, err) < 0)
        return -1;
    if (stop == POWER_CANCELLED)
        return error_set(err, ERROR_CANCELLED,
                         "node '%s' was asked to shut down, and not started again", m->name);
    if (power_off(domain, err) < 0)
        return -1;
    task_say(task, "starting");
    return domain_start(m, domain, err);
}

/* As it is now: what looked paused may have been a start that was not finished. */
static int resume(struct machine *m, virDomainPtr domain, struct error **err)
{
    int state = VIR_DOMAIN_NOSTATE;

    if (m->provision->options.no_start)
        return 0;
    if (virDomainGetState(domain, &state, NULL, 0) < 0)
        return error_virt(err, "reading node '%s'", m->name);
    if (state == VIR_DOMAIN_PMSUSPENDED && virDomainPMWakeup(domain, 0) < 0)
        return error_virt(err, "waking up node '%s'", m->name);
    if (state != VIR_DOMAIN_PAUSED || virDomainResume(domain) == 0)
        return 0;
    error_virt(err, "resuming node '%s'", m->name);
    if (virDomainGetState(domain, &state, NULL, 0) < 0 || state != VIR_DOMAIN_RUNNING)
        return -1;
    error_clear(err);
    return 0;
}

static int describe(const struct machine *m, virDomainPtr domain, struct error **err)
{
    const struct {
        int type;
        const char *text;
    } rows[] = {{VIR_DOMAIN_METADATA_DESCRIPTION, m->node->description},
                {VIR_DOMAIN_METADATA_TITLE, m->node->platform.title}};

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (virDomainSetMetadata(domain, rows[i].type, rows[i].text, NULL, NULL,
                                 VIR_DOMAIN_AFFECT_LIVE) < 0)
            return error_virt(err, "describing node '%s'", m->name);
    }
    return 0;
}

int domain_update(void *context, struct resource *r, struct task *task, struct error **err)
{
    struct machine *m = r->data;
    auto_call struct host_call call = {0};
    auto_domain virDomainPtr domain = NULL;

    (void)context;
    if (domain_define(m, &call, &domain, err) < 0)
        return -1;
    if (virDomainIsActive(domain) != 1)
        return machine_may_start(m) ? domain_start(m, domain, err) : 0;
    if (needs_restart(r))
        return restart(m, domain, task, err);
    if (describe(m, domain, err) < 0)
        return -1;
    if (resume(m, domain, err) < 0 || resize_live(m, domain, task, err) < 0 ||
        live_update(r, domain, err) < 0 || nic_plug(m, domain, task, err) < 0 ||
        attach_disks(m, domain, err) < 0)
        return -1;
    return detach_disks(m, domain, task, err);
}
