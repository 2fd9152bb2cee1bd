/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "leftover", for prune: what runs that were cut off left behind (guests and
 * disks of builds, records and seals without their image), and files of this machine's cache.
 */
#ifndef PROVISION_LEFTOVER_H
#define PROVISION_LEFTOVER_H

#include "engine/resource.h"
#include "provision/provision.h"

extern const struct resource_kind leftover_kind;

/* What is in a host's store, as surveyed, and of builds there. */
int leftover_add_host(struct resource_set *set, struct site_host *host,
                      struct error **err) MUST_CHECK;
/* Downloads and builds in the cache that were cut off, of which nobody is at work; with `all`
 * also finished ones, which may have to be fetched or built again. */
int leftover_add_cache(struct resource_set *set, bool all, struct error **err) MUST_CHECK;
/* Bytes that finished images take in the cache. */
uint64_t leftover_cache_bytes(void);
/* Bytes that a resource of the kind takes. */
uint64_t leftover_bytes(const struct resource *r);

#endif
