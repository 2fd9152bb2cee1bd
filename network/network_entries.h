/* SPDX-License-Identifier: Apache-2.0 */
/* The part of network_diff that is about a network's entries: reservations for addresses and
 * names for its DNS. libvirt changes them one by one, in the running network and its
 * definition.
 */
#ifndef NETWORK_NETWORK_ENTRIES_H
#define NETWORK_NETWORK_ENTRIES_H

#include "network/network_diff.h"

void network_entries_show(struct resource *r, const struct network_object *o,
                          const struct network_view *view);
/* True when an entry of `view` is missing, too many, or another one. */
bool network_entries_differ(const struct network_object *o, const struct network_view *view);
/* `flags`: virNetworkUpdateFlags. */
int network_entries_apply(virNetworkPtr network, const struct network_object *o,
                          const struct network_view *view, unsigned flags, struct task *task,
                          struct error **err) MUST_CHECK;

#endif
