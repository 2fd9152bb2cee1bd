/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of `memory`. */
#include <string.h>

#include "config/loader.h"
#include "util/cpuset.h"
#include "util/size.h"

static void check_max(struct loader *l, const struct memory_setting *memory)
{
    char size[SIZE_TEXT], max[SIZE_TEXT];

    check_step(l, loader_position(memory->source, "max"), "max", memory->max);
    if (memory->max && memory->max < memory->size)
        finding_error(l->d, loader_position(memory->source, "max"), "memory-max",
                      arena_printf(l->arena, "write max: %s or more",
                                   size_format_exact(memory->size, size)),
                      "max %s is less than the %s at the start",
                      size_format_exact(memory->max, max),
                      size_format_exact(memory->size, size));
    if (memory->slots && !memory->max && !document_get(memory->source, "max"))
        finding_error(l->d, loader_position(memory->source, "slots"), "memory-slots",
                      "add max: 8G, or leave them out",
                      "slots are for memory up to 'max', which is not given");
}

/* `memory: 4G` is short for one key of a mapping. */
static struct position size_position(const struct memory_setting *memory)
{
    return memory->source->kind == DOCUMENT_SCALAR ? memory->source->position
                                                   : loader_position(memory->source, "size");
}

static const char *size_text(struct loader *l, uint64_t size)
{
    char text[SIZE_TEXT];

    return arena_strdup(l->arena, size_format_exact(size, text));
}

static void check_whole_pages(struct loader *l, const struct hugepage *page, const char *what,
                              uint64_t size)
{
    if (page->size && size % page->size != 0)
        finding_error(l->d, page->source->position, "hugepage-size",
                      arena_printf(l->arena, "write %s for it, or take smaller pages",
                                   size_text(l, (size / page->size + 1) * page->size)),
                      "%s of %s is not a whole number of pages of %s", what, size_text(l, size),
                      size_text(l, page->size));
}

static void check_page_cells(struct loader *l, const struct node *node,
                             const struct hugepage *page, struct cpuset *taken)
{
    const struct list *cells = &node->cpus.cells;
    struct position at = loader_position(page->source, "cells");
    struct cpuset set;

    if (cpuset_parse(page->cells, &set, NULL) < 0)
        return;
    if (cpuset_common(&set, taken) >= 0)
        finding_error(l->d, at, "hugepage-cells", "take it out of one of them",
                      "cell %d has pages of two sizes", cpuset_common(&set, taken));
    for (unsigned i = 0; i < CPUSET_MAX; i++) {
        if (!cpuset_has(&set, i))
            continue;
        if (i >= cells->count) {
            finding_error(l->d, at, "hugepage-cells",
                          cells->count
                              ? arena_printf(l->arena,
                                             "they are counted from 0: the last one is %zu",
                                             cells->count - 1)
                              : "leave 'cells' out, or give the node cells with cpus.numa",
                          "cell %u is not there", i);
            return;
        }
        cpuset_add(taken, i);
        check_whole_pages(l, page, arena_printf(l->arena, "cell %u", i),
                          ((const struct numa_cell *)cells->items)[i].memory);
    }
}

static bool is_power_of_two(uint64_t number)
{
    return (number & (number - 1)) == 0;
}

static void check_page(struct loader *l, const struct node *node, const struct hugepage *page,
                       struct cpuset *taken, const struct hugepage **rest)
{
    char text[SIZE_TEXT];

    if (!is_power_of_two(page->size)) {
        finding_error(l->d, page->source->position, "hugepage-size", "write 2M or 1G",
                      "there are no pages of %s", size_format_exact(page->size, text));
    } else if (page->cells) {
        check_page_cells(l, node, page, taken);
    } else if (!document_get(page->source, "cells")) {
        if (*rest)
            finding_error(l->d, page->source->position, "hugepage-cells",
                          "say with 'cells' which cells are made of them",
                          "two sizes of pages for all cells");
        *rest = page;
    }
}

static void check_hugepages(struct loader *l, const struct node *node)
{
    const struct hugepages *huge = &node->memory.hugepages;
    const struct hugepage *rest = NULL;
    struct cpuset taken = {0};
    unsigned number = 0;

    if (huge->enabled == SWITCH_OFF && huge->pages.count > 0)
        finding_error(l->d, loader_position(huge->source, "enabled"), "hugepage-size",
                      "leave 'enabled' or 'pages' out",
                      "sizes of huge pages, and enabled is false");
    list_each(struct hugepage, huge->pages, page) check_page(l, node, page, &taken, &rest);
    if (!rest)
        return;
    if (node->cpus.cells.count == 0)
        check_whole_pages(l, rest, "memory", node->memory.size);
    list_each(struct numa_cell, node->cpus.cells, cell)
    {
        if (!cpuset_has(&taken, number))
            check_whole_pages(l, rest, arena_printf(l->arena, "cell %u", number), cell->memory);
        number++;
    }
}

static void check_backing(struct loader *l, const struct memory_setting *memory)
{
    if (memory->shared == SWITCH_ON && memory->backing == MEMORY_ANONYMOUS)
        finding_error(l->d, loader_position(memory->source, "source"), "memory-source",
                      "write source: memfd, or leave it out",
                      "anonymous memory cannot be shared");
    if (memory_has_hugepages(memory) && memory->backing == MEMORY_ANONYMOUS)
        finding_error(l->d, loader_position(memory->source, "source"), "memory-source",
                      "write source: memfd, or leave it out",
                      "anonymous memory cannot be made of huge pages");
    if (document_get(memory->source, "mode") && !document_get(memory->source, "nodes"))
        finding_error(l->d, loader_position(memory->source, "mode"), "numa-mode",
                      "add nodes: 0, or leave the mode out",
                      "mode says how memory is taken from nodes, and none are given");
}

void check_memory(struct loader *l, const struct node *node)
{
    const struct memory_setting *memory = &node->memory;

    if (!memory->source)
        return;
    check_step(l, size_position(memory), "memory", memory->size);
    check_max(l, memory);
    check_hugepages(l, node);
    check_backing(l, memory);
}
