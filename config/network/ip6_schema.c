/* SPDX-License-Identifier: Apache-2.0 */
/* A network's keys for IPv6. */
#include "config/cluster.h"

static void parse_range(struct binder *b, const struct document_node *node,
                        struct dhcp6_setting *dhcp)
{
    const struct field address = {
        .key = "dhcp6", .type = FIELD_IP6, .example = "[\"fd00:21::1000\", \"fd00:21::1fff\"]"};
    struct ip6 ends[2] = {0};

    for (size_t i = 0; i < 2; i++)
        schema_bind_field(b, &address, node->items[i], &ends[i]);
    if (!ip6_is_set(ends[0]) || !ip6_is_set(ends[1]))
        return;
    dhcp->has_range = true;
    dhcp->first = ends[0];
    dhcp->last = ends[1];
}

static void parse_dhcp6(struct binder *b, const struct document_node *node, void *target)
{
    const struct field boolean = {.key = "dhcp6",
                                  .type = FIELD_BOOL,
                                  .type_text = "true, false or [first, last]",
                                  .example = "[\"fd00:21::1000\", \"fd00:21::1fff\"]"};
    struct dhcp6_setting *dhcp = target;

    dhcp->given = true;
    dhcp->enabled = true;
    if (node->kind == DOCUMENT_SEQUENCE && node->count == 2)
        parse_range(b, node, dhcp);
    else if (node->kind == DOCUMENT_SEQUENCE)
        binder_report(b, node->position, "type", "write [\"fd00:21::1000\", \"fd00:21::1fff\"]",
                      "a dhcp6 range has two addresses, the first and the last, not %zu",
                      node->count);
    else
        schema_bind_field(b, &boolean, node, &dhcp->enabled);
}

/* Without IPv6 there is nothing to say. */
static json_t *dump_dhcp6(const void *target)
{
    const struct dhcp6_setting *dhcp = target;
    char first[IP6_TEXT], last[IP6_TEXT];

    if (dhcp->has_range)
        return json_pack("[ss]", ip6_format(dhcp->first, first), ip6_format(dhcp->last, last));
    return dhcp->given ? json_boolean(dhcp->enabled) : NULL;
}

static const struct field ip6_fields[] = {
    {.key = "subnet6",
     .type = FIELD_CIDR6,
     .offset = offsetof(struct network, subnet6),
     .change = FIELD_CHANGE_LIVE,
     .summary = "Its IPv6 addresses, beside those of subnet",
     .example = "\"fd00:21::/64\"",
     .also = "ipv6 cidr6 subnet_v6 subnet_ipv6 ip6"},
    {.key = "gateway6",
     .type = FIELD_IP6,
     .offset = offsetof(struct network, gateway6),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "the first address of subnet6",
     .only = "with subnet6",
     .summary = "The host's own address in it",
     .example = "\"fd00:21::1\"",
     .also = "gw6 router6"},
    {.key = "dhcp6",
     .type = FIELD_CUSTOM,
     .offset = offsetof(struct network, dhcp6),
     .flags = FIELD_NOTE,
     .type_text = "true, false or [first, last]",
     .json_schema = "anyOf: [{ $ref: '#/$defs/value-boolean' }, { type: array, "
                    "items: { $ref: '#/$defs/value-address6' }, minItems: 2, maxItems: 2 }]",
     .parse = parse_dhcp6,
     .dump = dump_dhcp6,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "true",
     .only = "with subnet6",
     .summary = "DHCPv6 for the static addresses, and for the dynamic ones of a range; without "
                "it guests may make their own (SLAAC)",
     .example = "[\"fd00:21::1000\", \"fd00:21::1fff\"]"},
};

const struct schema network_ip6_schema = {
    .name = "network",
    .size = sizeof(struct network),
    .fields = ip6_fields,
    .field_count = ARRAY_SIZE(ip6_fields),
    .source_offset = offsetof(struct network, source),
    .rest = &network_attach_schema,
};
