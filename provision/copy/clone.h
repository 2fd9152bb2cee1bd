/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node whose disks begin as copies of another's. It is an ordinary node but for one more
 * step, before its volumes are taken up: the resource "copy". While that is not known to be
 * whole, an empty volume says so, "<new>.cloning.<old>": a run that was cut off is cleaned up
 * by the next, up to its first volume.
 *
 * One that is not in the file has its tag say what it is a clone of, and the keys of that node.
 */
#ifndef PROVISION_CLONE_H
#define PROVISION_CLONE_H

#include "provision/node/machine.h"

extern const struct resource_kind clone_kind;

/* Puts into the model the clones that there are and that the file does not name, and the one
 * that this run is to make. */
void clone_adopt(struct provision *p);
/* Addresses of clones whose original is gone, that the file gives to others, and their networks
 * that are gone from it: findings, or an error. */
int clone_check_orphans(const struct provision *p, struct diagnostics *d,
                        struct error **err) MUST_CHECK;
/* A clone that is not in the file stays on the image that it was made on: sets that, and says
 * whether it did. */
bool clone_keep_image(struct machine *m);
void clone_free_image(struct image_object *image);
/* For the new node: its copy, which all its volumes need. */
void clone_want(struct machine *m);
/* Whether the run can make it: both names, what the old node has that no two can have, a base
 * image that fits, room. After provision_want. */
int clone_check(struct provision *p, struct error **err) MUST_CHECK;
/* The same of the names alone, before anything is wanted. */
int clone_check_names(const struct provision *p, struct error **err) MUST_CHECK;
/* Once the node is defined. */
int clone_finish(struct provision *p, struct error **err) MUST_CHECK;

/* What clones and exports that were cut off left on the hosts. The caller holds the lock. */
bool clone_has_leftovers(const struct provision *p);
int clone_sweep(struct provision *p, struct error **err) MUST_CHECK;
/* Whether the node's volumes are what a run that was cut off left of a copy. */
bool clone_is_partial(const struct site_host *host, const char *node);
/* Whether a volume of a cluster's pool is one of those. */
bool clone_is_leftover(const char *volume);
/* A clone that the file has neither by its name nor through the node it was made from. */
bool clone_is_stray(const struct provision *p, const char *node);
/* What the file would say of a clone: {"web-copy": {…}}. New reference. */
json_t *clone_keys(const struct node *node);

#define CLONE_MARK ".cloning."
#define CLONE_EXPORT ".exporting."

#endif
