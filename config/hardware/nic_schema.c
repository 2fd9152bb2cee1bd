/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"
#include "config/schema/shorthand.h"

const char *const nic_model_words[] = {"virtio", "e1000", "e1000e", "rtl8139", "vmxnet3", NULL};
static const char *const nic_model_notes[] = {
    "the fastest; Linux and the BSDs have its driver, Windows needs one",
    "Intel 82540EM, on PCI",
    "Intel 82574L, on PCI Express",
    "Realtek, 100 Mbit/s: for very old systems",
    "VMware's: what guests that come from there have a driver for",
    NULL,
};

static const struct field nic_fields[] = {
    {.key = "network",
     .type = FIELD_NAME,
     .offset = offsetof(struct nic, network),
     .flags = FIELD_REQUIRED,
     .change = FIELD_CHANGE_RESTART,
     .summary = "The network it is plugged into",
     .example = "lan",
     .also = "name"},
    {.key = "ip",
     .type = FIELD_CUSTOM,
     .offset = 0, /* fills in several members */
     .flags = FIELD_NOTE,
     .type_text = "an IPv4 address or dhcp",
     .json_schema = "anyOf: [{ const: dhcp }, { $ref: '#/$defs/value-address' }]",
     .parse = shorthand_parse_ip,
     .dump = shorthand_dump_ip,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the next free address",
     .summary = "Its address; with count the first of a run; dhcp for one from the range",
     .example = "10.20.0.10",
     .also = "address addr ipv4 ipv4_address"},
    {.key = "mac",
     .type = FIELD_MAC,
     .offset = offsetof(struct nic, mac),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "derived from the names of cluster, node and network",
     .summary = "Its hardware address",
     .example = "52:54:00:12:34:56",
     .also = "mac_address hwaddr"},
    {.key = "model",
     .type = FIELD_ENUM,
     .offset = offsetof(struct nic, model),
     .words = nic_model_words,
     .notes = nic_model_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "virtio",
     .summary = "What the guest sees",
     .example = "e1000e",
     .also = "type"},
    {.key = "mtu",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct nic, mtu),
     .flags = FIELD_NOTE,
     .min = 576,
     .max = 65535,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the network's",
     .summary = "The largest packet",
     .example = "1400"},
};

const struct schema nic_schema = {
    .name = "network of a node",
    .size = sizeof(struct nic),
    .fields = nic_fields,
    .field_count = ARRAY_SIZE(nic_fields),
    .source_offset = offsetof(struct nic, source),
    .rest = &nic_address_schema,
    .short_form = shorthand_nic,
    .short_form_schema =
        "anyOf: [{ $ref: '#/$defs/value-name' }, { type: object, minProperties: 1, "
        "maxProperties: 1, propertyNames: { allOf: [{ $ref: '#/$defs/value-name' }, { not: { "
        "$ref: '#/$defs/network-of-a-node-keys' } }] }, additionalProperties: { $ref: "
        "'#/$defs/network-of-a-node/properties/ip' } }]",
    .short_form_text = "write lan, { lan: 10.20.0.10 } or { network: lan, ip: 10.20.0.10 }",
};
