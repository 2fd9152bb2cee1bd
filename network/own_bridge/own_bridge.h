/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bridges that virtopo makes on a host, with an uplink (mode bridge with `uplink`, `address`,
 * `address6` or `create`). To libvirt such a network is a <forward mode='bridge'/> to a bridge
 * that is there; virtopo makes that bridge by a script (templates/bridge_script.h).
 *
 * The order is what makes it safe to be cut off anywhere: first the network is defined, with
 * how the uplink was in its metadata; then the host is changed; and on the way back the host is
 * put right before the network is undefined. What may cut the connection that gives the command
 * runs detached, and the host puts it back by itself unless it is confirmed over a new
 * connection.
 */
#ifndef NETWORK_OWN_BRIDGE_H
#define NETWORK_OWN_BRIDGE_H

#include "network/network_diff.h"
#include "network/own_bridge/before.h"
#include "util/diagnostic.h"

/* Defines the network, makes the bridge or mends it, starts the network. */
int own_bridge_apply(struct resource *r, struct error **err) MUST_CHECK;
/* Puts the host back as it was. Nothing for other networks, and for one that never got so far.
 * ERROR_CONFLICT while somebody else has ports in the bridge. */
int own_bridge_unmake(const struct resource *r, struct error **err) MUST_CHECK;
/* The differences of file, record and host. Costs a command on the host. */
int own_bridge_diff(struct resource *r, struct error **err) MUST_CHECK;
/* What is in its way on a host: findings. */
void own_bridge_find(const struct site *site, struct site_host *host,
                     const struct network *network, struct diagnostics *d);
/* "bridge     br-prod on eth1, vlan 30". The caller frees it. */
char *own_bridge_describe(const struct network_object *o);
/* The script, for render: of the uplink is not known what it has, and `make` stops when it has
 * addresses. */
void own_bridge_render(const struct resource *r, struct buffer *out);

/* The port that virtopo has put into the bridge of that network: "eth1", or NULL. The caller
 * frees it. */
char *own_bridge_port(const struct survey_network *found);

/* What the parts share. */
struct bridge_names {
    char folder[64], temporary[BRIDGE_TEXT], device[BRIDGE_TEXT];
    char address[CIDR_TEXT];
};
/* Of the file and what is known of the uplink. It points into both. */
void own_bridge_script(const struct network_object *o, const struct bridge_before *before,
                       struct bridge_script *ret, struct bridge_names *names);
/* As the kernel will have it, in ms. */
uint64_t own_bridge_delay(const struct network *network);

#endif
