/* SPDX-License-Identifier: Apache-2.0 */
/* A directed graph over the numbers 0 to count-1, and how deep each lies in it.
 * Zero-initialise but for `count`. */
#ifndef ENGINE_GRAPH_H
#define ENGINE_GRAPH_H

#include <stddef.h>

struct graph_edge {
    size_t before, after;
};

struct graph {
    size_t count;
    struct graph_edge *edges;
    size_t edge_count;
    /* The predecessors of n are sources[starts[n]] to sources[starts[n + 1] - 1], ascending
     * and without repetitions; valid after graph_sort, until the next graph_edge. */
    size_t *starts, *sources;
};

void graph_edge(struct graph *graph, size_t before, size_t after);
/* Fills in the predecessors. */
void graph_sort(struct graph *graph);
/* The length of the longest path to each number, for a sorted graph. -1 when there is a
 * cycle: then `cycle` (room for count + 1) gets its members, each one followed by one of its
 * predecessors, the first again as the last, and *cycle_count how many that are. */
int graph_depths(const struct graph *graph, size_t *depths, size_t *cycle, size_t *cycle_count);
void graph_done(struct graph *graph);
#define auto_graph __attribute__((cleanup(graph_done)))

#endif
