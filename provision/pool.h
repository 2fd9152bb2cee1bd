/* SPDX-License-Identifier: Apache-2.0 */
/* The resource kind "pool": the store of base images (one a host, shared), and each cluster's
 * own pool of overlays, disks, seeds and console logs in a folder below it. */
#ifndef PROVISION_POOL_H
#define PROVISION_POOL_H

#include "engine/resource.h"
#include "provision/provision.h"

extern const struct resource_kind pool_kind;

/* Names of the two resources on each host. */
#define POOL_STORE "store"
#define POOL_VOLUMES "volumes"

struct resource *pool_want(struct provision *p, const char *host, const char *which);

#endif
