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

/* Moves the NIC with that MAC of a running domain to a libvirt network (`is_network`) or to a
 * bridge. The cable is out meanwhile, so that a guest notices and asks for an address anew;
 * unless `quietly`. */
int replug_nic(virDomainPtr domain, struct mac mac, bool is_network, const char *name,
               bool quietly, struct error **err) MUST_CHECK;

#endif
