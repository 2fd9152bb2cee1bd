/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of guests with places for what is known of the node: {{ nic.lan.ip }}. For what has no
 * cloud-init to set its network up, and for programs that want addresses in their settings.
 * "{{{{" stands for "{{".
 */
#ifndef CONFIG_GUEST_TEMPLATE_H
#define CONFIG_GUEST_TEMPLATE_H

#include "config/cluster.h"
#include "util/buffer.h"

/* Calls `wrong` for each place whose name there is not, or that the node has nothing for; `why`
 * is a sentence, `near` the nearest name or NULL. Addresses need not be planned yet. */
void guest_template_check(
    const struct cluster *cluster, const struct node *node, const struct guest_file *file,
    void (*wrong)(void *user, size_t line, const char *why, const char *near), void *user);
/* The text with all places filled in; those with nothing to put in stay empty. */
void guest_template_fill(const struct cluster *cluster, const struct node *node,
                         const struct guest_file *file, struct buffer *out);

#endif
