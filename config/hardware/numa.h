/* SPDX-License-Identifier: Apache-2.0 */
/* The NUMA cells that a guest sees. */
#ifndef CONFIG_NUMA_H
#define CONFIG_NUMA_H

#include <stdint.h>

#include "config/schema/schema.h"

#define NUMA_CELLS_MOST 128
#define NUMA_DISTANCE_LOCAL 10
#define NUMA_DISTANCE_REMOTE 20

enum numa_mode { NUMA_STRICT, NUMA_PREFERRED, NUMA_INTERLEAVE, NUMA_RESTRICTIVE };

struct numa_distance {
    const char *name; /* the other cell's number */
    long long value;
    const struct document_node *source;
};

struct numa_cell {
    const char *cpus; /* "0-3"; NULL: memory alone */
    uint64_t memory;
    struct list distances; /* struct numa_distance */
    const char *nodes;     /* of the host; NULL: any */
    int mode;              /* enum numa_mode, with nodes */
    const struct document_node *source;
};

extern const struct schema numa_cell_schema, numa_distance_schema;
extern const char *const numa_modes[];
extern const char *const numa_mode_notes[];

/* True when some cell says how far it is from another. */
bool numa_has_distances(const struct list *cells);
/* From cell to cell, as either of them says; else libvirt's 10 and 20. */
long long numa_distance(const struct list *cells, size_t from, size_t to);

#endif
