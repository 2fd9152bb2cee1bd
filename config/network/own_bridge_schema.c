/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of bridges that virtopo makes: mode bridge, where one of these is there. */
#include <stddef.h>

#include "config/network/network.h"
#include "util/memory.h"

static const struct field own_bridge_fields[] = {
    {.key = "uplink",
     .type = FIELD_STRING,
     .offset = offsetof(struct network, uplink),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "none: the bridge that is there is used, or one without an uplink is made",
     .only = "with mode bridge",
     .summary =
         "The device of the host that leads outside: virtopo makes the bridge, moves the "
         "device's addresses and routes to it, and moves them back on `down`",
     .example = "eth1",
     .also = "uplinks ports"},
    {.key = "address",
     .type = FIELD_CIDR,
     .offset = offsetof(struct network, address),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "none, or what the uplink has",
     .only = "with mode bridge",
     .summary = "The host's own IPv4 address on a bridge that virtopo makes",
     .example = "10.50.0.1/24",
     .also = "host_address"},
    {.key = "address6",
     .type = FIELD_STRING,
     .offset = offsetof(struct network, address6),
     .flags = FIELD_NOTE,
     .max = 64,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "none, or what the uplink has",
     .only = "with mode bridge",
     .summary = "The host's own IPv6 address on a bridge that virtopo makes",
     .example = "\"fd00:50::1/64\"",
     .also = "host_address6"},
    {.key = "create",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct network, create),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RECREATE,
     .default_text = "false",
     .only = "with mode bridge",
     .summary = "Makes the bridge, also without uplink and address",
     .example = "true",
     .also = "make created"},
    {.key = "confirm",
     .type = FIELD_DURATION,
     .offset = offsetof(struct network, confirm),
     .flags = FIELD_NOTE,
     .min = 5000,
     .max = 600000,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "30s",
     .only = "with an uplink",
     .summary = "How long the host waits, after it has moved its uplink, to be reached over a "
                "new connection before it puts everything back",
     .example = "60s",
     .also = "rollback timeout"},
};

const struct schema network_own_bridge_schema = {
    .name = "network",
    .size = sizeof(struct network),
    .fields = own_bridge_fields,
    .field_count = ARRAY_SIZE(own_bridge_fields),
    .source_offset = offsetof(struct network, source),
    .rest = &network_persist_schema,
};
