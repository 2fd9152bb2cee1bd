/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host.h"

#include "config/session.h"
#include "host/connect.h"
#include "host/shell_slot.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct host {
    char *name, *uri, *dir;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct {
        virConnectPtr connection;
        unsigned calls;
    } slots[HOST_CALLS];
    unsigned slot_count; /* opened */
    unsigned shared;     /* calls that a connection may have */
    unsigned calls, limit;
    struct shell *shell;
    bool unreachable; /* a connection that broke could not be made anew */
};

/* Keepalive needs somebody to run libvirt's event loop; one thread does for all hosts. */
static void *run_events(void *unused)
{
    (void)unused;
    while (virEventRunDefaultImpl() == 0)
        continue;
    return NULL;
}

static void start_events(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    if (virEventRegisterDefaultImpl() < 0)
        return;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_create(&thread, &attributes, run_events, NULL);
    pthread_attr_destroy(&attributes);
}

struct host *host_offline(const char *name, const char *uri, const char *dir)
{
    struct host *host = xcalloc(1, sizeof *host);

    host->name = xstrdup(name);
    host->uri = xstrdup(uri);
    host->dir = xstrdup(dir);
    pthread_mutex_init(&host->lock, NULL);
    pthread_cond_init(&host->freed, NULL);
    host->shell = shell_new();
    host->limit = HOST_CALLS;
    host->shared = host_is_local(host) ? 1 : HOST_CALLS_SHARED;
    return host;
}

int host_open(const char *name, const char *uri, const char *dir, struct host **ret,
              struct error **err)
{
    static pthread_once_t events = PTHREAD_ONCE_INIT;
    virConnectPtr connection;
    struct host *host;

    if (strncmp(uri, "test:", 5) != 0)
        pthread_once(&events, start_events);
    if (connect_open(name, uri, &connection, err) < 0)
        return -1;
    host = host_offline(name, uri, dir);
    host->slots[0].connection = connection;
    host->slot_count = 1;
    *ret = host;
    return 0;
}

void host_close(struct host *host)
{
    if (!host)
        return;
    for (unsigned i = 0; i < host->slot_count; i++)
        virConnectClose(host->slots[i].connection);
    shell_free(host->shell);
    pthread_cond_destroy(&host->freed);
    pthread_mutex_destroy(&host->lock);
    free(host->name);
    free(host->uri);
    free(host->dir);
    free(host);
}

const char *host_name(const struct host *host)
{
    return host->name;
}

const char *host_uri(const struct host *host)
{
    return host->uri;
}

const char *host_dir(const struct host *host)
{
    return host->dir;
}

bool host_is_local(const struct host *host)
{
    const char *authority = strstr(host->uri, "://");

    return authority && authority[3] == '/';
}

bool host_is_open(const struct host *host)
{
    return host->slot_count > 0;
}

bool host_is_session(const struct host *host)
{
    return session_is(host->uri);
}

bool host_is_mock(const struct host *host)
{
    return strncmp(host->uri, "test:", 5) == 0;
}

struct shell *host_shell(const struct host *host)
{
    return host->shell;
}

void host_set_parallel(struct host *host, unsigned calls)
{
    host->limit = calls < 1 ? 1 : calls > HOST_CALLS ? HOST_CALLS : calls;
}

/* The connection with the fewest calls that may take one more, or -1. */
static int least_busy(const struct host *host)
{
    int best = -1;

    for (unsigned i = 0; i < host->slot_count; i++) {
        if (host->slots[i].calls < host->shared &&
            (best < 0 || host->slots[i].calls < host->slots[best].calls))
            best = (int)i;
    }
    return best;
}

/* Opens a further connection, with the lock held: whoever comes meanwhile waits for it. One
 * that fails is no error as long as others work. */
static int open_another(struct host *host)
{
    virConnectPtr connection;

    if (host->slot_count * host->shared >= HOST_CALLS)
        return -1;
    if (connect_open(host->name, host->uri, &connection, NULL) < 0)
        return -1;
    host->slots[host->slot_count].connection = connection;
    return (int)host->slot_count++;
}

/* A daemon that was started again while nobody called, during an hour's download say, left a
 * connection that is of no use. What still refers to it keeps it until it is let go. */
static void renew(struct host *host, int slot)
{
    virConnectPtr connection;

    if (host->unreachable || host->slots[slot].calls > 0 ||
        virConnectIsAlive(host->slots[slot].connection) != 0)
        return;
    if (connect_open(host->name, host->uri, &connection, NULL) < 0) {
        host->unreachable = true;
        return;
    }
    virConnectClose(host->slots[slot].connection);
    host->slots[slot].connection = connection;
}

struct host_call host_call_begin(struct host *host)
{
    int slot = -1;

    pthread_mutex_lock(&host->lock);
    for (;;) {
        if (host->calls < host->limit) {
            slot = least_busy(host);
            if (slot < 0)
                slot = open_another(host);
            if (slot >= 0)
                break;
        }
        pthread_cond_wait(&host->freed, &host->lock);
    }
    renew(host, slot);
    host->calls++;
    host->slots[slot].calls++;
    pthread_mutex_unlock(&host->lock);
    return (struct host_call){host, host->slots[slot].connection, slot};
}

void host_call_end(struct host_call *call)
{
    struct host *host = call->host;

    if (!host)
        return;
    pthread_mutex_lock(&host->lock);
    host->calls--;
    host->slots[call->slot].calls--;
    pthread_cond_signal(&host->freed);
    pthread_mutex_unlock(&host->lock);
    call->host = NULL;
}
