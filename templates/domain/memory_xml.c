/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <inttypes.h>

#include "util/size.h"

static void write_kib(struct xmlwriter *w, uint64_t bytes)
{
    xml_attribute(w, "unit", "KiB");
    xml_textf(w, "%" PRIu64, bytes / KIB);
}

static void write_hugepages(struct xmlwriter *w, const struct memory_setting *memory)
{
    xml_open(w, "hugepages");
    list_each(struct hugepage, memory->hugepages.pages, page)
    {
        xml_open(w, "page");
        xml_attributef(w, "size", "%" PRIu64, page->size / KIB);
        xml_attribute(w, "unit", "KiB");
        xml_attribute(w, "nodeset", page->cells);
        xml_close(w);
    }
    xml_close(w);
}

/* Others can be given the memory only where it is a file, with a name or without. */
static int source_of(const struct memory_setting *memory)
{
    if (memory->backing == MEMORY_SOURCE_DEFAULT && memory->shared == SWITCH_ON)
        return MEMORY_MEMFD;
    return memory->backing;
}

static bool has_backing(const struct memory_setting *memory)
{
    return memory_has_hugepages(memory) || memory->ksm == SWITCH_OFF ||
           memory->locked == SWITCH_ON || source_of(memory) || memory->shared ||
           memory->allocation;
}

static void write_backing(struct xmlwriter *w, const struct memory_setting *memory)
{
    if (!has_backing(memory))
        return;
    xml_open(w, "memoryBacking");
    if (memory_has_hugepages(memory))
        write_hugepages(w, memory);
    if (memory->ksm == SWITCH_OFF)
        xml_empty(w, "nosharepages", NULL);
    if (memory->locked == SWITCH_ON)
        xml_empty(w, "locked", NULL);
    if (source_of(memory))
        xml_empty(w, "source", "type", memory_sources[source_of(memory)], NULL);
    if (memory->shared)
        xml_empty(w, "access", "mode", memory->shared == SWITCH_ON ? "shared" : "private",
                  NULL);
    if (memory->allocation)
        xml_empty(w, "allocation", "mode", memory_allocations[memory->allocation], NULL);
    xml_close(w);
}

void memory_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct memory_setting *memory = &t->node->memory;
    struct memory_setting backed = *memory;

    if (shares_need_shared_memory(&t->node->shares))
        backed.shared = SWITCH_ON;
    /* QEMU starts with free slots only where there is something left to plug in */
    if (memory_can_grow(memory)) {
        xml_open(w, "maxMemory");
        xml_attributef(w, "slots", "%lld", memory->slots ? memory->slots : MEMORY_SLOTS);
        write_kib(w, memory->max);
        xml_close(w);
    }
    xml_open(w, "memory");
    write_kib(w, memory->size);
    xml_close(w);
    write_backing(w, &backed);
}

int domain_dimm_xml(const struct domain_dimm *dimm, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "memory");
    xml_attribute(&w, "model", "dimm");
    xml_open(&w, "target");
    xml_open(&w, "size");
    xml_attribute(&w, "unit", "KiB");
    xml_textf(&w, "%" PRIu64, dimm->size / 1024);
    xml_close(&w);
    xml_elementf(&w, "node", "%zu", dimm->cell);
    xml_close(&w);
    domain_write_alias(&w, dimm->alias);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}
