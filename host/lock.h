/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock that lives on the host, so that it holds between users and machines: a libvirt secret
 * without a value, ephemeral (gone with the daemon), whose usage names the thing locked and
 * whose description says who holds it. libvirt refuses a second secret with the same usage, in
 * one atomic step. The lock of a process that died on this machine is taken over.
 */
#ifndef HOST_LOCK_H
#define HOST_LOCK_H

#include "host/host.h"

struct host_lock {
    struct host *host;
    char *uuid; /* NULL: not held */
};

enum lock_mode {
    LOCK_TRY,   /* ERROR_BUSY names the holder */
    LOCK_BREAK, /* take it from whoever has it */
};

/* `name`: "cluster/lab", "image/<digest>". A driver without secrets (libvirt's mock) locks
 * nothing. */
int host_lock_take(struct host *host, const char *name, enum lock_mode mode,
                   struct host_lock *ret, struct error **err) MUST_CHECK;
void host_lock_release(struct host_lock *lock);
#define auto_lock __attribute__((cleanup(host_lock_release)))
/* Whether a process, as far as known alive, holds it; also this one. */
bool host_lock_is_held(virConnectPtr connection, const char *name);
/* Whether another process, as far as known alive, holds it. */
bool host_lock_is_elsewhere(virConnectPtr connection, const char *name);
/* The same of any whose name begins so: "cluster/". */
bool host_lock_any_elsewhere(virConnectPtr connection, const char *prefix);
/* Removes all locks of virtopo's whose holders are known to be dead. */
void host_lock_sweep(struct host *host);

#endif
