/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every resource has two points in the graph: where it is made (created, updated) and where it
 * is destroyed. Most points have no step, but the order that goes through them must hold: a
 * volume that is gone already still keeps its pool from going before its node.
 */
#include "engine/plan_order.h"

#include <stdlib.h>
#include <string.h>

#include "engine/graph.h"
#include "util/buffer.h"

#define MAKE(r) ((r)->index * 2)
#define DESTROY(r) ((r)->index * 2 + 1)

struct index_list {
    size_t *items;
    size_t count;
};

/* What steps come before each point, and the step that the point has. */
struct points {
    size_t count;
    struct index_list *before; /* points with a step, nearest ones */
    size_t *depths;            /* counted in steps */
    size_t *steps;             /* index in the plan, where has_step */
};

static int cycle_error(const struct resource_set *set, const size_t *cycle, size_t count,
                       size_t per_resource, struct error **err)
{
    auto_buffer struct buffer names = {0};

    for (size_t i = 0; i < count; i++) {
        const struct resource *r = set->items[cycle[i] / per_resource];

        /* A replaced resource may be in it with both of its points. */
        if (per_resource > 1 && i > 0 && set->items[cycle[i - 1] / per_resource] == r)
            continue;
        buffer_printf(&names, "%s%s %s", names.length ? " -> " : "", r->kind->name, r->name);
    }
    return error_set(err, ERROR_CONFIG, "dependency cycle: %s", names.data);
}

struct placed {
    size_t depth;
    struct resource *resource;
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;

    if (a->depth != b->depth)
        return a->depth < b->depth ? -1 : 1;
    return resource_compare(a->resource, b->resource);
}

int plan_order_resources(const struct resource_set *set, struct resource ***ret,
                         struct error **err)
{
    auto_free struct placed *placed = xcalloc(set->count, sizeof *placed);
    auto_free size_t *depths = xcalloc(set->count, sizeof *depths);
    auto_free size_t *cycle = xcalloc(set->count + 1, sizeof *cycle);
    auto_graph struct graph graph = {.count = set->count};
    size_t cycle_count;

    for (size_t i = 0; i < set->count; i++) {
        for (size_t n = 0; n < set->items[i]->need_count; n++)
            graph_edge(&graph, set->items[i]->needs[n]->index, i);
    }
    graph_sort(&graph);
    if (graph_depths(&graph, depths, cycle, &cycle_count) < 0)
        return cycle_error(set, cycle, cycle_count, 1, err);
    for (size_t i = 0; i < set->count; i++)
        placed[i] = (struct placed){.depth = depths[i], .resource = set->items[i]};
    if (set->count > 1)
        qsort(placed, set->count, sizeof *placed, compare_placed);
    *ret = xcalloc(set->count, sizeof **ret);
    for (size_t i = 0; i < set->count; i++)
        (*ret)[i] = placed[i].resource;
    return 0;
}

static bool has_step(const struct resource_set *set, size_t point)
{
    enum resource_action action = set->items[point / 2]->action;

    if (point % 2)
        return action == ACTION_DESTROY || action == ACTION_REPLACE;
    return action == ACTION_CREATE || action == ACTION_UPDATE || action == ACTION_REPLACE;
}

/* What is there is not given up before what its successor needs from elsewhere could be made:
 * an image that cannot be copied must not cost the node that runs on the old one. */
static bool comes_first(const struct resource *r, struct resource *need)
{
    const struct resource *owner = resource_owner(need);

    return r->action == ACTION_REPLACE && need->action == ACTION_CREATE && owner &&
           owner->action == ACTION_CREATE && owner != resource_owner((struct resource *)r);
}

static void add_edges(const struct resource_set *set, struct graph *graph)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct resource *r = set->items[i];

        if (r->action == ACTION_REPLACE)
            graph_edge(graph, DESTROY(r), MAKE(r));
        for (size_t f = 0; f < r->follow_count; f++)
            graph_edge(graph, DESTROY(r->follows[f]), MAKE(r));
        for (size_t n = 0; n < r->need_count; n++) {
            const struct resource *need = r->needs[n];

            graph_edge(graph, MAKE(need), MAKE(r));
            if (comes_first(r, r->needs[n]))
                graph_edge(graph, MAKE(need), DESTROY(r));
            graph_edge(graph, DESTROY(r), DESTROY(need));
            if (r->action == ACTION_UPDATE && !need->wanted)
                graph_edge(graph, MAKE(r), DESTROY(need));
        }
    }
}

static int compare_index(const void *left, const void *right)
{
    const size_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static void unique(struct index_list *list)
{
    size_t kept = 0;

    if (list->count < 2)
        return;
    qsort(list->items, list->count, sizeof *list->items, compare_index);
    for (size_t i = 1; i < list->count; i++) {
        if (list->items[i] != list->items[kept])
            list->items[++kept] = list->items[i];
    }
    list->count = kept + 1;
}

/* The steps before `point`: those of its predecessors, or through a predecessor that has no
 * step, those before that one. */
static void find_before(const struct resource_set *set, const struct graph *graph,
                        struct points *points, size_t point)
{
    struct index_list *list = &points->before[point];

    for (size_t i = graph->starts[point]; i < graph->starts[point + 1]; i++) {
        size_t source = graph->sources[i];

        if (has_step(set, source)) {
            vector_push(list->items, list->count, source);
            continue;
        }
        for (size_t k = 0; k < points->before[source].count; k++)
            vector_push(list->items, list->count, points->before[source].items[k]);
    }
    unique(list);
    for (size_t i = 0; i < list->count; i++) {
        if (points->depths[point] < points->depths[list->items[i]] + 1)
            points->depths[point] = points->depths[list->items[i]] + 1;
    }
}

struct point {
    size_t depth, number;
    const struct resource *resource;
};

static int compare_points(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    int order = (a->depth > b->depth) - (a->depth < b->depth);

    if (order == 0 && a->resource != b->resource)
        order = resource_compare(a->resource, b->resource);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

static enum step_verb verb_of(const struct resource *r, size_t point)
{
    if (point % 2)
        return STEP_DESTROY;
    return r->action == ACTION_UPDATE ? STEP_UPDATE : STEP_CREATE;
}

static void make_steps(struct plan *plan, struct points *points, struct point *sorted)
{
    size_t count = 0;

    for (size_t point = 0; point < points->count; point++) {
        if (has_step(plan->set, point))
            sorted[count++] = (struct point){.depth = points->depths[point],
                                             .number = point,
                                             .resource = plan->set->items[point / 2]};
    }
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, compare_points);
    for (size_t i = 0; i < count; i++)
        points->steps[sorted[i].number] = i;
    plan->steps = xcalloc(count, sizeof *plan->steps);
    plan->step_count = count;
    for (size_t i = 0; i < count; i++) {
        struct step *step = &plan->steps[i];
        struct index_list *before = &points->before[sorted[i].number];

        step->resource = plan->set->items[sorted[i].number / 2];
        step->verb = verb_of(step->resource, sorted[i].number);
        for (size_t k = 0; k < before->count; k++)
            before->items[k] = points->steps[before->items[k]];
        unique(before);
        step->after_count = before->count;
        step->after = TAKE(before->items);
    }
}

static void points_done(struct points *points)
{
    for (size_t i = 0; i < points->count; i++)
        free(points->before[i].items);
    free(points->before);
    free(points->depths);
    free(points->steps);
}

int plan_order_steps(struct plan *plan, struct error **err)
{
    __attribute__((cleanup(points_done))) struct points points = {.count =
                                                                      plan->set->count * 2};
    auto_graph struct graph graph = {.count = points.count};
    auto_free struct point *sorted = xcalloc(points.count, sizeof *sorted);
    auto_free size_t *depths = xcalloc(points.count, sizeof *depths);
    auto_free size_t *cycle = xcalloc(points.count + 1, sizeof *cycle);
    size_t cycle_count;

    points.before = xcalloc(points.count, sizeof *points.before);
    points.depths = xcalloc(points.count, sizeof *points.depths);
    points.steps = xcalloc(points.count, sizeof *points.steps);
    add_edges(plan->set, &graph);
    graph_sort(&graph);
    if (graph_depths(&graph, depths, cycle, &cycle_count) < 0)
        return cycle_error(plan->set, cycle, cycle_count, 2, err);
    for (size_t i = 0; i < points.count; i++)
        sorted[i] = (struct point){
            .depth = depths[i], .number = i, .resource = plan->set->items[i / 2]};
    if (points.count > 1)
        qsort(sorted, points.count, sizeof *sorted, compare_points);
    for (size_t i = 0; i < points.count; i++)
        find_before(plan->set, &graph, &points, sorted[i].number);
    make_steps(plan, &points, sorted);
    return 0;
}
