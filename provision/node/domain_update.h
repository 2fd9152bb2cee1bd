/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing a node's domain to what is wanted: defined, running, changed while it runs or by a
 * restart. */
#ifndef PROVISION_DOMAIN_UPDATE_H
#define PROVISION_DOMAIN_UPDATE_H

#include "provision/node/machine.h"

/* How long a guest may take to shut down before the plug is pulled; a full distribution under
 * emulation needs about half of it. */
#define DOMAIN_SHUTDOWN_MS 120000

/* Borrows a connection for `call`, which *ret belongs to: calls on a domain, and the watch for
 * its events, go through its own connection. The caller ends the call. */
int domain_define(struct machine *m, struct host_call *call, virDomainPtr *ret,
                  struct error **err) MUST_CHECK;
int domain_start(struct machine *m, virDomainPtr domain, struct error **err) MUST_CHECK;
int domain_update(void *context, struct resource *r, struct task *task, struct error **err);

#endif
