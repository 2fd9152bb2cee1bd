/* SPDX-License-Identifier: Apache-2.0 */
#include "host/connect.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A local daemon answers in milliseconds, a busy one in seconds. Over SSH somebody may have to
 * type a password first, and ssh has bounds of its own. */
#define LOCAL_TIMEOUT_S 15

/* Shared by the one who asks and the thread that calls libvirt; who is last frees it. */
struct opening {
    pthread_mutex_t lock;
    pthread_cond_t done_changed;
    char *host_name, *uri;
    virConnectPtr connection;
    struct error *error; /* made in that thread: libvirt's own belong to where they happened */
    bool done, abandoned;
};

static bool is_local(const char *uri)
{
    const char *authority = strstr(uri, "://");

    return authority && authority[3] == '/' && strncmp(uri, "test:", 5) != 0;
}

static virConnectPtr open_now(const char *uri)
{
    /* A daemon that stops answering is noticed, after 12 s here and 35 s elsewhere, not after
     * TCP's minutes. A connection that carries an image's bytes answers late. */
    const int interval_s = is_local(uri) ? 4 : 5;
    const unsigned tries = is_local(uri) ? 2 : 6;
    virConnectPtr connection = virConnectOpen(uri);

    if (connection)
        virConnectSetKeepAlive(connection, interval_s, tries);
    return connection;
}

static void hint_connection(struct error **err, const char *uri)
{
    const char *text = err && *err ? (*err)->message : "";

    if (strncmp(uri, "qemu", 4) != 0 && strncmp(uri, "test", 4) != 0)
        error_hint(err,
                   "a libvirt URI looks like qemu:///system or qemu+ssh://root@host/system");
    else if (strstr(text, "ssh: connect to host") || strstr(text, "ssh: Could not resolve"))
        error_hint(err, "SSH does not reach it: is the host up, and the address right? Try "
                        "ssh with the user and the host of that URI");
    else if (strstr(text, "CA certificate"))
        error_hint(err, "without certificates use SSH: qemu+ssh://root@host/system");
    else if (strstr(text, "Permission denied") || strstr(text, "authentication unavailable") ||
             strstr(text, "access denied"))
        error_hint(err, "add yourself to the group libvirt (sudo usermod -aG libvirt $USER, "
                        "then log in again), or run as root; without any rights, "
                        "-c qemu:///session runs nodes that have networks of mode user");
    else if (strstr(text, "No such file or directory") || strstr(text, "Connection refused"))
        error_hint(err, "libvirtd is not running there: sudo systemctl start libvirtd "
                        "(without systemd: sudo virtlogd -d; sudo libvirtd -d)");
    else if (strstr(text, "Host key verification failed"))
        error_hint(err, "accept the host's key once with ssh, then run this again");
}

static int fail(const char *host_name, const char *uri, struct error **err)
{
    error_virt(err, "cannot reach libvirt of host '%s' at %s", host_name, uri);
    hint_connection(err, uri);
    return -1;
}

static void opening_free(struct opening *o)
{
    pthread_cond_destroy(&o->done_changed);
    pthread_mutex_destroy(&o->lock);
    error_free(o->error);
    free(o->host_name);
    free(o->uri);
    free(o);
}

static void *run_opening(void *opaque)
{
    struct opening *o = opaque;
    virConnectPtr connection = open_now(o->uri);
    struct error *error = NULL;
    bool abandoned;

    if (!connection)
        fail(o->host_name, o->uri, &error);

    pthread_mutex_lock(&o->lock);
    o->connection = connection;
    o->error = error;
    o->done = true;
    abandoned = o->abandoned;
    pthread_cond_signal(&o->done_changed);
    pthread_mutex_unlock(&o->lock);
    if (abandoned) {
        if (connection)
            virConnectClose(connection);
        opening_free(o);
    }
    return NULL;
}

static int start_opening(struct opening *o)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int reason;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    reason = pthread_create(&thread, &attributes, run_opening, o);
    pthread_attr_destroy(&attributes);
    return reason;
}

/* False when the daemon has said nothing for too long; then the thread is left to itself. */
static bool wait_opening(struct opening *o)
{
    struct timespec end;
    bool done;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += LOCAL_TIMEOUT_S;
    pthread_mutex_lock(&o->lock);
    while (!o->done && pthread_cond_timedwait(&o->done_changed, &o->lock, &end) != ETIMEDOUT)
        continue;
    done = o->done;
    o->abandoned = !done;
    pthread_mutex_unlock(&o->lock);
    return done;
}

static int open_bounded(const char *host_name, const char *uri, virConnectPtr *ret,
                        struct error **err)
{
    struct opening *o = xcalloc(1, sizeof *o);
    int outcome = 0, reason;

    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->done_changed, NULL);
    o->host_name = xstrdup(host_name);
    o->uri = xstrdup(uri);
    reason = start_opening(o);
    if (reason) {
        opening_free(o);
        return error_errno(err, reason, "cannot start a thread");
    }
    if (!wait_opening(o)) {
        error_set(err, ERROR_TIMEOUT, "libvirt of host '%s' at %s does not answer", host_name,
                  uri);
        return error_hint(err, "its daemon is stopped or hung: sudo systemctl restart libvirtd "
                               "(guests go on running)");
    }
    *ret = o->connection;
    if (!o->connection)
        outcome = error_move(err, TAKE(o->error));
    opening_free(o);
    return outcome;
}

int connect_open(const char *host_name, const char *uri, virConnectPtr *ret, struct error **err)
{
    if (is_local(uri))
        return open_bounded(host_name, uri, ret, err);
    *ret = open_now(uri);
    return *ret ? 0 : fail(host_name, uri, err);
}
