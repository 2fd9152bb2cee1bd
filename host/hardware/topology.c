/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/topology.h"

#include <stdlib.h>

#include "templates/xmlreader.h"
#include "util/size.h"

static int number_attribute(xmlNodePtr node, const char *name)
{
    auto_free char *text = xmlreader_attribute(node, name);

    return (int)xmlreader_number(text, -1);
}

static void read_cell(xmlNodePtr node, struct host_topology *ret)
{
    struct host_cell cell = {.id = number_attribute(node, "id"),
                             .memory = xmlreader_bytes(xmlreader_child(node, "memory"), "KiB")};
    xmlNodePtr cpu = xmlreader_child(xmlreader_child(node, "cpus"), "cpu");

    if (cell.id < 0 || cell.id >= CPUSET_MAX)
        return;
    for (; cpu; cpu = xmlreader_next(cpu)) {
        int id = number_attribute(cpu, "id");

        if (id < 0 || id >= CPUSET_MAX)
            continue;
        cpuset_add(&cell.cpus, (unsigned)id);
        cpuset_add(&ret->cpus, (unsigned)id);
    }
    cpuset_add(&ret->nodes, (unsigned)cell.id);
    ret->memory += cell.memory;
    vector_push(ret->cells, ret->cell_count, cell);
}

static void read_pages(xmlNodePtr cpu, struct host_topology *ret)
{
    for (xmlNodePtr p = xmlreader_child(cpu, "pages"); p; p = xmlreader_next(p)) {
        auto_free char *text = xmlreader_attribute(p, "size");
        long long size = xmlreader_number(text, 0);

        if (size > 0)
            vector_push(ret->pages, ret->page_count, (uint64_t)size * KIB);
    }
}

void topology_parse(xmlNodePtr host, struct host_topology *ret)
{
    xmlNodePtr cells = xmlreader_child(xmlreader_child(host, "topology"), "cells");

    *ret = (struct host_topology){0};
    for (xmlNodePtr c = xmlreader_child(cells, "cell"); c; c = xmlreader_next(c))
        read_cell(c, ret);
    read_pages(xmlreader_child(host, "cpu"), ret);
}

void topology_done(struct host_topology *topology)
{
    free(topology->cells);
    free(topology->pages);
    *topology = (struct host_topology){0};
}

int topology_free_pages(struct host *host, const struct host_topology *topology, int cell,
                        uint64_t size, uint64_t *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    unsigned kib = (unsigned)(size / KIB);

    *ret = 0;
    for (size_t i = 0; i < topology->cell_count; i++) {
        int id = topology->cells[i].id;
        unsigned long long count = 0;

        if (cell >= 0 && id != cell)
            continue;
        if (virNodeGetFreePages(call.connection, 1, &kib, id, 1, &count, 0) < 0)
            return error_virt(err, "asking host '%s' for free pages of %u KiB in NUMA cell %d",
                              host_name(host), kib, id);
        *ret += count;
    }
    return 0;
}
