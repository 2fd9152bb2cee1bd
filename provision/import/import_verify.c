/* SPDX-License-Identifier: Apache-2.0 */
/* Renders what was imported, and compares it with what was found. */
#include <stdlib.h>
#include <string.h>

#include "config/load.h"
#include "provision/import/import_file.h"
#include "provision/node/domain_render.h"
#include "templates/import/lost.h"
#include "templates/import/normal.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static int render(struct provision *p, const struct node *node, const char *type, char **ret,
                  struct error **err)
{
    struct machine *m = machine_new(p, site_host(&p->site, node->host), node->name);
    const char *arch = platform_arch(node, "x86_64");
    int outcome;

    m->node = node;
    outcome = domain_render(m, type, arch, platform_machine(node, arch), NULL, ret, err);
    machine_free(m);
    return outcome;
}

static void add_notes(struct import_notes *to, const char *what,
                      const struct import_notes *from)
{
    for (size_t i = 0; i < from->count; i++)
        import_note(to, "%s: %s", what, from->items[i]);
}

/* What of it no key says, goes to fragments (ret_xml not NULL) or else to comments. */
static int compare(struct import_node *node, const char *rendered, json_t **ret_xml,
                   struct error **err)
{
    auto_xml xmlDocPtr found = xmlreader_parse(node->xml, err);
    auto_xml xmlDocPtr made = found ? xmlreader_parse(rendered, err) : NULL;
    auto_xml xmlDocPtr original = made ? xmlCopyDoc(found, 1) : NULL;
    auto_xml xmlDocPtr copy = made ? xmlCopyDoc(made, 1) : NULL;
    struct import_notes missing = {0}, added = {0};

    if (!made)
        return -1;
    lost_twins(xmlDocGetRootElement(original), xmlDocGetRootElement(found));
    lost_twins(xmlDocGetRootElement(copy), xmlDocGetRootElement(made));
    domain_normal(xmlDocGetRootElement(original));
    domain_normal(xmlDocGetRootElement(copy));
    domain_missing(xmlDocGetRootElement(original), xmlDocGetRootElement(copy), &missing,
                   &added);
    if (ret_xml) {
        *ret_xml = lost_fragments(xmlDocGetRootElement(original), xmlDocGetRootElement(copy),
                                  node->refused);
    } else {
        add_notes(&node->notes, "not in this file", &missing);
        add_notes(&node->notes, "virtopo adds", &added);
    }
    import_notes_done(&missing);
    import_notes_done(&added);
    return 0;
}

static int verify_node(struct provision *p, struct import_node *node, json_t **ret_xml,
                       struct error **err)
{
    const struct node *found = cluster_node(p->site.cluster, node->name);
    auto_xml xmlDocPtr document = xmlreader_parse(node->xml, err);
    auto_free char *type = NULL;
    auto_free char *xml = NULL;

    if (!document)
        return -1;
    type = xmlreader_attribute(xmlDocGetRootElement(document), "type");
    if (!found)
        return 0;
    if (render(p, found, type ? type : "qemu", &xml, err) < 0)
        return -1;
    return compare(node, xml, ret_xml, err);
}

static int verify_nodes(struct import_file *file, struct provision *p, bool fragments,
                        struct error **err)
{
    for (size_t i = 0; i < file->node_count; i++) {
        struct import_node *node = &file->nodes[i];
        json_t *xml = NULL;

        /* a tag is what was applied; what was changed since, plan shows */
        if (node->is_own)
            continue;
        if (verify_node(p, node, fragments ? &xml : NULL, err) < 0)
            return error_wrap(err, "node '%s'", node->name);
        if (xml)
            import_escape_all(xml);
        if (json_array_size(xml) > 0)
            json_object_set(node->keys, "xml", xml);
        json_decref(xml);
    }
    return 0;
}

static int verify(struct import_file *file, bool fragments, struct error **err)
{
    auto_buffer struct buffer text = {0};
    auto_diagnostics struct diagnostics d = {0};
    auto_arena struct arena *arena = NULL;
    auto_cluster struct cluster *cluster = NULL;
    auto_provision struct provision p = {0};

    if (import_file_write(file, &text, err) < 0)
        return -1;
    if (cluster_load_text("import", "/", text.data, text.length, NULL, &d, &arena, &cluster) <
        0)
        return 0; /* a comment at the top says what is to be done */
    if (provision_offline(cluster, &d, &p, err) < 0)
        return -1;
    return verify_nodes(file, &p, fragments, err);
}

int import_verify(struct import_file *file, struct error **err)
{
    if (verify(file, true, err) < 0 || import_repair(file, err) < 0)
        return -1;
    return verify(file, false, err);
}
