/* SPDX-License-Identifier: Apache-2.0 */
/* Taking images out of the store that nothing uses. */
#ifndef PROVISION_IMAGE_PRUNE_H
#define PROVISION_IMAGE_PRUNE_H

#include "provision/image/image.h"

/* Adds, as present and not wanted, every image of the store that nothing will use once what is
 * not wanted of this cluster is gone. */
int image_prune_add(struct provision *p, struct site_host *host, struct resource_set *set,
                    struct error **err) MUST_CHECK;
/* The kind's verb. An image that somebody has begun to use stays. */
int image_prune_destroy(void *context, struct resource *r, struct task *task,
                        struct error **err) MUST_CHECK;

/* Without a cluster: the plan for all that nothing uses on the hosts of p->site, and what runs
 * that were cut off left there and in the cache of this machine; with `cache` also what is
 * finished in that. Not while a cluster is being changed there: ERROR_BUSY, unless it
 * is only to be shown. */
int image_prune_plan(struct provision *p, bool cache, bool dry_run, struct plan *ret,
                     struct error **err) MUST_CHECK;
/* What it frees. */
uint64_t image_prune_bytes(const struct plan *plan);

#endif
