/* SPDX-License-Identifier: Apache-2.0 */
/* Guests that ran while their network was stopped: the bridge that comes with its start is a
 * new one, and libvirt leaves their taps outside of it. */
#ifndef NETWORK_REPLUG_H
#define NETWORK_REPLUG_H

#include "host/site.h"

/* Puts the NICs of the cluster's running domains on the libvirt network `name` back into its
 * bridge. For those that ran when the host was surveyed. */
int replug_guests(virConnectPtr connection, const struct survey *survey, const char *name,
                  const char *bridge, struct error **err) MUST_CHECK;

#endif
