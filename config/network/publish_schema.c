/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what a node has of its networks' ways in and out. */
#include "config/cluster.h"

static const struct field node_network_fields[] = {
    {.key = "publish",
     .type = FIELD_CUSTOM,
     .offset = offsetof(struct node, publish),
     .type_text = PORT_FORWARD_TYPE,
     .json_schema = PORT_FORWARD_SCHEMA,
     .parse = port_forward_bind,
     .dump = port_forward_dump,
     .change = FIELD_CHANGE_LIVE,
     .summary = "Ports of the host that lead to it: [ADDRESS:]PORT:PORT of the node[/udp]",
     .example = "[\"8080:80\"]",
     .also = "ports port_forwards expose forward"},
};

const struct schema node_network_schema = {
    .name = "node",
    .size = sizeof(struct node),
    .fields = node_network_fields,
    .field_count = ARRAY_SIZE(node_network_fields),
    .source_offset = offsetof(struct node, source),
};
