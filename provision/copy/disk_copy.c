/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/copy/disk_copy.h"

#include <stdlib.h>
#include <time.h>

#include "host/guest_agent.h"

#define HELD_URI "https://virtopo.dev/xmlns/held/1"
#define LOOK_MS 100 /* between two looks at how far the copies are */

struct run {
    struct site_host *host;
    const struct survey_domain *found;
    virDomainPtr domain;
    bool own; /* a domain that is there for the copies alone */
    const struct disk_copy *disks;
    size_t count, started;
    struct task *task;
    struct disk_copy_report *report;
};

static unsigned long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (unsigned long long)t.tv_sec * 1000 + (unsigned long long)t.tv_nsec / 1000000;
}

/* Of a node that does not run. QEMU's lock on the files keeps the node from starting
 * meanwhile. */
static int open_own(struct run *r, virConnectPtr connection, struct error **err)
{
    const unsigned flags = VIR_DOMAIN_START_PAUSED | VIR_DOMAIN_START_AUTODESTROY;
    auto_free char *name = xasprintf("virtopo-copy-%s", r->found->name);
    struct copy_disk *disks = xcalloc(r->count, sizeof *disks);
    auto_domain virDomainPtr old = virDomainLookupByName(connection, name);
    auto_free char *xml = NULL;
    int outcome;

    if (old)
        virDomainDestroy(old); /* of a client that libvirtd has not missed yet */
    for (size_t i = 0; i < r->count; i++)
        disks[i] = r->disks[i].from;
    outcome = copy_domain_xml(name, r->found->config.type, r->found->config.arch,
                              r->found->config.machine, disks, r->count, &xml, err);
    free(disks);
    if (outcome < 0)
        return -1;
    r->domain = virDomainCreateXML(connection, xml, flags);
    r->own = true;
    return r->domain ? 0 : error_virt(err, "opening the disks of '%s'", r->found->name);
}

static int open_domain(struct run *r, virConnectPtr connection, struct error **err)
{
    if (!r->found->active)
        return open_own(r, connection, err);
    r->domain = virDomainLookupByUUIDString(connection, r->found->uuid);
    return r->domain ? 0 : error_virt(err, "looking for domain '%s'", r->found->name);
}

static int start(struct run *r, const struct disk_copy *disk, struct error **err)
{
    const unsigned flags = VIR_DOMAIN_BLOCK_COPY_REUSE_EXT |
                           VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB |
                           (disk->whole ? 0 : VIR_DOMAIN_BLOCK_COPY_SHALLOW);
    auto_free char *xml = NULL;

    if (copy_disk_xml(disk->to.path, disk->to.format, &xml, err) < 0)
        return -1;
    if (virDomainBlockCopy(r->domain, disk->from.target, xml, NULL, 0, flags) < 0)
        return error_virt(err, "copying disk %s of '%s'", disk->from.target, r->found->name);
    r->started++;
    return 0;
}

/* 1: all have everything, and follow; 0: not yet. */
static int look(const struct run *r, struct error **err)
{
    unsigned long long done = 0, total = 0;
    bool ready = true;

    for (size_t i = 0; i < r->count; i++) {
        virDomainBlockJobInfo info;
        int known = virDomainGetBlockJobInfo(r->domain, r->disks[i].from.target, &info, 0);

        if (known < 0)
            return error_virt(err, "copying disk %s of '%s'", r->disks[i].from.target,
                              r->found->name);
        if (known == 0) {
            error_set(err, ERROR_FAILED, "copying disk %s of '%s' broke off",
                      r->disks[i].from.target, r->found->name);
            return error_hint(err,
                              "is the disk of the host full? Its log knows more: "
                              "/var/log/libvirt/qemu/%s%s.log",
                              r->own ? "virtopo-copy-" : "", r->found->name);
        }
        done += info.cur;
        total += info.end;
        ready = ready && info.end && info.cur == info.end;
    }
    task_progress(r->task, done, total);
    return ready;
}

static int wait_ready(const struct run *r, struct error **err)
{
    for (;;) {
        int state = look(r, err);

        if (state != 0)
            return state < 0 ? -1 : 0;
        if (task_wait(r->task, LOOK_MS))
            return error_set(err, ERROR_CANCELLED, "copying the disks of '%s': stopped",
                             r->found->name);
    }
}

/* Lets the copies go. Asked for so, each is whole, as of now. */
static int let_go(struct run *r, struct error **err)
{
    int outcome = 0;

    while (r->started) {
        const char *target = r->disks[--r->started].from.target;

        if (virDomainBlockJobAbort(r->domain, target, 0) < 0 && outcome == 0)
            outcome =
                error_virt(err, "ending the copy of disk %s of '%s'", target, r->found->name);
    }
    return outcome;
}

/* Says on the running domain that it is held by us: who finds it so after we were killed may
 * let it run on, and a pause that is the user's stays. */
static bool mark_held(virDomainPtr domain, bool held)
{
    return virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, held ? "<held/>" : NULL,
                                "virtopo-held", HELD_URI, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static void release_held(virDomainPtr domain)
{
    auto_free char *held = virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, HELD_URI,
                                                VIR_DOMAIN_AFFECT_LIVE);
    int state = VIR_DOMAIN_NOSTATE;

    if (held && virDomainGetState(domain, &state, NULL, 0) == 0 &&
        (state != VIR_DOMAIN_PAUSED || virDomainResume(domain) == 0))
        mark_held(domain, false);
}

/* A guest that somebody paused stays so. */
static int let_go_at_once(struct run *r, struct error **err)
{
    unsigned long long start_ms = now_ms();
    int state = VIR_DOMAIN_NOSTATE;
    bool runs, held;
    int outcome;

    if (r->own)
        return let_go(r, err);
    runs = virDomainGetState(r->domain, &state, NULL, 0) == 0 && state == VIR_DOMAIN_RUNNING;
    if (runs)
        mark_held(r->domain, true);
    r->report->frozen = runs && guest_agent_freeze(r->domain, NULL) == 0;
    held = runs && virDomainSuspend(r->domain) == 0;
    outcome = let_go(r, err);
    if (held && virDomainResume(r->domain) < 0 && outcome == 0)
        outcome = error_virt(err, "letting '%s' run on", r->found->name);
    if (runs && outcome == 0)
        mark_held(r->domain, false);
    r->report->held_ms = (unsigned)(now_ms() - start_ms);
    if (r->report->frozen && guest_agent_thaw(r->domain, err) < 0 && outcome == 0) {
        error_wrap(err, "the file systems of '%s' are still frozen", r->found->name);
        outcome = error_hint(err, "virsh domfsthaw %s", r->found->name);
    }
    return outcome;
}

static int copy_all(struct run *r, struct error **err)
{
    for (size_t i = 0; i < r->count; i++) {
        if (start(r, &r->disks[i], err) < 0)
            return -1;
    }
    if (wait_ready(r, err) < 0)
        return -1;
    return let_go_at_once(r, err);
}

int disk_copy_run(struct site_host *host, const struct survey_domain *domain,
                  const struct disk_copy *disks, size_t count, struct task *task,
                  struct disk_copy_report *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    struct run r = {.host = host,
                    .found = domain,
                    .disks = disks,
                    .count = count,
                    .task = task,
                    .report = ret};
    int outcome;

    *ret = (struct disk_copy_report){.was_running = domain->active};
    if (count == 0)
        return 0;
    if (open_domain(&r, call.connection, err) < 0)
        return -1;
    outcome = copy_all(&r, err);
    if (outcome < 0)
        (void)let_go(&r, NULL);
    if (r.own)
        virDomainDestroy(r.domain);
    virDomainFree(r.domain);
    return outcome;
}

void disk_copy_end(virConnectPtr connection, const struct survey_domain *domain,
                   const char *folder)
{
    auto_domain virDomainPtr d = virDomainLookupByUUIDString(connection, domain->uuid);
    auto_free char *target = NULL;

    for (int i = 0; d && i < 1000; i++) { /* a disk that does not let go is met for ever */
        auto_free char *xml = virDomainGetXMLDesc(d, 0);

        free(TAKE(target));
        if (!xml || !copy_under_way(xml, folder, &target))
            break;
        if (virDomainBlockJobAbort(d, target, 0) < 0)
            break;
    }
    if (!d)
        return;
    release_held(d);
    guest_agent_thaw(d, NULL);
}
