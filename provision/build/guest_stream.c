/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/guest_stream.h"

#include <stdlib.h>
#include <time.h>

#include "templates/build_guest_xml.h"

/* More than this that nobody has taken yet makes the guest wait. */
#define STREAM_LIMIT (1 << 20)

struct guest_events *guest_events_new(void)
{
    struct guest_events *e = xcalloc(1, sizeof *e);
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&e->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&e->lock, NULL);
    e->references = 1;
    e->lifecycle = e->reboot = e->close = -1;
    e->console.events = e->channel.events = e;
    e->console.ended = e->channel.ended = true;
    return e;
}

static void take_reference(struct guest_events *e)
{
    pthread_mutex_lock(&e->lock);
    e->references++;
    pthread_mutex_unlock(&e->lock);
}

static void drop_reference(void *opaque)
{
    struct guest_events *e = opaque;
    bool last;

    pthread_mutex_lock(&e->lock);
    last = --e->references == 0;
    pthread_mutex_unlock(&e->lock);
    if (!last)
        return;
    buffer_done(&e->console.data);
    buffer_done(&e->channel.data);
    pthread_cond_destroy(&e->changed);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

static void on_lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail,
                         void *opaque)
{
    struct guest_events *e = opaque;

    (void)connection;
    (void)domain;
    pthread_mutex_lock(&e->lock);
    e->panicked = e->panicked || event == VIR_DOMAIN_EVENT_CRASHED;
    if (event == VIR_DOMAIN_EVENT_STOPPED) {
        e->stopped = true;
        e->detail = detail;
    }
    pthread_cond_signal(&e->changed);
    pthread_mutex_unlock(&e->lock);
}

static void on_reboot(virConnectPtr connection, virDomainPtr domain, void *opaque)
{
    struct guest_events *e = opaque;

    (void)connection;
    (void)domain;
    pthread_mutex_lock(&e->lock);
    e->rebooted = true;
    pthread_cond_signal(&e->changed);
    pthread_mutex_unlock(&e->lock);
}

static void on_close(virConnectPtr connection, int reason, void *opaque)
{
    struct guest_events *e = opaque;

    (void)connection;
    (void)reason;
    pthread_mutex_lock(&e->lock);
    e->lost = true;
    pthread_cond_signal(&e->changed);
    pthread_mutex_unlock(&e->lock);
}

static int watch_event(struct guest_events *e, virConnectPtr connection, virDomainPtr domain,
                       int event, virConnectDomainEventGenericCallback callback, int *ret,
                       struct error **err)
{
    take_reference(e);
    *ret = virConnectDomainEventRegisterAny(connection, domain, event, callback, e,
                                            drop_reference);
    if (*ret >= 0)
        return 0;
    error_virt(err, "watching domain '%s'", virDomainGetName(domain));
    drop_reference(e);
    return -1;
}

int guest_events_watch(struct guest_events *e, virConnectPtr connection, virDomainPtr domain,
                       struct error **err)
{
    take_reference(e);
    if (virConnectRegisterCloseCallback(connection, on_close, e, drop_reference) < 0) {
        error_virt(err, "watching the connection");
        drop_reference(e);
        return -1;
    }
    e->close = 0;
    if (watch_event(e, connection, domain, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                    VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), &e->lifecycle, err) < 0)
        return -1;
    return watch_event(e, connection, domain, VIR_DOMAIN_EVENT_ID_REBOOT,
                       VIR_DOMAIN_EVENT_CALLBACK(on_reboot), &e->reboot, err);
}

static void stream_ended(struct guest_stream *s, virStreamPtr stream)
{
    virStreamEventRemoveCallback(stream);
    pthread_mutex_lock(&s->events->lock);
    s->ended = true;
    pthread_cond_signal(&s->events->changed);
    pthread_mutex_unlock(&s->events->lock);
}

/* False when there is room for no more: then the stream is left alone until it is taken. */
static bool keep_data(struct guest_stream *s, const char *data, size_t length)
{
    bool room;

    pthread_mutex_lock(&s->events->lock);
    buffer_append(&s->data, data, length);
    room = s->data.length < STREAM_LIMIT;
    pthread_cond_signal(&s->events->changed);
    pthread_mutex_unlock(&s->events->lock);
    return room;
}

/* Said after it was done, so that whoever sees it may take it back. */
static void pause_stream(struct guest_stream *s, virStreamPtr stream)
{
    virStreamEventUpdateCallback(stream, VIR_STREAM_EVENT_ERROR);
    pthread_mutex_lock(&s->events->lock);
    s->paused = true;
    pthread_cond_signal(&s->events->changed);
    pthread_mutex_unlock(&s->events->lock);
}

static void on_stream(virStreamPtr stream, int events, void *opaque)
{
    struct guest_stream *s = opaque;
    char chunk[16384];
    bool room = true;
    int got = -2;

    while (room && (events & VIR_STREAM_EVENT_READABLE) &&
           (got = virStreamRecv(stream, chunk, sizeof chunk)) > 0)
        room = keep_data(s, chunk, (size_t)got);
    if (!room)
        pause_stream(s, stream);
    else if (got == 0 || got == -1 ||
             (events & (VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP)))
        stream_ended(s, stream);
}

static void drop_stream(void *opaque)
{
    drop_reference(((struct guest_stream *)opaque)->events);
}

int guest_events_read(struct guest_events *e, virConnectPtr connection, virDomainPtr domain,
                      bool channel, struct error **err)
{
    const int events =
        VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_HANGUP | VIR_STREAM_EVENT_ERROR;
    struct guest_stream *s = channel ? &e->channel : &e->console;
    const char *what = channel ? "channel" : "console";
    int opened;

    s->stream = virStreamNew(connection, VIR_STREAM_NONBLOCK);
    if (!s->stream)
        return error_virt(err, "opening the guest's %s", what);
    opened = channel ? virDomainOpenChannel(domain, BUILD_CHANNEL, s->stream, 0)
                     : virDomainOpenConsole(domain, NULL, s->stream, 0);
    if (opened < 0)
        return error_virt(err, "opening the guest's %s", what);
    s->ended = false;
    take_reference(e);
    if (virStreamEventAddCallback(s->stream, events, on_stream, s, drop_stream) < 0) {
        error_virt(err, "reading the guest's %s", what);
        drop_reference(e);
        return -1;
    }
    return 0;
}

static void take_data(struct guest_stream *s, struct buffer *ret, bool *resume)
{
    *ret = s->data;
    s->data = (struct buffer){0};
    *resume = s->paused && !s->ended;
    s->paused = false;
}

static void resume_stream(struct guest_stream *s)
{
    virStreamEventUpdateCallback(s->stream, VIR_STREAM_EVENT_READABLE |
                                                VIR_STREAM_EVENT_HANGUP |
                                                VIR_STREAM_EVENT_ERROR);
}

/* Something to tell: after the guest's end, that is said once, then what it said last. */
static bool has_news(const struct guest_events *e)
{
    bool silent = e->console.ended && e->channel.ended;

    return e->console.data.length || e->channel.data.length || e->console.paused ||
           e->channel.paused || e->lost || e->rebooted ||
           (e->stopped && (silent || !e->stop_told));
}

void guest_events_wait(struct guest_events *e, unsigned ms, struct guest_news *ret)
{
    bool resume_console, resume_channel;
    struct timespec until;
    int late = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&e->lock);
    while (late == 0 && !has_news(e))
        late = pthread_cond_timedwait(&e->changed, &e->lock, &until);
    take_data(&e->console, &ret->console, &resume_console);
    take_data(&e->channel, &ret->channel, &resume_channel);
    ret->stopped = e->stop_told = e->stopped;
    ret->panicked = e->panicked;
    ret->lost = e->lost;
    ret->rebooted = e->rebooted;
    e->rebooted = false;
    ret->detail = e->detail;
    ret->silent = e->console.ended && e->channel.ended;
    pthread_mutex_unlock(&e->lock);
    if (resume_console)
        resume_stream(&e->console);
    if (resume_channel)
        resume_stream(&e->channel);
}

static void close_stream(struct guest_stream *s)
{
    bool ended;

    if (!s->stream)
        return;
    pthread_mutex_lock(&s->events->lock);
    ended = s->ended;
    pthread_mutex_unlock(&s->events->lock);
    if (!ended)
        virStreamEventRemoveCallback(s->stream);
    virStreamAbort(s->stream);
    virStreamFree(s->stream);
}

void guest_events_free(struct guest_events *e, virConnectPtr connection)
{
    close_stream(&e->console);
    close_stream(&e->channel);
    if (e->lifecycle >= 0)
        virConnectDomainEventDeregisterAny(connection, e->lifecycle);
    if (e->reboot >= 0)
        virConnectDomainEventDeregisterAny(connection, e->reboot);
    if (e->close >= 0)
        virConnectUnregisterCloseCallback(connection, on_close);
    drop_reference(e);
}
