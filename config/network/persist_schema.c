/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what makes a bridge of ours outlive a boot. */
#include "config/network/network.h"

static const char *const persist_words[] = {
    "false", "true", "systemd-networkd", "NetworkManager", "ifupdown", "netplan", NULL};
static const char *const persist_notes[] = {
    "it is gone with the next boot of the host, until the next up",
    "by what is found to manage the host's network",
    "files in /etc/systemd/network",
    "keyfiles in /etc/NetworkManager/system-connections",
    "a file in /etc/network/interfaces.d, which /etc/network/interfaces must read",
    "a file in /etc/netplan",
    NULL,
};

static const struct field persist_fields[] = {
    {.key = "persist",
     .type = FIELD_ENUM,
     .offset = offsetof(struct network, persist),
     .flags = FIELD_NO_SPEC,
     .words = persist_words,
     .notes = persist_notes,
     .change = FIELD_CHANGE_LIVE,
     .default_text = "false",
     .only = "with mode bridge",
     .summary = "Lets the host's own network manager make the bridge again at boot",
     .example = "true",
     .also = "persistent boot manager"},
};

const struct schema network_persist_schema = {
    .name = "network",
    .size = sizeof(struct network),
    .fields = persist_fields,
    .field_count = ARRAY_SIZE(persist_fields),
    .source_offset = offsetof(struct network, source),
};
