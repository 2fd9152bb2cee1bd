/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of devices that change while the node runs: media in CD-ROM drives, limits of
 * disks, links, rates and filters of NICs. */
#ifndef PROVISION_LIVE_UPDATE_H
#define PROVISION_LIVE_UPDATE_H

#include "provision/node/machine.h"
#include "util/virt.h"

/* What `r`, a node, has among its changes. */
/* True for a change ("network 2 link", "cdrom cd1 source", or in the words of the XML "disk
 * data iotune read_iops_sec") that needs no restart. */
bool live_update_can(const char *what);
int live_update(const struct resource *r, virDomainPtr domain, struct error **err) MUST_CHECK;

#endif
