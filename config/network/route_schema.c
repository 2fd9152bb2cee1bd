/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "config/network/route.h"

static const struct field route_fields[] = {
    {.key = "to",
     .type = FIELD_STRING,
     .offset = offsetof(struct route, to),
     .flags = FIELD_REQUIRED,
     .max = 64,
     .change = FIELD_CHANGE_RESTART,
     .type_text = "a subnet",
     .summary = "The subnet that it leads to, of either family; 0.0.0.0/0 or ::/0 for all",
     .example = "10.9.0.0/16",
     .also = "destination dest subnet target prefix"},
    {.key = "via",
     .type = FIELD_STRING,
     .offset = offsetof(struct route, via),
     .flags = FIELD_REQUIRED,
     .max = 64,
     .change = FIELD_CHANGE_RESTART,
     .type_text = "an address",
     .summary = "The router: an address on the network",
     .example = "10.20.0.254",
     .also = "gateway gw nexthop router"},
};

const struct schema route_schema = {
    .name = "route",
    .size = sizeof(struct route),
    .fields = route_fields,
    .field_count = ARRAY_SIZE(route_fields),
    .source_offset = offsetof(struct route, source),
    .short_form_text = "write { to: 10.9.0.0/16, via: 10.20.0.254 }",
};

bool route_is_default(const struct route *route)
{
    return route->six ? route->to6.prefix == 0 : route->to4.prefix == 0;
}
