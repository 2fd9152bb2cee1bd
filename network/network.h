/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "network": a libvirt network with its bridge, DHCP reservations and names.
 * Its context is a struct site.
 *
 * A network is defined with every static address in it; later differences of reservations and
 * names go to the running network and its definition at once (virNetworkUpdate). What libvirt
 * cannot change in a running network (mode, subnet, bridge) makes a new one.
 */
#ifndef NETWORK_NETWORK_H
#define NETWORK_NETWORK_H

#include "engine/resource.h"
#include "host/site.h"
#include "util/buffer.h"

extern const struct resource_kind network_kind;

/* Adds the network of the model as a wanted resource on `host`. */
struct resource *network_want(struct resource_set *set, const struct site *site,
                              const struct network *network, const char *host);
/* True for one that goes before its nodes let go of it, as another takes its place. */
bool network_yields(const struct resource *r);
/* The script that makes its bridge, where that is not libvirt's work; for render. */
bool network_own_script(const struct resource *r, struct buffer *out);
/* The XML that `create` would define; for render. The caller frees it. */
int network_render(const struct resource *r, char **ret, struct error **err) MUST_CHECK;

#endif
