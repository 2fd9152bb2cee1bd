/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema/shorthand.h"

#include <string.h>

#include "config/cluster.h"

static bool is_text(const struct document_node *node)
{
    return node->kind == DOCUMENT_SCALAR && !node->is_null;
}

/* A mapping without `network` whose keys a long form would not have names a network. */
static const struct document_node *network_entry(const struct document_node *node)
{
    const struct document_node *item;

    if (node->kind != DOCUMENT_MAPPING || document_get(node, "network"))
        return NULL;
    document_each (node, i, item) {
        if (!schema_field(&nic_schema, item->key))
            return item;
    }
    return NULL;
}

static void bind_network(struct binder *b, const struct document_node *at, const char *name,
                         struct nic *nic)
{
    const struct document_node text = {
        .kind = DOCUMENT_SCALAR, .position = at->position, .text = name};

    schema_bind_field(b, schema_field(&nic_schema, "network"), &text, nic);
}

bool shorthand_nic(struct binder *b, const struct document_node *node, void *target)
{
    const struct document_node *entry = network_entry(node);
    const char *address;
    struct document_node key;

    if (is_text(node)) {
        bind_network(b, node, node->text, target);
        return true;
    }
    if (!entry)
        return false;
    if (node->count > 1) {
        address = is_text(entry) ? document_quote(b->arena, entry->text) : NULL;
        binder_report(b, entry->key_position, "network-form",
                      arena_printf(b->arena, "write { network: %s, ip: %s, ... }", entry->key,
                                   address ? address : "10.20.0.10"),
                      "a network with more than an address needs the long form");
        return true;
    }
    key = *entry;
    key.position = entry->key_position;
    bind_network(b, &key, entry->key, target);
    if (is_text(entry))
        shorthand_parse_ip(b, entry, target);
    else
        binder_report(b, entry->position, "type",
                      arena_printf(b->arena, "write { %s: 10.20.0.10 }, { %s: dhcp } or %s",
                                   entry->key, entry->key, entry->key),
                      "%s must be an IPv4 address or dhcp, not %s", entry->key,
                      document_kind_name(entry));
    return true;
}

bool shorthand_ready(struct binder *b, const struct document_node *node, void *target)
{
    struct field kind;

    if (!is_text(node))
        return false;
    kind = *schema_field(&ready_schema, "kind");
    kind.key = "ready";
    kind.type_text = "ssh, none or a mapping";
    schema_bind_field(b, &kind, node, target);
    return true;
}

void shorthand_parse_ip(struct binder *b, const struct document_node *node, void *target)
{
    const struct field address = {.key = "ip",
                                  .type = FIELD_IP4,
                                  .type_text = "an IPv4 address or dhcp",
                                  .example = "10.20.0.10"};
    struct nic *nic = target;

    if (is_text(node) && !strcmp(node->text, "dhcp")) {
        nic->dynamic = true;
        return;
    }
    if (is_text(node) && ip4_parse(node->text, &nic->ip, NULL) < 0 &&
        !strpbrk(node->text, ".:/")) {
        binder_report(
            b, node->position, "value",
            "write an address, dhcp, or the network's name alone for the next free one",
            "'%s' is neither an IPv4 address nor dhcp", node->text);
        return;
    }
    schema_bind_field(b, &address, node, &nic->ip);
    nic->ip_explicit = nic->ip != 0;
}

json_t *shorthand_dump_ip(const void *target)
{
    const struct nic *nic = target;
    char text[IP4_TEXT];

    if (nic->dynamic)
        return json_string("dhcp");
    return nic->ip ? json_string(ip4_format(nic->ip, text)) : NULL;
}

static void parse_range(struct binder *b, const struct document_node *node,
                        struct dhcp_setting *dhcp)
{
    const struct field address = {
        .key = "dhcp", .type = FIELD_IP4, .example = "[10.20.0.100, 10.20.0.199]"};
    uint32_t ends[2] = {0, 0};

    for (size_t i = 0; i < 2; i++)
        schema_bind_field(b, &address, node->items[i], &ends[i]);
    if (!ends[0] || !ends[1])
        return;
    dhcp->has_range = true;
    dhcp->first = ends[0];
    dhcp->last = ends[1];
}

void shorthand_parse_dhcp(struct binder *b, const struct document_node *node, void *target)
{
    const struct field boolean = {.key = "dhcp",
                                  .type = FIELD_BOOL,
                                  .type_text = "true, false or [first, last]",
                                  .example = "[10.20.0.100, 10.20.0.199]"};
    struct dhcp_setting *dhcp = target;

    dhcp->given = true;
    dhcp->enabled = true;
    if (node->kind == DOCUMENT_SEQUENCE && node->count == 2)
        parse_range(b, node, dhcp);
    else if (node->kind == DOCUMENT_SEQUENCE)
        binder_report(b, node->position, "type", "write [10.20.0.100, 10.20.0.199]",
                      "a dhcp range has two addresses, the first and the last, not %zu",
                      node->count);
    else
        schema_bind_field(b, &boolean, node, &dhcp->enabled);
}

json_t *shorthand_dump_dhcp(const void *target)
{
    const struct dhcp_setting *dhcp = target;
    char first[IP4_TEXT], last[IP4_TEXT];

    if (!dhcp->has_range)
        return json_boolean(dhcp->enabled);
    return json_pack("[ss]", ip4_format(dhcp->first, first), ip4_format(dhcp->last, last));
}

void shorthand_parse_profile(struct binder *b, const struct document_node *node, void *target)
{
    const struct field names = {.key = "profile",
                                .type = FIELD_STRINGS,
                                .type_text = "a name or a list of names",
                                .example = "[big, nfv]"};
    struct string_list ignored = {0};

    (void)target;
    if (is_text(node) && !*node->text)
        binder_report(b, node->position, "text", NULL, "profile is empty");
    else if (!is_text(node))
        schema_bind_field(b, &names, node, &ignored);
}
