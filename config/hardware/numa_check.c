/* SPDX-License-Identifier: Apache-2.0 */
/* `cpus.numa`: every CPU in one cell, all the memory in them, distances that agree. */
#include <stdlib.h>
#include <string.h>

#include "config/loader.h"
#include "util/cpuset.h"
#include "util/size.h"

static const struct numa_cell *cell_at(const struct cpu_setting *cpus, size_t i)
{
    return (const struct numa_cell *)cpus->cells.items + i;
}

/* Sets were parsed when they were bound; false for those that are not there. */
static bool set_of(const char *text, struct cpuset *ret)
{
    return text && cpuset_parse(text, ret, NULL) == 0;
}

static void add_cpus(struct loader *l, const struct cpu_setting *cpus, size_t i,
                     struct cpuset *placed)
{
    const struct numa_cell *cell = cell_at(cpus, i);
    struct position at = loader_position(cell->source, "cpus");
    struct cpuset set;
    int twice;

    if (!set_of(cell->cpus, &set))
        return;
    twice = cpuset_common(&set, placed);
    if (twice >= 0)
        finding_error(l->d, at, "numa-cpus", "a CPU is in one cell alone",
                      "CPU %d is in cell %zu, and in one before it", twice, i);
    for (unsigned n = 0; n < CPUSET_MAX; n++) {
        if (!cpuset_has(&set, n))
            continue;
        if (n >= cpu_max(cpus)) {
            finding_error(l->d, at, "numa-cpus",
                          arena_printf(l->arena,
                                       "they are counted from 0: the last one is %lld",
                                       cpu_max(cpus) - 1),
                          "cell %zu has CPU %u, and the node has %lld", i, n, cpu_max(cpus));
            break;
        }
        cpuset_add(placed, n);
    }
}

static void check_cpus_placed(struct loader *l, const struct cpu_setting *cpus)
{
    struct cpuset placed = {0};
    size_t before = l->d->errors;

    for (size_t i = 0; i < cpus->cells.count; i++)
        add_cpus(l, cpus, i, &placed);
    for (unsigned n = 0; n < cpu_max(cpus) && l->d->errors == before; n++) {
        if (!cpuset_has(&placed, n))
            finding_error(l->d, loader_position(cpus->source, "numa"), "numa-cpus",
                          "add it to the 'cpus' of one", "CPU %u is in no cell", n);
    }
}

static void check_sum(struct loader *l, const struct node *node)
{
    const struct cpu_setting *cpus = &node->cpus;
    uint64_t sum = 0;
    char all[SIZE_TEXT], cells[SIZE_TEXT];

    list_each(struct numa_cell, cpus->cells, cell)
    {
        if (!cell->memory)
            return; /* reported when it was read */
        check_step(l, loader_position(cell->source, "memory"), "memory", cell->memory);
        sum += cell->memory;
    }
    if (sum != node->memory.size)
        finding_error(l->d, loader_position(cpus->source, "numa"), "numa-memory",
                      arena_printf(l->arena, "write memory: %s, or change the cells",
                                   size_format_exact(sum, cells)),
                      "the cells have %s of memory together, and the node has %s",
                      size_format_exact(sum, cells), size_format_exact(node->memory.size, all));
}

/* The cell that a distance is to; the number of cells when it is none. */
static size_t target_of(const struct cpu_setting *cpus, const struct numa_distance *distance)
{
    const char *name = distance->name ? distance->name : "";
    size_t number;

    if (!*name || strspn(name, "0123456789") != strlen(name) || (name[0] == '0' && name[1]))
        return cpus->cells.count;
    number = strtoull(name, NULL, 10);
    return number < cpus->cells.count ? number : cpus->cells.count;
}

static void check_distance(struct loader *l, const struct cpu_setting *cpus, size_t from,
                           const struct numa_distance *distance)
{
    size_t to = target_of(cpus, distance);
    struct position at = distance->source->key_position;

    if (to == cpus->cells.count)
        finding_error(l->d, at, "numa-distance",
                      arena_printf(l->arena,
                                   "the cells are counted from 0: the last one is %zu",
                                   cpus->cells.count - 1),
                      "cell '%s' is not there", distance->name);
    else if (to == from && distance->value && distance->value != NUMA_DISTANCE_LOCAL)
        finding_error(l->d, at, "numa-distance", "write 10, or leave it out",
                      "the distance of cell %zu to itself is 10, not %lld", from,
                      distance->value);
    else if (distance->value && to < from &&
             numa_distance(&cpus->cells, to, from) != distance->value)
        finding_error(l->d, at, "numa-distance", "what one of the two says is enough",
                      "cell %zu is %lld away from cell %zu here, and %lld there", to,
                      distance->value, from, numa_distance(&cpus->cells, to, from));
    else if (distance->value == NUMA_DISTANCE_LOCAL && to != from)
        finding_error(l->d, at, "numa-distance", "write 11 or more, such as 20",
                      "a distance of 10 is that of a cell to itself");
}

void check_numa(struct loader *l, const struct node *node)
{
    const struct cpu_setting *cpus = &node->cpus;

    if (cpus->cells.count == 0)
        return;
    if (cpus->cells.count > NUMA_CELLS_MOST) {
        finding_error(l->d, loader_position(cpus->source, "numa"), "numa-cells", NULL,
                      "%zu cells, and %d are the most", cpus->cells.count, NUMA_CELLS_MOST);
        return;
    }
    check_cpus_placed(l, cpus);
    check_sum(l, node);
    for (size_t i = 0; i < cpus->cells.count; i++) {
        const struct numa_cell *cell = cell_at(cpus, i);

        list_each(struct numa_distance, cell->distances, distance)
            check_distance(l, cpus, i, distance);
        if (!document_get(cell->source, "nodes") && document_get(cell->source, "mode"))
            finding_error(l->d, loader_position(cell->source, "mode"), "numa-mode",
                          "add nodes: 0, or leave the mode out",
                          "mode says how memory is taken from nodes, and none are given");
    }
}
