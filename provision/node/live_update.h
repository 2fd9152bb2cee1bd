/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of devices that change while the node runs: media in CD-ROM drives, limits of
 * disks, links, rates and filters of NICs. */
#ifndef PROVISION_LIVE_UPDATE_H
#define PROVISION_LIVE_UPDATE_H

#include "provision/node/machine.h"
#include "util/virt.h"

/* What `r`, a node, has among its changes. */
int live_update(const struct resource *r, virDomainPtr domain, struct error **err) MUST_CHECK;

#endif
