/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/readiness.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config/network/user_net.h"
#include "host/console.h"
#include "host/guest.h"
#include "host/identity.h"
#include "host/nic_address.h"
#include "util/size.h"

#define KVM_TIMEOUT_MS (5 * 60 * 1000)
/* An emulated guest takes ten times as long; a full distribution two minutes on a quiet host.
 */
#define QEMU_TIMEOUT_MS (15 * 60 * 1000)
/* A guest that has just opened its port answers within this, or is asked again. */
#define PROBE_MS 15000
#define PAUSE_MS 150
/* Through a forwarded port, the first words are waited for that long at first, then longer, as
 * a slow guest needs. */
#define BANNER_MS 700

struct resource *readiness_want(struct machine *m)
{
    auto_free char *name = xasprintf("%s/ready", m->name);
    struct resource *r =
        resource_set_add(&m->provision->set, &readiness_kind, host_name(m->host->host), name);

    r->data = m;
    r->wanted = true;
    r->part_of = m->resource;
    return r;
}

static int readiness_observe(void *context, struct resource_set *set, struct error **err)
{
    (void)context;
    (void)err;
    for (size_t i = 0; i < set->count; i++) {
        struct resource *r = set->items[i];
        const struct machine *m = r->data;

        if (r->kind == &readiness_kind)
            r->present = m->found && m->found->has_live && m->found->live.ready;
    }
    return 0;
}

/* Compared after its node: one that is started anew must be waited for anew. */
static int readiness_diff(void *context, struct resource *r, struct error **err)
{
    const struct machine *m = r->data;

    (void)context;
    (void)err;
    for (size_t i = 0; i < m->resource->changes.count; i++) {
        if (m->resource->changes.items[i].class == CHANGE_RESTART)
            r->replace = true;
    }
    return 0;
}

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint64_t timeout_of(const struct machine *m)
{
    const struct host_facts *facts;

    if (m->provision->options.ready_timeout)
        return m->provision->options.ready_timeout;
    if (m->node->ready.timeout)
        return m->node->ready.timeout;
    if (m->node->virt != VIRT_QEMU && site_facts(m->host, &facts, NULL) == 0 && facts->kvm)
        return KVM_TIMEOUT_MS;
    return QEMU_TIMEOUT_MS;
}

/* The address of a NIC that has none of its own: what the network's DHCP server gave it. */
static uint32_t leased_address(const struct machine *m, virConnectPtr connection)
{
    uint32_t ip = 0;

    list_each(struct nic, m->node->nics, nic)
    {
        auto_free char *name = machine_network(m, nic);
        auto_network virNetworkPtr network = virNetworkLookupByName(connection, name);
        virNetworkDHCPLeasePtr *leases = NULL;
        char mac[MAC_TEXT];
        int count =
            network ? virNetworkGetDHCPLeases(network, mac_format(nic->mac, mac), &leases, 0)
                    : 0;

        for (int i = 0; i < count; i++) {
            if (!ip && leases[i]->ipaddr && ip4_parse(leases[i]->ipaddr, &ip, NULL) < 0)
                ip = 0;
            virNetworkDHCPLeaseFree(leases[i]);
        }
        free(leases);
    }
    return ip;
}

/* On networks of others. */
static uint32_t foreign_address(const struct machine *m, virDomainPtr domain)
{
    uint32_t ip = 0;

    list_each(struct nic, m->node->nics, nic)
    {
        if (!ip && !network_mode(nic->net)->serves && machine_reaches(m, nic))
            ip = nic_address(domain, nic->mac);
    }
    return ip;
}

struct wait {
    struct machine *m;
    struct task *task;
    struct guest_login login;
    struct guest_probe probe; /* the last one */
    bool probed;
    char *stopped; /* why the domain does not run any more, or NULL */
};

/* Once a second or so: a guest that has stopped will never answer. */
static bool domain_runs(struct wait *w)
{
    auto_call struct host_call call = host_call_begin(w->m->host->host);
    auto_domain virDomainPtr domain = virDomainLookupByUUIDString(call.connection, w->m->uuid);
    int state = VIR_DOMAIN_NOSTATE;

    if (!domain || virDomainGetState(domain, &state, NULL, 0) < 0)
        return true; /* libvirt is busy: the bound of the wait will tell */
    if (state == VIR_DOMAIN_SHUTOFF || state == VIR_DOMAIN_CRASHED)
        w->stopped = xstrdup(state == VIR_DOMAIN_CRASHED ? "it crashed" : "it shut down");
    else if (state == VIR_DOMAIN_PAUSED)
        w->stopped = xstrdup("it is paused");
    if (!w->login.ip)
        w->login.ip = leased_address(w->m, call.connection);
    if (!w->login.ip)
        w->login.ip = foreign_address(w->m, domain);
    return !w->stopped;
}

/* "10.20.0.5", "127.0.0.1:22871". The caller frees it. */
static char *where(const struct wait *w)
{
    char ip[IP4_TEXT];

    ip4_format(w->login.ip, ip);
    return w->login.port == MACHINE_SSH_PORT ? xstrdup(ip)
                                             : xasprintf("%s:%d", ip, w->login.port);
}

static void say(struct wait *w, enum guest_stage before)
{
    auto_free char *place = where(w);

    if (w->probed && before != w->probe.stage)
        task_say(w->task, "waiting for ssh: %s %s", place, guest_stage_text(w->probe.stage));
}

/* True once it is ready. */
static bool wait_loop(struct wait *w, uint64_t timeout)
{
    long long end = now_ms() + (long long)timeout, next_look = 0;

    for (;;) {
        enum guest_stage before = w->probed ? w->probe.stage : GUEST_READY;

        if (now_ms() >= next_look) {
            if (!domain_runs(w))
                return false;
            next_look = now_ms() + 1000;
        }
        if (w->login.ip) {
            guest_probe_done(&w->probe);
            guest_probe(&w->login, PROBE_MS, task_cancel_flag(w->task), &w->probe);
            w->probed = true;
            w->login.banner_ms += w->login.banner_ms / 4;
            if (w->probe.stage == GUEST_READY)
                return true;
            if (w->probe.stage == GUEST_KEY_CHANGED)
                return false;
            say(w, before);
        }
        if (now_ms() >= end || task_wait(w->task, PAUSE_MS))
            return false;
    }
}

static void hint_stage(const struct wait *w, struct error **err)
{
    const struct machine *m = w->m;

    if (!w->probed) {
        error_hint(err, "no DHCP lease for it: does the guest ask for one?");
        return;
    }
    switch (w->probe.stage) {
    case GUEST_NO_ARP:
        error_hint(err,
                   "it has not brought its network up: look at its console (virsh console "
                   "%s); does the image read a NoCloud seed?",
                   m->domain_name);
        break;
    case GUEST_PORT_CLOSED:
    case GUEST_PORT_SILENT:
    case GUEST_NO_BANNER:
    case GUEST_NO_HANDSHAKE:
        error_hint(err,
                   "its network is up, but no SSH server answers; set `ready: none` for an "
                   "image without one, or ready: {timeout: …} for a slow one");
        break;
    case GUEST_KEY_CHANGED:
        error_hint(err, "another machine answers at that address, or the guest made new host "
                        "keys; `virtopo up --recreate` makes the node anew");
        break;
    case GUEST_KEY_REFUSED:
        error_hint(err,
                   "does the image's cloud-init know the user '%s'? ssh.user and "
                   "images.%s.user say which login is used",
                   w->login.user, m->node->image ? m->node->image->name : "NAME");
        break;
    case GUEST_READY:
        break;
    }
}

static int report(const struct wait *w, uint64_t timeout, struct error **err)
{
    const struct machine *m = w->m;
    auto_free char *pool = identity_pool(m->provision->site.cluster_name);
    auto_free char *log = machine_console_name(m->name);
    auto_free char *tail = NULL;
    auto_free char *place = where(w);
    char time_text[SIZE_TEXT];

    if (task_cancelled(w->task))
        return error_set(err, ERROR_CANCELLED,
                         "node '%s' runs, but was not waited for to the end", m->name);
    if (w->stopped)
        error_set(err, ERROR_FAILED, "node '%s' does not run any more: %s", m->name,
                  w->stopped);
    else if (!w->probed)
        error_set(err, ERROR_TIMEOUT, "node '%s' is not ready after %s: it has no address",
                  m->name, duration_format(timeout, time_text));
    else if (w->probe.stage == GUEST_KEY_CHANGED)
        error_set(err, ERROR_CONFLICT, "node '%s' at %s %s", m->name, place,
                  guest_stage_text(w->probe.stage));
    else
        error_set(err, ERROR_TIMEOUT, "node '%s' is not ready after %s: %s %s%s%s", m->name,
                  duration_format(timeout, time_text), place, guest_stage_text(w->probe.stage),
                  w->probe.detail ? ": " : "", w->probe.detail ? w->probe.detail : "");
    if (!w->stopped)
        hint_stage(w, err);
    if (console_tail(m->host->host, pool, log, 20, &tail, NULL) == 0 && tail && *tail) {
        auto_free char *text = xasprintf("the end of its console:\n%s", tail);

        error_detail(err, text);
    }
    return -1;
}

static void mark_ready(const struct machine *m, virDomainPtr domain)
{
    time_t now = time(NULL);
    struct tm utc;
    char when[32];
    auto_free char *element = NULL;

    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    element = xasprintf("<state ready='%s'/>", when);
    (void)m;
    /* Without the mark the next `up` asks the guest again: no harm. */
    virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, element, TAG_RUN_PREFIX,
                         TAG_RUN_URI, VIR_DOMAIN_AFFECT_LIVE);
}

/* A guest whose keys are its own (its disk is older than its definition): what it shows now is
 * what it must show from now on. */
static int remember_host_key(struct machine *m, virDomainPtr domain, const char *key,
                             struct error **err)
{
    json_t *spec = machine_spec(m);
    char kind[] = "node";
    struct tag tag = {.cluster = (char *)m->provision->site.cluster_name,
                      .kind = kind,
                      .name = m->name,
                      .host = (char *)host_name(m->host->host),
                      .owner = m->provision->site.owner,
                      .clone_of = (char *)m->node->clone_of,
                      .extra_hostkey = (char *)key,
                      .spec = spec};
    auto_free char *element = NULL;
    int outcome = tag_element(&tag, &element, err);

    json_decref(spec);
    if (outcome == 0 && virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, element,
                                             TAG_PREFIX, TAG_URI, VIR_DOMAIN_AFFECT_CONFIG) < 0)
        outcome = error_virt(err, "recording the host key of node '%s'", m->name);
    return outcome;
}

static int record(struct wait *w, struct error **err)
{
    struct machine *m = w->m;
    auto_call struct host_call call = host_call_begin(m->host->host);
    auto_domain virDomainPtr domain = virDomainLookupByUUIDString(call.connection, m->uuid);

    if (!domain)
        return error_virt(err, "looking for domain '%s'", m->domain_name);
    if (!m->host_key && w->probe.host_key) {
        if (remember_host_key(m, domain, w->probe.host_key, err) < 0)
            return -1;
        m->host_key = xstrdup(w->probe.host_key);
    }
    mark_ready(m, domain);
    return 0;
}

static int readiness_create(void *context, struct resource *r, struct task *task,
                            struct error **err)
{
    struct machine *m = r->data;
    struct wait w = {.m = m, .task = task};
    uint64_t timeout = timeout_of(m);
    struct machine_way way = machine_way(m);
    int outcome;

    (void)context;
    w.login = (struct guest_login){.ip = way.ip,
                                   .port = way.port,
                                   .banner_ms = way.port == MACHINE_SSH_PORT ? 0 : BANNER_MS,
                                   .user = machine_login(m),
                                   .key_path = m->provision->key_path,
                                   .host_key = m->host_key};
    task_say(task, "waiting for ssh");
    outcome = wait_loop(&w, timeout) ? record(&w, err) : report(&w, timeout, err);
    guest_probe_done(&w.probe);
    free(w.stopped);
    return outcome;
}

static char *readiness_describe(void *context, const struct resource *r)
{
    (void)context;
    (void)r;
    return xstrdup("waits until it answers ssh");
}

static int readiness_destroy(void *context, struct resource *r, struct task *task,
                             struct error **err)
{
    (void)context;
    (void)r;
    (void)task;
    (void)err;
    return 0; /* the mark goes with the run of the domain that carries it */
}

const struct resource_kind readiness_kind = {
    .name = "ready",
    .waits = true,
    .made = "ready",
    .rank = 60,
    .internal = true,
    .observe = readiness_observe,
    .diff = readiness_diff,
    .create = readiness_create,
    .destroy = readiness_destroy,
    .describe = readiness_describe,
};
