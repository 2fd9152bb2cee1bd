/* SPDX-License-Identifier: Apache-2.0 */
/* What of the file's networks is in the way of something foreign on a host: names, bridges,
 * subnets of other networks and of the host's own routes. Found before anything is made. */
#ifndef NETWORK_CONFLICT_H
#define NETWORK_CONFLICT_H

#include "host/site.h"
#include "util/diagnostic.h"

void conflict_find(const struct site *site, struct diagnostics *d);

#endif
