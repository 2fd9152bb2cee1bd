/* SPDX-License-Identifier: Apache-2.0 */
/* What is otherwise in the host's kernel than libvirt believes: a bridge that is gone or down,
 * its addresses, taps of guests outside of it, a dnsmasq that has died. Part of network_diff.
 */
#ifndef NETWORK_KERNEL_DRIFT_H
#define NETWORK_KERNEL_DRIFT_H

#include "network/network_diff.h"

/* Adds a change for each, and sets o->work. Nothing where the host takes no commands. */
void kernel_drift_find(struct resource *r, struct network_object *o,
                       const struct network_view *running);
/* Mends what a restart of the network has not. */
int kernel_drift_mend(const struct network_object *o, virConnectPtr connection,
                      virNetworkPtr network, const struct network_view *running,
                      struct error **err) MUST_CHECK;

#endif
