/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/schema_names.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "templates/xmlreader.h"
#include "util/memory.h"
#include "util/suggest.h"

struct schema_names {
    char **items;
    size_t count;
};

static void collect(struct schema_names *names, xmlNodePtr node)
{
    for (; node; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (xmlStrEqual(node->name, BAD_CAST "element")) {
            char *name = xmlreader_attribute(node, "name");
            const char *colon = name ? strchr(name, ':') : NULL;

            if (colon)
                memmove(name, colon + 1, strlen(colon));
            if (name)
                vector_push(names->items, names->count, name);
        }
        collect(names, node->children);
    }
}

struct schema_names *schema_names_read(const char *folder)
{
    const int options =
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS;
    struct schema_names *names = xcalloc(1, sizeof *names);
    auto_free char *pattern = xasprintf("%s/*.rng", folder);
    glob_t files = {0};

    if (glob(pattern, 0, NULL, &files) != 0)
        return names;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        auto_xml xmlDocPtr document = xmlReadFile(files.gl_pathv[i], NULL, options);

        if (document)
            collect(names, xmlDocGetRootElement(document));
    }
    globfree(&files);
    return names;
}

bool schema_names_has(const struct schema_names *names, const char *name, char **ret_near)
{
    struct suggest near = suggest_start(name);

    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0)
            return true;
        suggest_offer(&near, names->items[i]);
    }
    *ret_near = xstrdup_null(suggest_result(&near));
    return false;
}

void schema_names_free(struct schema_names *names)
{
    if (!names)
        return;
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    free(names);
}
