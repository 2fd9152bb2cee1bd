/* SPDX-License-Identifier: Apache-2.0 */
/* The part of network_diff that is about the dynamic ranges of DHCP: libvirt changes them in
 * the running network, starting its dnsmasq anew; guests lose no packet. */
#ifndef NETWORK_NETWORK_RANGES_H
#define NETWORK_NETWORK_RANGES_H

#include <libxml/tree.h>

#include "network/network_diff.h"

/* The ranges of a network's XML as one text, "none" without any; of IPv6 with `six`. The caller
 * frees it. */
char *network_ranges_text(xmlNodePtr network, bool six);
/* Makes the running network's (`have`) those of `want`. `flags`: virNetworkUpdateFlags. */
int network_ranges_apply(virNetworkPtr network, xmlNodePtr have, xmlNodePtr want,
                         unsigned flags, struct error **err) MUST_CHECK;

#endif
