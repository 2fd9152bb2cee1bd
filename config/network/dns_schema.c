/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/cluster.h"
#include "config/network/dns.h"

#define ADDRESS_SCHEMA \
    "anyOf: [{ $ref: '#/$defs/value-address' }, { $ref: '#/$defs/value-address6' }"

/* Of either family, in its canonical form; NULL after a finding. */
static const char *bind_address(struct binder *b, const struct document_node *node,
                                const char *key)
{
    const struct field address4 = {.key = key, .type = FIELD_IP4};
    const struct field address6 = {.key = key, .type = FIELD_IP6};
    size_t before = b->diagnostics->errors;
    struct ip6 ip6 = {0};
    uint32_t ip4 = 0;
    char text[IP6_TEXT];

    if (node->kind != DOCUMENT_SCALAR || node->is_null) {
        binder_report(b, node->position, "type", "write it as 10.20.0.50 or \"fd00:21::50\"",
                      "an address of %s must be a text, not %s", key, document_kind_name(node));
        return NULL;
    }
    if (strchr(node->text, ':'))
        schema_bind_field(b, &address6, node, &ip6);
    else
        schema_bind_field(b, &address4, node, &ip4);
    if (b->diagnostics->errors != before || (!ip4 && !ip6_is_set(ip6)))
        return NULL;
    return arena_strdup(b->arena, ip4 ? ip4_format(ip4, text) : ip6_format(ip6, text));
}

/* An address alone, or a list of them. */
static void bind_addresses(struct binder *b, const struct document_node *node, const char *key,
                           struct string_list *list)
{
    const struct document_node *item;
    const char *text;

    list->items = arena_alloc(b->arena, (node->count + 1) * sizeof *list->items);
    list->count = 0;
    if (node->kind != DOCUMENT_SEQUENCE) {
        text = bind_address(b, node, key);
        if (text)
            list->items[list->count++] = text;
        return;
    }
    document_each (node, i, item) {
        text = bind_address(b, item, key);
        if (text)
            list->items[list->count++] = text;
    }
}

static void parse_forwarders(struct binder *b, const struct document_node *node, void *target)
{
    bind_addresses(b, node, "forwarders", target);
}

static void parse_servers(struct binder *b, const struct document_node *node, void *target)
{
    bind_addresses(b, node, "servers", target);
}

static void parse_records(struct binder *b, const struct document_node *node, void *target)
{
    struct list *list = target;
    const struct document_node *item;
    struct dns_record *records;

    if (node->kind != DOCUMENT_MAPPING) {
        binder_report(b, node->position, "type",
                      "write { api: 10.20.0.50, www: [10.20.0.51, \"fd00:21::51\"] }",
                      "records must be a mapping of names to addresses, not %s",
                      document_kind_name(node));
        return;
    }
    records = arena_alloc(b->arena, (node->count + 1) * sizeof *records);
    list->items = records;
    document_each (node, i, item) {
        struct dns_record *record = &records[list->count++];

        *record = (struct dns_record){.name = item->key, .source = item};
        bind_addresses(b, item, item->key, &record->addresses);
    }
}

static json_t *dump_addresses(const void *target)
{
    const struct string_list *list = target;
    json_t *array;

    if (list->count == 0)
        return NULL;
    array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_string(list->items[i]));
    return array;
}

static json_t *dump_records(const void *target)
{
    const struct list *list = target;
    json_t *object;

    if (list->count == 0)
        return NULL;
    object = json_object();
    list_each(const struct dns_record, *list, record)
        json_object_set_new(object, record->name, dump_addresses(&record->addresses));
    return object;
}

static const struct field dns_fields[] = {
    {.key = "enabled",
     .type = FIELD_BOOL,
     .offset = offsetof(struct dns_setting, enabled),
     .change = FIELD_CHANGE_LIVE,
     .default_text = "true",
     .summary = "A DNS server on the gateway's address that knows all nodes",
     .example = "false",
     .also = "enable server"},
    {.key = "forwarders",
     .type = FIELD_CUSTOM,
     .offset = offsetof(struct dns_setting, forwarders),
     .flags = FIELD_NOTE,
     .type_text = "a list of addresses",
     .json_schema = ADDRESS_SCHEMA ", { type: array, items: { " ADDRESS_SCHEMA "] } }]",
     .parse = parse_forwarders,
     .dump = dump_addresses,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "those that the host asks",
     .summary = "Whom that server asks for names that it does not know",
     .example = "[10.0.0.1]",
     .also = "forwarder upstream upstreams"},
    {.key = "servers",
     .type = FIELD_CUSTOM,
     .offset = offsetof(struct dns_setting, servers),
     .flags = FIELD_NOTE,
     .type_text = "a list of addresses",
     .json_schema = ADDRESS_SCHEMA ", { type: array, items: { " ADDRESS_SCHEMA "] } }]",
     .parse = parse_servers,
     .dump = dump_addresses,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "the network's own server",
     .summary = "Whom the nodes ask instead of the network's own server",
     .example = "[10.0.0.1, \"fd00::53\"]",
     .also = "nameservers resolvers nameserver"},
    {.key = "search",
     .type = FIELD_STRINGS,
     .offset = offsetof(struct dns_setting, search),
     .change = FIELD_CHANGE_LIVE,
     .summary = "Domains in which the nodes look for short names, after the cluster's",
     .example = "[example.test]",
     .also = "domains search_domains"},
    {.key = "records",
     .type = FIELD_CUSTOM,
     .offset = offsetof(struct dns_setting, records),
     .type_text = "a mapping of names to addresses",
     .json_schema = "type: object\nadditionalProperties: { " ADDRESS_SCHEMA
                    ", { type: array, items: { " ADDRESS_SCHEMA "] } }] }",
     .parse = parse_records,
     .dump = dump_records,
     .change = FIELD_CHANGE_LIVE,
     .summary = "More names: one without a dot is in the cluster's domain too",
     .example = "{ api: 10.20.0.50 }",
     .also = "hosts names entries"},
};

const struct schema dns_schema = {
    .name = "dns",
    .size = sizeof(struct dns_setting),
    .fields = dns_fields,
    .field_count = ARRAY_SIZE(dns_fields),
    .source_offset = offsetof(struct dns_setting, source),
    .scalar_key = "enabled",
    .short_form_text = "write true, false or { forwarders: [10.0.0.1] }",
};
