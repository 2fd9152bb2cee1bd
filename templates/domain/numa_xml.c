/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's NUMA cells, and the host's nodes that memory comes from. */
#include <inttypes.h>
#include <stdio.h>

#include "templates/domain/domain_part.h"
#include "util/size.h"

static void write_distances(struct xmlwriter *w, const struct list *cells, size_t from)
{
    if (!numa_has_distances(cells))
        return;
    xml_open(w, "distances");
    for (size_t to = 0; to < cells->count; to++) {
        xml_open(w, "sibling");
        xml_attributef(w, "id", "%zu", to);
        xml_attributef(w, "value", "%lld", numa_distance(cells, from, to));
        xml_close(w);
    }
    xml_close(w);
}

static void write_cells(struct xmlwriter *w, const struct list *cells)
{
    size_t id = 0;

    xml_open(w, "numa");
    list_each(struct numa_cell, *cells, cell)
    {
        xml_open(w, "cell");
        xml_attributef(w, "id", "%zu", id);
        xml_attribute(w, "cpus", cell->cpus);
        xml_attributef(w, "memory", "%" PRIu64, cell->memory / KIB);
        xml_attribute(w, "unit", "KiB");
        write_distances(w, cells, id++);
        xml_close(w);
    }
    xml_close(w);
}

/* libvirt plugs memory into a cell only: one of everything. */
static void write_single_cell(struct xmlwriter *w, const struct node *node)
{
    char cpus[32] = "0";
    struct numa_cell cell = {.cpus = cpus, .memory = node->memory.size};
    const struct list cells = {.items = &cell, .count = 1};

    if (cpu_max(&node->cpus) > 1)
        snprintf(cpus, sizeof cpus, "0-%lld", cpu_max(&node->cpus) - 1);
    write_cells(w, &cells);
}

void numa_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct node *node = t->node;

    if (node->cpus.cells.count > 0)
        write_cells(w, &node->cpus.cells);
    else if (node->memory.max)
        write_single_cell(w, node);
}

static bool has_cell_nodes(const struct list *cells)
{
    list_each(struct numa_cell, *cells, cell)
    {
        if (cell->nodes)
            return true;
    }
    return false;
}

void numa_xml_write_tune(struct xmlwriter *w, const struct domain_template *t)
{
    const struct memory_setting *memory = &t->node->memory;
    const struct list *cells = &t->node->cpus.cells;
    size_t id = 0;

    if (!memory->nodes && !has_cell_nodes(cells))
        return;
    xml_open(w, "numatune");
    if (memory->nodes)
        xml_empty(w, "memory", "mode", numa_modes[memory->mode], "nodeset", memory->nodes,
                  NULL);
    list_each(struct numa_cell, *cells, cell)
    {
        if (cell->nodes) {
            xml_open(w, "memnode");
            xml_attributef(w, "cellid", "%zu", id);
            xml_attribute(w, "mode", numa_modes[cell->mode]);
            xml_attribute(w, "nodeset", cell->nodes);
            xml_close(w);
        }
        id++;
    }
    xml_close(w);
}
