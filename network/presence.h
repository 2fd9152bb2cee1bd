/* SPDX-License-Identifier: Apache-2.0 */
/* What networks need of a host and virtopo never makes: libvirt networks, bridges and devices
 * that somebody else made. Found missing before anything is made. */
#ifndef NETWORK_PRESENCE_H
#define NETWORK_PRESENCE_H

#include "host/site.h"
#include "util/diagnostic.h"

/* A network that nodes of the host are plugged into. */
void presence_find(struct site_host *host, const struct network *network,
                   struct diagnostics *d);

#endif
