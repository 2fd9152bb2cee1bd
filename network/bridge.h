/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bridges that a crash of libvirtd left behind: it makes a network's bridge before it writes
 * down that the network runs, and afterwards knows nothing of it. Ours bear a derived name
 * (host/identity.h), so one of that name without any port is nobody else's.
 */
#ifndef NETWORK_BRIDGE_H
#define NETWORK_BRIDGE_H

#include "host/host.h"

/* True for a bridge on this machine that nothing is plugged into. */
bool bridge_is_idle(const char *name);
/* True when a bridge on this machine has the device as a port. */
bool bridge_has_port(const char *name, const char *device);
/* True for a bridge on this machine. */
bool bridge_is_there(const char *name);
/* Removes it. ERROR_SYSTEM with a remedy where that is not permitted. */
int bridge_remove(const char *name, struct error **err) MUST_CHECK;

#endif
