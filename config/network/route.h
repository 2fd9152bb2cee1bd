/* SPDX-License-Identifier: Apache-2.0 */
/* A route that guests get beside the default one: of a NIC, or of all on a network. */
#ifndef CONFIG_ROUTE_H
#define CONFIG_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "config/schema/schema.h"
#include "util/address.h"
#include "util/ip6.h"

struct route {
    const char *to, *via; /* canonical after a good load */
    bool six;             /* which family both are of */
    struct cidr to4;
    struct cidr6 to6;
    uint32_t via4;
    struct ip6 via6;
    const struct document_node *source;
};

extern const struct schema route_schema;

/* True for 0.0.0.0/0 and ::/0. */
bool route_is_default(const struct route *route);

#endif
