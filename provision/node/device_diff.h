/* SPDX-License-Identifier: Apache-2.0 */
/* The part of domain_diff that is about disks. */
#ifndef PROVISION_DEVICE_DIFF_H
#define PROVISION_DEVICE_DIFF_H

#include "provision/node/machine.h"

/* A disk of ours in whose place a snapshot made outside of virtopo put another file, or NULL.
 */
const struct domain_view_disk *device_moved(const struct machine *m);
void device_diff_disks(struct resource *r, const struct machine *m);

#endif
