/* SPDX-License-Identifier: Apache-2.0 */
/* Huge pages: the sizes that a host has, and the free ones against what all nodes that this run
 * starts there want. */
#include <stdlib.h>
#include <string.h>

#include "provision/check/question.h"
#include "util/size.h"

#define ANY_CELL (-1)

/* Pages of one size in one NUMA cell of a host, or in any. */
struct demand {
    const struct question *first; /* who asked first */
    size_t others;                /* how many more nodes ask */
    uint64_t size, bytes;
    int cell; /* of the host */
};

struct demands {
    struct demand *items;
    size_t count;
};

static bool concerns(const struct node *node)
{
    return memory_has_hugepages(&node->memory);
}

/* The host's default size is not told; on x86 it is 2 MiB, unless its kernel was told
 * otherwise. 0: not known. */
static uint64_t default_size(const struct question *q)
{
    const struct host_topology *host = &q->facts->topology;

    return platform_is_x86(q->facts->arch) && host->page_count > 1 ? host->pages[1] : 0;
}

/* What backs a cell of the guest: the entry that names it, or the one for all. */
static const struct hugepage *page_of_cell(const struct node *node, unsigned cell)
{
    const struct hugepage *all = NULL;

    list_each(struct hugepage, node->memory.hugepages.pages, page)
    {
        struct cpuset cells;

        if (!page->cells)
            all = page;
        else if (cpuset_parse(page->cells, &cells, NULL) == 0 && cpuset_has(&cells, cell))
            return page;
    }
    return all;
}

/* The one cell of the host that the memory must come from. */
static int only_cell(const char *nodes, int mode)
{
    struct cpuset set;

    if (!nodes || mode != NUMA_STRICT || cpuset_parse(nodes, &set, NULL) < 0 ||
        cpuset_count(&set) != 1)
        return ANY_CELL;
    return cpuset_common(&set, &set);
}

static void add(struct demands *d, const struct question *q, uint64_t size, int cell,
                uint64_t bytes)
{
    struct demand item = {q, 0, size, bytes, cell};

    for (size_t i = 0; i < d->count; i++) {
        struct demand *known = &d->items[i];

        if (known->size != size || known->cell != cell)
            continue;
        known->bytes += bytes;
        if (known->first != q)
            known->others++;
        return;
    }
    vector_push(d->items, d->count, item);
}

/* `cell` is of the guest. */
static void add_part(struct demands *d, const struct question *q, unsigned cell, int host_cell,
                     uint64_t bytes)
{
    const struct hugepage *page = page_of_cell(q->node, cell);
    uint64_t size = page ? page->size : 0;

    if (!page && q->node->memory.hugepages.pages.count)
        return; /* in small pages */
    if (!size)
        size = default_size(q);
    if (!size)
        return;
    add(d, q, size, ANY_CELL, bytes);
    if (host_cell != ANY_CELL)
        add(d, q, size, host_cell, bytes);
}

/* What a node that runs has already comes back when it is restarted. */
static bool has_pages(const struct question *q)
{
    const json_t *memory = json_object_get(machine_applied(q->machine), "memory");

    return q->machine->found && q->machine->found->active &&
           json_object_get(memory, "hugepages");
}

static void add_node(struct demands *d, const struct question *q)
{
    const struct memory_setting *memory = &q->node->memory;
    int bound = only_cell(memory->nodes, memory->mode);
    unsigned number = 0;

    if (has_pages(q))
        return;
    if (!q->node->cpus.cells.count)
        add_part(d, q, 0, bound, memory->size);
    list_each(struct numa_cell, q->node->cpus.cells, cell)
    {
        int own = only_cell(cell->nodes, cell->mode);

        add_part(d, q, number++, own == ANY_CELL ? bound : own, cell->memory);
    }
}

static bool has_size(const struct host_topology *host, uint64_t size)
{
    for (size_t i = 1; i < host->page_count; i++) {
        if (host->pages[i] == size)
            return true;
    }
    return false;
}

static void check_sizes(const struct question *q)
{
    const struct host_topology *host = &q->facts->topology;
    auto_buffer struct buffer sizes = {0};
    char text[SIZE_TEXT];

    for (size_t i = 1; i < host->page_count; i++)
        buffer_printf(&sizes, "%s%s", i > 1 ? ", " : "it has ",
                      size_format_exact(host->pages[i], text));
    list_each(struct hugepage, q->node->memory.hugepages.pages, page)
    {
        if (!page->size || !host->page_count || has_size(host, page->size))
            continue;
        question_report(q, page->source ? page->source : question_source(q, "memory", NULL),
                        "host-hugepages", sizes.data,
                        "node '%s' wants huge pages of %s, which the CPU of host '%s' does not "
                        "have",
                        q->node->group, size_format(page->size, text), question_host(q));
    }
}

static char *more_pages(const struct demand *d, uint64_t missing)
{
    const char *uri = host_uri(d->first->host->host);
    auto_free char *where =
        d->cell == ANY_CELL ? xstrdup("--all") : xasprintf("--cellno %d", d->cell);
    size_t cells = d->first->facts->topology.cell_count;

    if (d->cell == ANY_CELL && cells > 1)
        missing = (missing + cells - 1) / cells;
    return xasprintf("make more: virsh -c '%s' allocpages --pagesize %lluKiB --pagecount %llu "
                     "--add %s",
                     uri, (unsigned long long)(d->size / KIB), (unsigned long long)missing,
                     where);
}

static void report_demand(const struct demand *d, uint64_t want, uint64_t have)
{
    const struct question *q = d->first;
    auto_free char *hint = more_pages(d, want - have);
    auto_free char *others =
        d->others ? xasprintf(" and %zu more want", d->others) : xstrdup(" wants");
    auto_free char *cell =
        d->cell == ANY_CELL ? xstrdup("") : xasprintf(" in NUMA cell %d", d->cell);
    char size[SIZE_TEXT];

    question_report(q, question_source(q, "memory", "hugepages"), "host-hugepages", hint,
                    "node '%s'%s %llu huge pages of %s, and host '%s' has %llu free%s",
                    q->node->name, others, (unsigned long long)want, size_format(d->size, size),
                    question_host(q), (unsigned long long)have, cell);
}

static int check_demand(const struct demand *d, struct error **err)
{
    const struct host_topology *host = &d->first->facts->topology;
    uint64_t want = (d->bytes + d->size - 1) / d->size;
    uint64_t have;

    if (!has_size(host, d->size) ||
        (d->cell != ANY_CELL && !cpuset_has(&host->nodes, (unsigned)d->cell)))
        return 0; /* told of by others */
    if (topology_free_pages(d->first->host->host, host, d->cell, d->size, &have, err) < 0)
        return -1;
    if (want > have)
        report_demand(d, want, have);
    return 0;
}

static int check_host(const struct site_host *host, struct questions *all, struct error **err)
{
    struct demands demands = {0};
    int outcome = 0;

    for (size_t i = 0; i < all->count; i++) {
        struct question *q = &all->items[i];

        if (!q->starts || q->host != host || !concerns(q->node))
            continue;
        check_sizes(q);
        add_node(&demands, q);
    }
    for (size_t i = 0; i < demands.count && outcome == 0; i++)
        outcome = check_demand(&demands.items[i], err);
    free(demands.items);
    return outcome;
}

int pages_check_all(struct provision *p, struct questions *all, struct error **err)
{
    for (size_t i = 0; i < all->count; i++) {
        if (concerns(all->items[i].node) && question_open(&all->items[i], err) < 0)
            return -1;
    }
    for (size_t h = 0; h < p->site.host_count; h++) {
        if (check_host(&p->site.hosts[h], all, err) < 0)
            return -1;
    }
    return 0;
}
