/* SPDX-License-Identifier: Apache-2.0 */
/* The key `memory` of a node. */
#ifndef CONFIG_MEMORY_H
#define CONFIG_MEMORY_H

#include <stdint.h>

#include "config/schema/schema.h"

struct memory_setting {
    uint64_t size; /* at the start; 1 GiB by default */
    const struct document_node *source;
};

extern const struct schema memory_schema;

#endif
