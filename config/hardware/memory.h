/* SPDX-License-Identifier: Apache-2.0 */
/* The key `memory` of a node. The words are libvirt's own, in the order of the enums. */
#ifndef CONFIG_MEMORY_H
#define CONFIG_MEMORY_H

#include <stdint.h>

#include "config/hardware/numa.h"
#include "config/schema/schema.h"

#define MEMORY_SLOTS 16 /* by default */

enum memory_source { MEMORY_SOURCE_DEFAULT, MEMORY_ANONYMOUS, MEMORY_MEMFD, MEMORY_FILE };
enum memory_allocation { MEMORY_ALLOCATION_DEFAULT, MEMORY_IMMEDIATE, MEMORY_ONDEMAND };

struct hugepage {
    uint64_t size;     /* 0: the host's default */
    const char *cells; /* of the guest; NULL: all */
    const struct document_node *source;
};

struct hugepages {
    int enabled;       /* enum switch_state */
    struct list pages; /* struct hugepage; none: of the host's default size */
    const struct document_node *source;
};

struct memory_setting {
    uint64_t size;   /* at the start; 1 GiB by default */
    uint64_t max;    /* 0: nothing can be plugged in */
    long long slots; /* with max; 0: MEMORY_SLOTS */
    struct hugepages hugepages;
    int locked, shared, ksm; /* enum switch_state */
    int backing, allocation;
    const char *nodes; /* of the host; NULL: any */
    int mode;          /* enum numa_mode, with nodes */
    const struct document_node *source;
};

extern const struct schema memory_schema, hugepages_schema, hugepage_schema;
extern const char *const memory_sources[], *const memory_allocations[];

/* Huge pages of any size are wanted. */
bool memory_has_hugepages(const struct memory_setting *memory);
/* More can be plugged in while it runs. At size == max nothing is left to plug in. */
bool memory_can_grow(const struct memory_setting *memory);

#endif
