/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of check_networks(). */
#ifndef CONFIG_NETWORK_CHECK_H
#define CONFIG_NETWORK_CHECK_H

#include "config/loader.h"

/* Keys that are not for the network's mode. */
void check_network_keys(struct loader *l, const struct network *network);
/* Subnet, gateway and range of one network; sets `usable`. */
void check_network_subnet(struct loader *l, struct network *network);
/* Subnets that overlap each other. */
void check_network_overlaps(struct loader *l);

#endif
