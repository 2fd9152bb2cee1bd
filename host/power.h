/* SPDX-License-Identifier: Apache-2.0 */
/* Stopping a domain the way its owner would, and the hard way. */
#ifndef HOST_POWER_H
#define HOST_POWER_H

#include "engine/resource.h"
#include "host/host.h"

enum power_stop { POWER_STOPPED, POWER_STILL_RUNNING, POWER_CANCELLED };

/* Asks the guest by ACPI (and its agent, where one answers) and waits for libvirt's event that
 * it has stopped, at most `timeout_ms`. One that is off already counts as stopped. `task` (may
 * be NULL) says so, and ends the wait when it is cancelled. */
int power_shutdown(virDomainPtr domain, unsigned timeout_ms, struct task *task,
                   enum power_stop *ret, struct error **err) MUST_CHECK;
/* Pulls the plug. One that is off already is fine. */
int power_off(virDomainPtr domain, struct error **err) MUST_CHECK;

#endif
