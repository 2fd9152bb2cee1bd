/* SPDX-License-Identifier: Apache-2.0 */
/* A reservation or name as it is wanted, and the same as libvirt has it: which belongs to
 * which, and whether they say the same. */
#ifndef NETWORK_NETWORK_ENTRY_H
#define NETWORK_NETWORK_ENTRY_H

#include "network/network_diff.h"

/* By MAC; of IPv6 by the DUID that is made of it. NULL where there is none. */
const struct network_view_host *entry_reservation(const struct network_view *view,
                                                  const char *mac);
const struct network_host *entry_wanted(const struct network_object *o, const char *mac);
bool entry_same(const struct network_view_host *a, const struct network_host *b);
const struct network_view_host6 *entry_reservation6(const struct network_view *view,
                                                    const char *mac);
const struct network_host *entry_wanted6(const struct network_object *o,
                                         const struct network_view_host6 *old);
bool entry_same6(const struct network_view_host6 *a, const struct network_host *b);

/* By address. */
const struct network_view_dns *entry_dns(const struct network_view *view,
                                         const struct network_name *name);
const struct network_name *entry_wanted_dns(const struct network_names *names,
                                            const struct network_view_dns *dns);
bool entry_same_names(const struct network_view_dns *a, const struct network_name *b);

/* A run for some nodes leaves the entries of all others alone. */
bool entry_is_for(const struct network_object *o, const char *node);
/* Whose names these are: those of dns.records are everybody's. Either may be NULL. */
bool entry_is_for_name(const struct network_object *o, const struct network_name *now,
                       const struct network_view_dns *old);

#endif
