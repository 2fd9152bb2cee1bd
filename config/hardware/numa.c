/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/numa.h"

#include <stdlib.h>

#include "config/cluster.h"

bool numa_has_distances(const struct list *cells)
{
    list_each(struct numa_cell, *cells, cell)
    {
        if (cell->distances.count > 0)
            return true;
    }
    return false;
}

/* 0: it does not say. */
static long long said(const struct list *cells, size_t from, size_t to)
{
    const struct numa_cell *cell = (const struct numa_cell *)cells->items + from;

    list_each(struct numa_distance, cell->distances, distance)
    {
        if (strtoull(distance->name, NULL, 10) == to)
            return distance->value;
    }
    return 0;
}

long long numa_distance(const struct list *cells, size_t from, size_t to)
{
    long long value = said(cells, from, to);

    if (!value)
        value = said(cells, to, from);
    if (value)
        return value;
    return from == to ? NUMA_DISTANCE_LOCAL : NUMA_DISTANCE_REMOTE;
}
