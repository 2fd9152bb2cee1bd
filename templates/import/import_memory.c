/* SPDX-License-Identifier: Apache-2.0 */
/* <memory>, <memoryBacking>, and where it comes from. */
#include "config/hardware/memory.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/size.h"

/* virtopo's nodes have whole MiB. */
static uint64_t whole(uint64_t bytes)
{
    return (bytes + MIB - 1) / MIB * MIB;
}

static json_t *import_pages(xmlNodePtr hugepages)
{
    static const struct import_row rows[] = {{"cells", "@nodeset", IMPORT_TEXT}, {0}};
    json_t *pages;

    if (!hugepages)
        return NULL;
    pages = json_array();
    import_each(hugepages, "page", n)
    {
        json_t *page = json_object();

        import_set_size(page, "size", xmlreader_attribute_bytes(n, "size", "KiB"));
        import_rows(page, n, rows);
        json_array_append_new(pages, page);
    }
    if (json_array_size(pages) > 0)
        return pages;
    json_decref(pages);
    return json_true();
}

void import_memory(json_t *node, xmlNodePtr domain)
{
    static const struct import_row rows[] = {
        {"slots", "maxMemory@slots", IMPORT_NUMBER},
        {"locked", "memoryBacking/locked", IMPORT_THERE},
        {"shared", "memoryBacking/access@mode", IMPORT_SWITCH},
        {"source", "memoryBacking/source@type", IMPORT_WORD, memory_sources},
        {"allocation", "memoryBacking/allocation@mode", IMPORT_WORD, memory_allocations},
        {"nodes", "numatune/memory@nodeset", IMPORT_TEXT},
        {"mode", "numatune/memory@mode", IMPORT_WORD, numa_modes},
        {0},
    };
    json_t *memory = json_object();
    xmlNodePtr backing = xmlreader_child(domain, "memoryBacking");

    import_set_size(memory, "size",
                    whole(xmlreader_bytes(xmlreader_child(domain, "memory"), "KiB")));
    import_set_size(memory, "max",
                    whole(xmlreader_bytes(xmlreader_child(domain, "maxMemory"), "KiB")));
    import_rows(memory, domain, rows);
    import_set(memory, "hugepages", import_pages(xmlreader_child(backing, "hugepages")));
    if (xmlreader_child(backing, "nosharepages"))
        import_set(memory, "ksm", json_false());
    /* pages of no special size: a list of one is the one alone */
    import_set(node, "memory", memory);
}
