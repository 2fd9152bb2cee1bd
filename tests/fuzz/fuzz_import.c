/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: templates config util */
/* Whatever a host says of a domain is read or refused; a domain is the same as itself, and
 * lacks nothing of itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "config/schema/schema_tidy.h"
#include "templates/import/import.h"
#include "templates/import/lost.h"
#include "templates/import/normal.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void read_node(xmlNodePtr domain)
{
    struct import_world world;
    struct import_notes notes = {0};
    json_t *node;

    import_world_init(&world);
    node = schema_tidy(&node_schema, import_node(domain, &world, &notes));
    check(json_is_object(node));
    json_decref(node);
    import_notes_done(&notes);
    import_world_done(&world);
}

static void compare(const char *xml)
{
    auto_xml xmlDocPtr one = xmlreader_parse(xml, NULL), two = xmlreader_parse(xml, NULL);
    auto_xml xmlDocPtr normal = xmlCopyDoc(one, 1), other = xmlCopyDoc(two, 1);
    xmlNodePtr a = xmlDocGetRootElement(normal), b = xmlDocGetRootElement(other);
    struct import_notes missing = {0}, added = {0};
    json_t *refused = json_object(), *lost;

    lost_twins(a, xmlDocGetRootElement(one));
    lost_twins(b, xmlDocGetRootElement(two));
    domain_normal(a);
    domain_normal(b);
    domain_missing(a, b, &missing, &added);
    check(missing.count == 0 && added.count == 0);
    lost = lost_fragments(a, b, refused);
    check(json_array_size(lost) == 0);
    json_decref(lost);
    json_decref(refused);
    import_notes_done(&missing);
    import_notes_done(&added);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *xml = xstrndup((const char *)data, size);
    struct error *err = NULL;
    xmlDocPtr document = xmlreader_parse(xml, &err);

    if (document && xmlDocGetRootElement(document)) {
        compare(xml);
        read_node(xmlDocGetRootElement(document));
    }
    xmlFreeDoc(document);
    error_free(err);
    free(xml);
    return 0;
}
