/* SPDX-License-Identifier: Apache-2.0 */
/* The part of address_plan() about IPv6. */
#ifndef NETWORK_ADDRESS_PLAN6_H
#define NETWORK_ADDRESS_PLAN6_H

#include "network/address_plan.h"

/* After the IPv4 addresses: a node's two look alike where that is free. 10.20.0.11 in a /24
 * goes with fd00:21::11, 10.20.1.44 in a /16 with fd00:21::1:44: the same digits. */
int address_plan6(struct cluster *cluster, const struct address_record *records, size_t count,
                  struct error **err) MUST_CHECK;

#endif
