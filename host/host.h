/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host: where libvirt is reached, and how many calls may be under way there at once.
 *
 * libvirtd drops a connection with more than 5 requests in flight (max_client_requests counts
 * keepalives too), so at most HOST_CALLS run on one connection, and further connections are
 * opened, up to HOST_CONNECTIONS, only when the earlier ones are full.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdbool.h>

#include "util/virt.h"

#define HOST_CALLS 4
#define HOST_CONNECTIONS 4

struct host;

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
/* True for libvirt's mock driver, which has no files behind its volumes. */
bool host_is_mock(const struct host *host);
/* Limits the calls under way on this host, 1 to HOST_CALLS * HOST_CONNECTIONS. */
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
