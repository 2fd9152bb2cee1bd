/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

static const struct field cpu_fields[] = {
    {.key = "count",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct cpu_setting, count),
     .min = 1,
     .max = 512,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "1",
     .summary = "How many CPUs it has",
     .example = "2",
     .also = "number vcpu vcpus cores"},
};

const struct schema cpu_schema = {
    .name = "cpus",
    .size = sizeof(struct cpu_setting),
    .fields = cpu_fields,
    .field_count = ARRAY_SIZE(cpu_fields),
    .source_offset = offsetof(struct cpu_setting, source),
    .short_form_text = "write 2 or { count: 2 }",
    .scalar_key = "count",
};
