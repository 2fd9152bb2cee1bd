/* SPDX-License-Identifier: Apache-2.0 */
/* What the renderers of the managers share. */
#ifndef TEMPLATES_PERSIST_PART_H
#define TEMPLATES_PERSIST_PART_H

#include "templates/persist/persist.h"

/* A file with its two first lines; takes what is in `body`. `name` follows "virtopo-<cluster>-
 * <network>" between `folder` and it. */
void persist_add(const struct persist_bridge *bridge, const char *folder, const char *name,
                 unsigned mode, struct buffer *body, struct persist_files *ret);
bool persist_is_ip6(const char *text);
/* Whether there is an address of the family, or a client for one. */
bool persist_has_family(const struct persist_bridge *bridge, bool is_ip6);
/* The device that is the port, or NULL. */
const char *persist_port(const struct persist_bridge *bridge);
/* In seconds, rounded up. */
unsigned persist_delay(const struct persist_bridge *bridge);

void persist_networkd(const struct persist_bridge *bridge, struct persist_files *ret);
void persist_network_manager(const struct persist_bridge *bridge, struct persist_files *ret);
void persist_ifupdown(const struct persist_bridge *bridge, struct persist_files *ret);
void persist_netplan(const struct persist_bridge *bridge, struct persist_files *ret);

#endif
