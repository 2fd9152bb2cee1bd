/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of what a node has: files, readiness. */
#include "config/cluster.h"
#include "config/schema/shorthand.h"

static const struct field guest_file_fields[] = {
    {.key = "path",
     .type = FIELD_STRING,
     .offset = offsetof(struct guest_file, path),
     .flags = FIELD_REQUIRED,
     .change = FIELD_CHANGE_RECREATE,
     .summary = "Where it goes in the guest",
     .example = "/etc/motd",
     .also = "dest destination target name"},
    {.key = "content",
     .type = FIELD_STRING,
     .offset = offsetof(struct guest_file, content),
     .flags = FIELD_TEXT | FIELD_ANY | FIELD_NO_SPEC | FIELD_GUEST,
     .change = FIELD_CHANGE_RECREATE,
     .summary = "Its text",
     .example = "\"hello\\n\"",
     .also = "contents text data inline"},
    {.key = "from",
     .type = FIELD_PATH,
     .offset = offsetof(struct guest_file, from),
     .flags = FIELD_NO_SPEC,
     .change = FIELD_CHANGE_RECREATE,
     .summary = "A file here with its content, at most 1 MiB",
     .example = "files/motd",
     .also = "source src"},
    {.key = "mode",
     .type = FIELD_STRING,
     .offset = offsetof(struct guest_file, mode),
     .type_text = "an octal mode",
     .json_schema = "pattern: '^[0-7]{3,4}$'",
     .change = FIELD_CHANGE_RECREATE,
     .default_text = "0644",
     .summary = "Its permissions",
     .example = "\"0600\"",
     .also = "permissions perm"},
    {.key = "owner",
     .type = FIELD_STRING,
     .offset = offsetof(struct guest_file, owner),
     .default_text = "root:root",
     .change = FIELD_CHANGE_RECREATE,
     .summary = "Its owner, with or without a group",
     .example = "www-data:www-data",
     .also = "user"},
};

const struct schema guest_file_schema = {
    .name = "file",
    .size = sizeof(struct guest_file),
    .fields = guest_file_fields,
    .field_count = ARRAY_SIZE(guest_file_fields),
    .source_offset = offsetof(struct guest_file, source),
    .one_of = "content from",
    .short_form_text = "write { path: /etc/motd, content: \"hello\\n\" }",
};

static const char *const ready_kinds[] = {"ssh", "none", NULL};
static const char *const ready_kind_notes[] = {
    "it answers SSH, with its own host key",
    "at once when it runs",
    NULL,
};

static const struct field ready_fields[] = {
    {.key = "kind",
     .type = FIELD_ENUM,
     .offset = offsetof(struct ready_setting, kind),
     .words = ready_kinds,
     .notes = ready_kind_notes,
     .default_text = "ssh",
     .summary = "What a node must do to count as ready",
     .example = "ssh",
     .also = "type test"},
    {.key = "timeout",
     .type = FIELD_DURATION,
     .offset = offsetof(struct ready_setting, timeout),
     .flags = FIELD_NOTE,
     .min = 1000,
     .max = 24LL * 60 * 60 * 1000,
     .default_text = "5m",
     .summary = "How long up waits for that",
     .example = "120s"},
};

const struct schema ready_schema = {
    .name = "ready",
    .size = sizeof(struct ready_setting),
    .fields = ready_fields,
    .field_count = ARRAY_SIZE(ready_fields),
    .source_offset = offsetof(struct ready_setting, source),
    .short_form = shorthand_ready,
    .short_form_schema = "$ref: '#/$defs/ready/properties/kind'",
    .short_form_text = "write ssh, none or { kind: ssh, timeout: 120s }",
};
