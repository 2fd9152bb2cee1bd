/* SPDX-License-Identifier: Apache-2.0 */
/* The key `cpus` of a node. */
#ifndef CONFIG_CPU_H
#define CONFIG_CPU_H

#include "config/schema/schema.h"

struct cpu_setting {
    long long count; /* at the start; 1 by default */
    const struct document_node *source;
};

extern const struct schema cpu_schema;

#endif
