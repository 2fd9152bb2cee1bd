/* SPDX-License-Identifier: Apache-2.0 */
#include "host/power.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "util/size.h"

/* Shared with the event thread, which frees it. */
struct watch {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopped;
};

static void on_lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail,
                         void *opaque)
{
    struct watch *w = opaque;

    (void)connection;
    (void)domain;
    (void)detail;
    if (event != VIR_DOMAIN_EVENT_STOPPED && event != VIR_DOMAIN_EVENT_CRASHED)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopped = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

/* libvirt calls this when the callback is gone for good. */
static void free_watch(void *opaque)
{
    struct watch *w = opaque;

    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum power_stop wait_stopped(struct watch *w, unsigned timeout_ms,
                                    const struct task *task)
{
    const int slice_ms = 200; /* how soon Ctrl-C is noticed */
    long long end = now_ms() + timeout_ms;
    enum power_stop result = POWER_STILL_RUNNING;

    pthread_mutex_lock(&w->lock);
    while (!w->stopped && now_ms() < end && !task_cancelled(task)) {
        long long until = now_ms() + slice_ms;
        struct timespec t = {until / 1000, until % 1000 * 1000000};

        pthread_cond_timedwait(&w->changed, &w->lock, &t);
    }
    if (w->stopped)
        result = POWER_STOPPED;
    else if (task_cancelled(task))
        result = POWER_CANCELLED;
    pthread_mutex_unlock(&w->lock);
    return result;
}

/* A guest that is still booting does not hear the button: it is pressed again. A request that
 * fails (the guest has just stopped, its agent is hung) is no reason to give up waiting. */
static enum power_stop ask_and_wait(struct watch *w, virDomainPtr domain, unsigned timeout_ms,
                                    struct task *task)
{
    const unsigned press_ms = 5000;
    char bound[SIZE_TEXT];
    enum power_stop result = POWER_STILL_RUNNING;

    for (unsigned waited = 0; result == POWER_STILL_RUNNING && waited < timeout_ms;
         waited += press_ms) {
        if (waited == press_ms)
            task_say(task, "the guest takes its time to shut down; after %s it is switched off",
                     duration_format(timeout_ms, bound));
        virDomainShutdown(domain);
        result = wait_stopped(w, press_ms, task);
    }
    return result;
}

int power_shutdown(virDomainPtr domain, unsigned timeout_ms, struct task *task,
                   enum power_stop *ret, struct error **err)
{
    virConnectPtr connection = virDomainGetConnect(domain);
    struct watch *w = xcalloc(1, sizeof *w);
    int callback;

    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    callback = virConnectDomainEventRegisterAny(
        connection, domain, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
        VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), w, free_watch);
    if (callback < 0) {
        free_watch(w);
        return error_virt(err, "watching domain '%s'", virDomainGetName(domain));
    }
    *ret = POWER_STOPPED;
    if (virDomainIsActive(domain) == 1) {
        /* A guest that is paused cannot hear it. */
        virDomainResume(domain);
        task_say(task, "shutting down");
        *ret = ask_and_wait(w, domain, timeout_ms, task);
    }
    virConnectDomainEventDeregisterAny(connection, callback);
    return 0;
}

int power_off(virDomainPtr domain, struct error **err)
{
    if (virDomainDestroy(domain) == 0 || virt_last_code() == VIR_ERR_OPERATION_INVALID ||
        virt_last_code() == VIR_ERR_NO_DOMAIN)
        return 0;
    return error_virt(err, "stopping domain '%s'", virDomainGetName(domain));
}
