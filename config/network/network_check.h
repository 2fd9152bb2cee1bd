/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of check_networks(). */
#ifndef CONFIG_NETWORK_CHECK_H
#define CONFIG_NETWORK_CHECK_H

#include "config/loader.h"

/* Keys that are not for the network's mode. */
void check_network_keys(struct loader *l, const struct network *network);
/* Subnet, gateway and range of one network; sets `usable`. */
void check_network_subnet(struct loader *l, struct network *network);
/* The same for somebody else's segment, which has a subnet only where the file says so. */
void check_network_lan(struct loader *l, struct network *network);
/* Devices and VLANs; what its mode cannot do without. */
void check_network_attach(struct loader *l, struct network *network);
/* The name of a network device (NULL is fine); `what` it is ("bridge") names the check. */
void check_device_name(struct loader *l, struct position at, const char *what,
                       const char *device, const char *remedy);
/* The same of IPv6; sets `usable6`. */
void check_network_subnet6(struct loader *l, struct network *network);
/* Routes of a network, or of a NIC on it (NULL: it is not known). */
void check_routes(struct loader *l, const struct list *routes, const struct network *network);
/* Names, and whom to ask for them; no server where the mode has none. */
void check_network_dns(struct loader *l, struct network *network);
/* Bridges made by us: uplinks, VLANs, the host's addresses. */
void check_own_bridges(struct loader *l);
/* Subnets that overlap each other. */
void check_network_overlaps(struct loader *l);
void check_network_overlaps6(struct loader *l);

#endif
