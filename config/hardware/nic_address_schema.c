/* SPDX-License-Identifier: Apache-2.0 */
/* What a NIC takes about addresses beside `ip`. */
#include <string.h>

#include "config/cluster.h"

static void parse_ip6(struct binder *b, const struct document_node *node, void *target)
{
    const struct field address = {.key = "ip6",
                                  .type = FIELD_IP6,
                                  .type_text = "an IPv6 address, dhcp or auto",
                                  .example = "\"fd00:21::10\""};
    struct nic *nic = target;
    bool is_text = node->kind == DOCUMENT_SCALAR && !node->is_null;

    if (is_text && !strcmp(node->text, "dhcp")) {
        nic->ip6_from = NIC_IP6_DHCP;
    } else if (is_text && !strcmp(node->text, "auto")) {
        nic->ip6_from = NIC_IP6_AUTO;
    } else if (is_text && !strpbrk(node->text, ".:/")) {
        binder_report(b, node->position, "value",
                      "write an address, dhcp, auto, or nothing for the next free one",
                      "'%s' is neither an IPv6 address nor dhcp nor auto", node->text);
    } else {
        schema_bind_field(b, &address, node, &nic->ip6);
        nic->ip6_explicit = ip6_is_set(nic->ip6);
    }
}

static json_t *dump_ip6(const void *target)
{
    const struct nic *nic = target;
    char text[IP6_TEXT];

    if (nic->ip6_from != NIC_IP6_STATIC)
        return json_string(nic->ip6_from == NIC_IP6_DHCP ? "dhcp" : "auto");
    return ip6_is_set(nic->ip6) ? json_string(ip6_format(nic->ip6, text)) : NULL;
}

static const struct field address_fields[] = {
    {.key = "ip6",
     .type = FIELD_CUSTOM,
     .offset = 0, /* fills in several members */
     .flags = FIELD_NOTE,
     .type_text = "an IPv6 address, dhcp or auto",
     .json_schema = "anyOf: [{ enum: [dhcp, auto] }, { $ref: '#/$defs/value-address6' }]",
     .parse = parse_ip6,
     .dump = dump_ip6,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "where the network has subnet6: like that of ip, else the next free one",
     .summary = "Its IPv6 address; with count the first of a run; dhcp for one from the range, "
                "auto for one that the guest makes itself (SLAAC)",
     .example = "\"fd00:21::10\"",
     .also = "ipv6 address6 ipv6_address"},
    {.key = "default_route",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct nic, default_route),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "true for the node's first NIC on a network that leads out",
     .summary = "Whether the way to the world is through this NIC",
     .example = "true",
     .also = "default gateway primary"},
    {.key = "routes",
     .type = FIELD_LIST,
     .offset = offsetof(struct nic, routes),
     .schema = &route_schema,
     .change = FIELD_CHANGE_RESTART,
     .summary = "More routes through this NIC",
     .example = "[{ to: 10.9.0.0/16, via: 10.20.0.254 }]",
     .also = "route static_routes"},
};

const struct schema nic_address_schema = {
    .name = "network of a node",
    .size = sizeof(struct nic),
    .fields = address_fields,
    .field_count = ARRAY_SIZE(address_fields),
    .source_offset = offsetof(struct nic, source),
    .rest = &nic_tuning_schema,
};
