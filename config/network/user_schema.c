/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of networks of mode user. */
#include <stddef.h>

#include "config/network/network.h"
#include "config/network/port_forward.h"
#include "util/memory.h"

static const struct field user_fields[] = {
    {.key = "forward",
     .type = FIELD_CUSTOM,
     .offset = offsetof(struct network, forward),
     .type_text = PORT_FORWARD_TYPE,
     .json_schema = PORT_FORWARD_SCHEMA,
     .parse = port_forward_bind,
     .dump = port_forward_dump,
     .change = FIELD_CHANGE_RESTART,
     .only = "with mode user",
     .summary = "Ports of the host that lead to the one node on it; several publish their own",
     .example = "[\"127.0.0.1:2222:22\"]",
     .also = "forwards hostfwd port_forward"},
};

const struct schema network_user_schema = {
    .name = "network",
    .size = sizeof(struct network),
    .fields = user_fields,
    .field_count = ARRAY_SIZE(user_fields),
    .source_offset = offsetof(struct network, source),
    .rest = &network_own_bridge_schema,
};
