/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/graph.h"

#include <stdlib.h>

#include "util/memory.h"

void graph_edge(struct graph *graph, size_t before, size_t after)
{
    struct graph_edge edge = {.before = before, .after = after};

    vector_push(graph->edges, graph->edge_count, edge);
}

static int compare(const void *left, const void *right)
{
    const struct graph_edge *a = left, *b = right;

    if (a->after != b->after)
        return a->after < b->after ? -1 : 1;
    return (a->before > b->before) - (a->before < b->before);
}

void graph_sort(struct graph *graph)
{
    size_t kept = 0;

    if (graph->edge_count > 1)
        qsort(graph->edges, graph->edge_count, sizeof *graph->edges, compare);
    free(graph->starts);
    free(graph->sources);
    graph->starts = xcalloc(graph->count + 1, sizeof *graph->starts);
    graph->sources = xcalloc(graph->edge_count, sizeof *graph->sources);
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];

        if (i > 0 && compare(edge - 1, edge) == 0)
            continue;
        graph->sources[kept++] = edge->before;
        graph->starts[edge->after + 1]++;
    }
    for (size_t n = 0; n < graph->count; n++)
        graph->starts[n + 1] += graph->starts[n];
}

/* Each member left over has a predecessor that is left over too: following those must come
 * back to where it was before. */
static void find_cycle(const struct graph *graph, const size_t *waiting, size_t *cycle,
                       size_t *cycle_count)
{
    auto_free size_t *place = xcalloc(graph->count, sizeof *place);
    size_t n = 0, length = 0, first;

    while (waiting[n] == 0)
        n++;
    while (place[n] == 0) {
        size_t i = graph->starts[n];

        cycle[length++] = n;
        place[n] = length;
        while (waiting[graph->sources[i]] == 0)
            i++;
        n = graph->sources[i];
    }
    first = place[n] - 1;
    for (size_t i = first; i < length; i++)
        cycle[i - first] = cycle[i];
    cycle[length - first] = n;
    *cycle_count = length - first + 1;
}

int graph_depths(const struct graph *graph, size_t *depths, size_t *cycle, size_t *cycle_count)
{
    auto_free size_t *waiting = xcalloc(graph->count, sizeof *waiting);
    auto_free size_t *ready = xcalloc(graph->count, sizeof *ready);
    /* The successors, the other way round. */
    auto_graph struct graph back = {.count = graph->count};
    size_t ready_count = 0;

    for (size_t n = 0; n < graph->count; n++) {
        depths[n] = 0;
        waiting[n] = graph->starts[n + 1] - graph->starts[n];
        if (waiting[n] == 0)
            ready[ready_count++] = n;
        for (size_t i = graph->starts[n]; i < graph->starts[n + 1]; i++)
            graph_edge(&back, n, graph->sources[i]);
    }
    graph_sort(&back);
    for (size_t done = 0; done < ready_count; done++) {
        size_t n = ready[done];

        for (size_t i = back.starts[n]; i < back.starts[n + 1]; i++) {
            size_t next = back.sources[i];

            if (depths[next] < depths[n] + 1)
                depths[next] = depths[n] + 1;
            if (--waiting[next] == 0)
                ready[ready_count++] = next;
        }
    }
    if (ready_count == graph->count)
        return 0;
    find_cycle(graph, waiting, cycle, cycle_count);
    return -1;
}

void graph_done(struct graph *graph)
{
    free(graph->edges);
    free(graph->starts);
    free(graph->sources);
    *graph = (struct graph){0};
}
