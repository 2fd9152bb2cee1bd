/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host: where libvirt is reached, and how many calls may be under way there at once.
 *
 * At most HOST_CALLS at once; libvirtd has 20 workers for everybody (max_workers).
 *
 * A call that shares its connection with a long one may be held up as long as that takes: in
 * libvirt's client (6.0 to 9.0 at least) the wake-up of the thread that polls the socket is
 * lost when it comes just before that thread's g_main_loop_run(). So each call on a local host
 * has a connection of its own, opened when all others are taken. A connection through SSH costs
 * more than such a delay (0.3 s, and sshd limits how many log in at once): there up to
 * HOST_CALLS_SHARED calls share one. More than 5 on one would be too many for libvirtd
 * (max_client_requests, which counts keepalives too).
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdbool.h>

#include "util/virt.h"

#define HOST_CALLS 16
#define HOST_CALLS_SHARED 4

struct host;
struct shell;

/* Opens the first connection. The error has a hint for the usual causes: no daemon, no
 * permission on its socket, an unknown SSH host key. */
int host_open(const char *name, const char *uri, const char *dir, struct host **ret,
              struct error **err) MUST_CHECK;
/* A host that is only a name, for rendering: no call may be made on it. */
struct host *host_offline(const char *name, const char *uri, const char *dir);
void host_close(struct host *host); /* NULL is fine */

const char *host_name(const struct host *host);
const char *host_uri(const struct host *host);
/* The folder of the store, absolute. */
const char *host_dir(const struct host *host);
/* True for a libvirt on this machine, whose networks' addresses can be reached from here. */
bool host_is_local(const struct host *host);
/* False for one that is only a name. */
bool host_is_open(const struct host *host);
/* True for a user's own libvirt, which has that user's rights alone. */
bool host_is_session(const struct host *host);
/* True for libvirt's mock driver, which has no files behind its volumes. */
bool host_is_mock(const struct host *host);
/* The way to run commands there: host/shell.c's, which keeps it. Never NULL. */
struct shell *host_shell(const struct host *host);
/* Limits the calls under way on this host, 1 to HOST_CALLS. */
void host_set_parallel(struct host *host, unsigned calls);

/* Borrows a connection for the calls of one step; waits while all are taken. */
struct host_call {
    struct host *host;
    virConnectPtr connection; /* never NULL */
    int slot;
};
struct host_call host_call_begin(struct host *host);
void host_call_end(struct host_call *call);
#define auto_call __attribute__((cleanup(host_call_end)))

#endif
