/* SPDX-License-Identifier: Apache-2.0 */
/* The CPUs, NUMA cells and page sizes of a host, from libvirt's capabilities. */
#ifndef HOST_HARDWARE_TOPOLOGY_H
#define HOST_HARDWARE_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxml/tree.h>

#include "host/host.h"
#include "util/cpuset.h"

struct host_cell {
    int id;
    uint64_t memory;    /* bytes */
    struct cpuset cpus; /* that are online */
};

struct host_topology {
    struct host_cell *cells;
    size_t cell_count;
    struct cpuset cpus;  /* of all cells */
    struct cpuset nodes; /* the cells' numbers */
    uint64_t memory;     /* bytes, of all cells */
    uint64_t *pages;     /* sizes that the CPU has, in bytes, the small one first */
    size_t page_count;
};

/* `host` is <host> of the capabilities. What is not there stays empty. */
void topology_parse(xmlNodePtr host, struct host_topology *ret);
void topology_done(struct host_topology *topology);

/* How many pages of `size` bytes are free in the cell; -1 for all cells together. Changes all
 * the time, so it is asked anew. */
int topology_free_pages(struct host *host, const struct host_topology *topology, int cell,
                        uint64_t size, uint64_t *ret, struct error **err) MUST_CHECK;

#endif
