/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <inttypes.h>

void memory_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    uint64_t size = t->node->memory.size;

    xml_open(w, "memory");
    xml_attribute(w, "unit", "KiB");
    xml_textf(w, "%" PRIu64, size / 1024 + (size % 1024 ? 1 : 0));
    xml_close(w);
}
