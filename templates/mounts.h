/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest's side of `shares`. cloud-init's own `mounts` are read once in a guest's life; a
 * share that is added later is mounted at the next boot, so a command of each boot keeps
 * /etc/fstab (its own lines alone) and mounts what is not.
 */
#ifndef TEMPLATES_MOUNTS_H
#define TEMPLATES_MOUNTS_H

#include "config/cluster.h"

/* An entry for cloud-init's `bootcmd`; NULL when nothing is to be mounted. New reference. */
json_t *mounts_command(const struct node *node);

#endif
