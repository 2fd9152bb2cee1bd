/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"
#include "util/size.h"

static const struct field memory_fields[] = {
    {.key = "size",
     .type = FIELD_SIZE,
     .offset = offsetof(struct memory_setting, size),
     .min = 32 * MIB,
     .max = 16 * (long long)TIB,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "1G",
     .summary = "How much memory it has",
     .example = "4G",
     .also = "amount ram"},
};

const struct schema memory_schema = {
    .name = "memory",
    .size = sizeof(struct memory_setting),
    .fields = memory_fields,
    .field_count = ARRAY_SIZE(memory_fields),
    .source_offset = offsetof(struct memory_setting, source),
    .short_form_text = "write 4G or { size: 4G }",
    .scalar_key = "size",
};
