/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/resize.h"

#include <string.h>

#include "templates/domain/domain_xml.h"
#include "util/size.h"

#define BLOCK (128 * MIB) /* of hot-plugged memory, for a Linux guest on x86 */
#define BALLOON_TRIES 100 /* of 100 ms each: a guest gives back in its own time */

uint64_t resize_memory(const struct machine *m)
{
    return (m->node->memory.size + KIB - 1) / KIB * KIB;
}

uint64_t resize_memory_now(const struct domain_view *live, uint64_t want)
{
    return live->memory > want && live->memory_current <= want ? want : live->memory;
}

bool resize_can_cpus(const struct machine *m)
{
    const struct survey_domain *found = m->found;

    return found->has_live && m->node->cpus.count >= found->live.cpus &&
           m->node->cpus.count <= found->live.cpus_max;
}

/* What a cell of the running guest has, with its DIMMs. */
static uint64_t cell_now(const struct domain_view *live, size_t cell)
{
    uint64_t bytes = live->cells[cell];

    for (size_t i = 0; i < live->dimm_count; i++) {
        if (live->dimms[i].cell == (long long)cell)
            bytes += live->dimms[i].size;
    }
    return bytes;
}

/* What it should have: where the file names no cells, there is one. */
static uint64_t cell_wanted(const struct machine *m, size_t cell)
{
    const struct list *cells = &m->node->cpus.cells;

    return cells->count ? ((const struct numa_cell *)cells->items)[cell].memory
                        : resize_memory(m);
}

/* A DIMM for each cell that grows. */
static bool can_grow(const struct machine *m, const struct domain_view *live)
{
    size_t count = m->node->cpus.cells.count ? m->node->cpus.cells.count : 1;
    long long slots = live->memory_slots - (long long)live->dimm_count;

    if (resize_memory(m) > live->memory_max || live->cell_count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint64_t now = cell_now(live, i), want = cell_wanted(m, i);

        if (want < now || (want - now) % BLOCK != 0)
            return false;
        slots -= want > now;
    }
    return slots >= 0;
}

bool resize_can_memory(const struct machine *m)
{
    const struct survey_domain *found = m->found;
    uint64_t want = resize_memory(m);

    if (!found->has_live)
        return false;
    if (found->live.memory < want)
        return can_grow(m, &found->live);
    return found->live.memory == want || found->live.balloon;
}

static int set_cpus(const struct machine *m, virDomainPtr domain, struct error **err)
{
    if (m->node->cpus.count <= m->found->live.cpus)
        return 0;
    if (virDomainSetVcpusFlags(domain, (unsigned)m->node->cpus.count, VIR_DOMAIN_VCPU_LIVE) < 0)
        return error_virt(err, "giving node '%s' %lld CPUs", m->name, m->node->cpus.count);
    return 0;
}

static bool has_alias(const struct domain_view *live, const char *alias)
{
    for (size_t i = 0; i < live->dimm_count; i++) {
        if (live->dimms[i].alias && strcmp(live->dimms[i].alias, alias) == 0)
            return true;
    }
    return false;
}

static int plug_dimm(const struct machine *m, virDomainPtr domain,
                     const struct domain_dimm *dimm, struct error **err)
{
    auto_free char *xml = NULL;
    char text[SIZE_TEXT];

    if (domain_dimm_xml(dimm, &xml, err) < 0)
        return -1;
    if (virDomainAttachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
        return error_virt(err, "giving node '%s' %s more memory", m->name,
                          size_format(dimm->size, text));
    return 0;
}

static int grow(const struct machine *m, virDomainPtr domain, struct error **err)
{
    const struct domain_view *live = &m->found->live;
    unsigned number = 0;

    for (size_t i = 0; i < live->cell_count; i++) {
        uint64_t now = cell_now(live, i), want = cell_wanted(m, i);
        auto_free char *alias = NULL;

        if (want <= now)
            continue;
        do {
            free(alias);
            alias = xasprintf("ua-dimm%u", number++);
        } while (has_alias(live, alias));
        if (plug_dimm(m, domain,
                      &(struct domain_dimm){.alias = alias, .size = want - now, .cell = i},
                      err) < 0)
            return -1;
    }
    return 0;
}

/* What the guest does not give is given back at its next boot; the plan goes on saying so. */
static int squeeze(const struct machine *m, virDomainPtr domain, uint64_t want,
                   struct task *task, struct error **err)
{
    virDomainInfo info;

    if (virDomainSetMemoryFlags(domain, want / KIB, VIR_DOMAIN_AFFECT_LIVE) < 0)
        return error_virt(err, "asking node '%s' for memory", m->name);
    for (int i = 0; i < BALLOON_TRIES; i++) {
        if (virDomainGetInfo(domain, &info) < 0)
            return error_virt(err, "reading node '%s'", m->name);
        if (info.memory <= want / KIB || task_wait(task, 100))
            return 0;
    }
    task_say(task, "the guest gives no memory back before its next boot");
    return 0;
}

static int set_memory(const struct machine *m, virDomainPtr domain, struct task *task,
                      struct error **err)
{
    const struct domain_view *live = &m->found->live;
    uint64_t want = resize_memory(m);

    if (live->memory < want)
        return grow(m, domain, err);
    if (resize_memory_now(live, want) == want && live->memory_current >= want)
        return 0;
    return squeeze(m, domain, want, task, err);
}

int resize_live(const struct machine *m, virDomainPtr domain, struct task *task,
                struct error **err)
{
    if (!m->found || !m->found->has_live)
        return 0;
    if (set_cpus(m, domain, err) < 0)
        return -1;
    return set_memory(m, domain, task, err);
}
