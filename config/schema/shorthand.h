/* SPDX-License-Identifier: Apache-2.0 */
/* The short forms of values, and the values with forms of their own. */
#ifndef CONFIG_SHORTHAND_H
#define CONFIG_SHORTHAND_H

#include "config/schema/schema.h"

/* `san` or `{lan: 10.20.0.10}` for a NIC. */
bool shorthand_nic(struct binder *b, const struct document_node *node, void *target);
/* `ssh` for ready. */
bool shorthand_ready(struct binder *b, const struct document_node *node, void *target);
/* A NIC's `ip`: an address or `dhcp`. The target is the NIC. */
void shorthand_parse_ip(struct binder *b, const struct document_node *node, void *target);
json_t *shorthand_dump_ip(const void *target);
/* A network's `dhcp`: true, false or [first, last]. */
void shorthand_parse_dhcp(struct binder *b, const struct document_node *node, void *target);
json_t *shorthand_dump_dhcp(const void *target);
/* A node's `profile`: a name or a list of names; which there are, the loader knows. */
void shorthand_parse_profile(struct binder *b, const struct document_node *node, void *target);

#endif
