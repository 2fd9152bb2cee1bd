/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/guest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/connect.h"
#include "host/power.h"
#include "provision/build/guest_pause.h"
#include "provision/build/guest_stream.h"
#include "provision/node/guest_type.h"

/* How soon Ctrl-C and the time limit are noticed. */
#define SLICE_MS 200
#define PULSE_MS 1000
/* For the last words of a guest that has ended. */
#define LAST_WORDS_MS 3000

struct session {
    struct site_host *host;
    const struct build_guest *guest;
    const struct build_watch *watch;
    struct task *task;
    uint64_t start, end, next_pulse, next_check; /* ms */
    virConnectPtr connection;
    virDomainPtr domain;
    struct guest_events *events;
};

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

char *build_guest_name(const char *recipe)
{
    return xasprintf("virtopo-build-%.12s", recipe);
}

static int render(const struct session *s, char **ret, struct error **err)
{
    const struct build_guest *g = s->guest;
    const struct host_facts *facts;
    const struct node plain = {.virt = VIRT_AUTO};
    auto_free char *name = build_guest_name(g->recipe);
    struct guest_type type;

    if (site_facts(s->host, &facts, err) < 0)
        return -1;
    guest_type_choose(&plain, facts, &type);
    return build_guest_xml(
        &(struct build_guest_template){
            .name = name,
            .recipe = g->recipe,
            .image = g->image,
            .owner = g->owner,
            .type = type.type,
            .arch = type.arch,
            .machine = type.machine,
            .media = g->media,
            .media_count = g->media_count,
            .kernel = g->kernel,
            .initrd = g->initrd,
            .cmdline = g->cmdline,
            .nvram = g->nvram,
            .cpus = g->cpus,
            .memory = g->memory,
            .network = g->network,
            .channel = g->channel,
        },
        ret, err);
}

/* Paused, so that not a word of it is lost before somebody reads. Defined for as long as it is
 * read: libvirtd (9.0) locks itself up for good when a domain that is not goes away in the
 * moment in which a stream of its console is closed (virChrdevFree against
 * virChrdevFDStreamCloseCb). */
static int create(struct session *s, struct error **err)
{
    unsigned flags =
        VIR_DOMAIN_START_PAUSED | (s->guest->keep ? 0 : VIR_DOMAIN_START_AUTODESTROY);
    auto_free char *xml = NULL;

    if (render(s, &xml, err) < 0)
        return -1;
    s->domain = virDomainDefineXML(s->connection, xml);
    if (s->domain && virDomainCreateWithFlags(s->domain, flags) == 0)
        return 0;
    return error_virt(err, "starting the guest that image '%s' is made in", s->guest->image);
}

static int start(struct session *s, struct error **err)
{
    if (connect_open(host_name(s->host->host), host_uri(s->host->host), &s->connection, err) <
            0 ||
        build_guest_remove(s->connection, s->guest->recipe, err) < 0 || create(s, err) < 0)
        return -1;
    s->events = guest_events_new();
    if (guest_events_watch(s->events, s->connection, s->domain, err) < 0 ||
        guest_events_read(s->events, s->connection, s->domain, false, err) < 0 ||
        (s->guest->channel &&
         guest_events_read(s->events, s->connection, s->domain, true, err) < 0))
        return -1;
    if (virDomainResume(s->domain) < 0)
        return error_virt(err, "starting the guest that image '%s' is made in",
                          s->guest->image);
    return 0;
}

/* 0, or what the watch wants. */
static int tell(struct session *s, struct guest_news *news)
{
    const struct build_watch *w = s->watch;
    int wish = 0;

    if (w->console && news->console.length)
        wish = w->console(w->context, news->console.data, news->console.length);
    if (!wish && w->channel && news->channel.length)
        wish = w->channel(w->context, news->channel.data, news->channel.length);
    if (!wish && w->rebooted && news->rebooted && !s->guest->end_on_reboot)
        wish = w->rebooted(w->context);
    buffer_done(&news->console);
    buffer_done(&news->channel);
    if (!wish && w->pulse && !news->stopped && now_ms() >= s->next_pulse) {
        wish = w->pulse(w->context, s->domain, now_ms() - s->start);
        s->next_pulse = now_ms() + PULSE_MS;
    }
    return wish;
}

static enum build_end end_of(const struct guest_news *news)
{
    if (news->panicked || news->detail == VIR_DOMAIN_EVENT_STOPPED_CRASHED)
        return BUILD_PANICKED;
    if (news->detail == VIR_DOMAIN_EVENT_STOPPED_DESTROYED)
        return BUILD_DESTROYED;
    return news->detail == VIR_DOMAIN_EVENT_STOPPED_FAILED ? BUILD_CRASHED : BUILD_POWERED_OFF;
}

static void hear_last_words(struct session *s)
{
    uint64_t until = now_ms() + LAST_WORDS_MS;
    struct guest_news news;

    do {
        guest_events_wait(s->events, SLICE_MS, &news);
        if (tell(s, &news))
            return;
    } while (!news.silent && !news.lost && now_ms() < until);
}

static int say_lost(const struct session *s, struct error **err)
{
    error_set(err, ERROR_FAILED,
              "libvirt of host '%s' went away while image '%s' was being made",
              host_name(s->host->host), s->guest->image);
    return error_hint(err, "once it is there again, run this again: it starts over");
}

/*
 * Not left to libvirt's <on_reboot>destroy</on_reboot>: the daemon of 9.0 crashes there now and
 * then (a thread of its "qemu-event" asks a monitor that is gone already). What boots again is
 * stopped before it has loaded its kernel.
 */
static int end_rebooted(struct session *s, struct guest_news *news, enum build_end *ret,
                        struct error **err)
{
    int outcome = power_off(s->domain, err);

    (void)tell(s, news);
    if (outcome < 0)
        return -1;
    *ret = BUILD_POWERED_OFF;
    hear_last_words(s);
    return 0;
}

static int check_pause(struct session *s, struct error **err)
{
    if (now_ms() < s->next_check)
        return 0;
    s->next_check = now_ms() + PULSE_MS;
    return guest_pause_check(s->host, s->domain, s->guest->image, err);
}

static int follow(struct session *s, enum build_end *ret, struct error **err)
{
    struct guest_news news;

    for (;;) {
        guest_events_wait(s->events, SLICE_MS, &news);
        if (news.rebooted && s->guest->end_on_reboot)
            return end_rebooted(s, &news, ret, err);
        if (tell(s, &news)) {
            *ret = BUILD_STOPPED;
            return 0;
        }
        if (news.lost)
            return say_lost(s, err);
        if (news.stopped) {
            *ret = end_of(&news);
            hear_last_words(s);
            return 0;
        }
        if (check_pause(s, err) < 0)
            return -1;
        if (task_cancelled(s->task))
            return error_set(err, ERROR_CANCELLED, "making image '%s': stopped",
                             s->guest->image);
        if (now_ms() >= s->end) {
            *ret = BUILD_TIMED_OUT;
            return 0;
        }
    }
}

/* A connection that was lost is no way to end it. */
static void finish(struct session *s, bool leave)
{
    virConnectPtr again;

    if (s->events)
        guest_events_free(s->events, s->connection);
    if (s->domain)
        virDomainFree(s->domain);
    if (s->connection && !leave &&
        build_guest_remove(s->connection, s->guest->recipe, NULL) < 0 &&
        connect_open(host_name(s->host->host), host_uri(s->host->host), &again, NULL) == 0) {
        (void)!build_guest_remove(again, s->guest->recipe, NULL);
        virConnectClose(again);
    }
    if (s->connection)
        virConnectClose(s->connection);
}

int build_guest_run(struct site_host *host, const struct build_guest *guest,
                    const struct build_watch *watch, uint64_t timeout_ms, struct task *task,
                    enum build_end *ret, struct error **err)
{
    struct session s = {
        .host = host, .guest = guest, .watch = watch, .task = task, .start = now_ms()};
    int outcome;

    s.end = s.start + timeout_ms;
    outcome = start(&s, err) < 0 ? -1 : follow(&s, ret, err);
    finish(&s,
           guest->keep && outcome == 0 && (*ret == BUILD_TIMED_OUT || *ret == BUILD_STOPPED));
    return outcome;
}

static int check_ours(virDomainPtr domain, const char *name, struct error **err)
{
    auto_free char *xml = virDomainGetXMLDesc(domain, 0);
    auto_free char *recipe = xml ? build_guest_recipe(xml) : NULL;

    if (recipe || (!xml && virt_last_code() == VIR_ERR_NO_DOMAIN))
        return 0;
    if (!xml)
        return error_virt(err, "reading domain '%s'", name);
    error_set(err, ERROR_CONFLICT, "a domain named '%s' is there and not virtopo's", name);
    return error_hint(err, "rename or remove it: virsh domrename %s NEW-NAME", name);
}

int build_guest_remove(virConnectPtr connection, const char *recipe, struct error **err)
{
    auto_free char *name = build_guest_name(recipe);
    auto_domain virDomainPtr domain = virDomainLookupByName(connection, name);

    if (!domain)
        return virt_last_code() == VIR_ERR_NO_DOMAIN
                   ? 0
                   : error_virt(err, "looking for domain '%s'", name);
    if (check_ours(domain, name, err) < 0 || power_off(domain, err) < 0)
        return -1;
    if (virDomainIsPersistent(domain) == 1 &&
        virDomainUndefineFlags(domain, VIR_DOMAIN_UNDEFINE_NVRAM) < 0 &&
        virt_last_code() != VIR_ERR_NO_DOMAIN)
        return error_virt(err, "removing domain '%s'", name);
    return 0;
}
