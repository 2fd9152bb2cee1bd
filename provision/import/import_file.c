/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/import/import_file.h"

#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "config/schema/schema_tidy.h"
#include "config/schema/schema_types.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* Takes the reference and gives one. */
static json_t *escape(json_t *value)
{
    const char *text = json_string_value(value), *found;
    struct buffer out = {0};
    char *escaped;
    json_t *result;

    if (!text || !strstr(text, "${"))
        return value;
    for (; (found = strstr(text, "${")); text = found + 2) {
        buffer_append(&out, text, (size_t)(found - text));
        buffer_puts(&out, "$${");
    }
    buffer_puts(&out, text);
    escaped = buffer_take(&out);
    json_decref(value);
    result = json_string(escaped);
    free(escaped);
    return result;
}

void import_escape_all(json_t *value)
{
    json_t *item;
    const char *key;

    if (json_is_object(value)) {
        json_object_foreach (value, key, item) {
            import_escape_all(item);
            json_object_set_new(value, key, escape(json_incref(item)));
        }
    }
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
        item = json_array_get(value, i);
        import_escape_all(item);
        json_array_set_new(value, i, escape(json_incref(item)));
    }
}

static void add_keys(struct import_file *file, struct import_node *node, xmlNodePtr root)
{
    if (import_own_node(file, node, root))
        return;
    node->name = import_name(node->original, "node", file->world.nodes);
    if (strcmp(node->name, node->original) != 0)
        import_note(&node->notes, "libvirt calls it %s", node->original);
    node->keys = import_node(root, &file->world, &node->notes);
    if (node->source->autostart)
        json_object_set_new(node->keys, "autostart", json_true());
}

static void add_domain(struct import_file *file, const struct import_source *source,
                       xmlNodePtr root)
{
    struct import_node node = {
        .source = source, .xml = xstrdup(source->xml), .refused = json_object()};

    node.original = xmlreader_child_text(root, "name");
    if (!node.original)
        node.original = xstrdup("node");
    add_keys(file, &node, root);
    json_object_set_new(file->world.nodes, node.name, json_true());
    node.keys = schema_tidy(&node_schema, node.keys);
    import_escape_all(node.keys);
    vector_push(file->nodes, file->node_count, node);
}

static bool is_named(xmlNodePtr root, const char *name)
{
    return strcmp((const char *)root->name, name) == 0;
}

/* Networks first: nodes ask for them. The first domain of virtopo's says which cluster it is.
 */
static int read_networks(struct import_file *file, const struct import_source *sources,
                         size_t count, struct error **err)
{
    for (size_t i = 0; i < count; i++) {
        auto_xml xmlDocPtr document = xmlreader_parse(sources[i].xml, err);
        xmlNodePtr root = document ? xmlDocGetRootElement(document) : NULL;

        if (!document)
            return error_wrap(err, "%s", sources[i].origin);
        if (root && is_named(root, "network"))
            import_own_network(file, root);
        else if (root && !file->cluster)
            file->cluster = import_own_cluster(root);
    }
    if (!file->cluster)
        file->cluster = xstrdup("imported");
    return 0;
}

static int read_domains(struct import_file *file, const struct import_source *sources,
                        size_t count, struct error **err)
{
    for (size_t i = 0; i < count; i++) {
        auto_xml xmlDocPtr document = xmlreader_parse(sources[i].xml, err);
        xmlNodePtr root = document ? xmlDocGetRootElement(document) : NULL;

        if (root && is_named(root, "network"))
            continue;
        if (root)
            root = xmlreader_root(document, "domain", err);
        if (!root)
            return error_wrap(err, "%s", sources[i].origin);
        add_domain(file, &sources[i], root);
    }
    import_own_dependencies(file);
    if (file->node_count == 0)
        return error_set(err, ERROR_USAGE, "there is no domain in it");
    return 0;
}

static int choose_cluster(struct import_file *file, const char *name, struct error **err)
{
    if (!name)
        return 0;
    if (!schema_is_name(name, CLUSTER_NAME_LONGEST)) {
        error_set(err, ERROR_USAGE, "'%s' cannot be a cluster's name", name);
        return error_hint(err, "at most %d lower-case letters, digits and '-'",
                          CLUSTER_NAME_LONGEST);
    }
    file->cluster = xstrdup(name);
    return 0;
}

int import_file_build(const struct import_options *options, const struct import_source *sources,
                      size_t count, struct import_file *ret, struct error **err)
{
    *ret = (struct import_file){
        .from = options->from, .images = json_object(), .own_networks = json_object()};
    import_world_init(&ret->world);
    if (choose_cluster(ret, options->cluster, err) < 0 ||
        read_networks(ret, sources, count, err) < 0 ||
        read_domains(ret, sources, count, err) < 0 || import_repair(ret, err) < 0)
        return -1;
    return import_verify(ret, err);
}

void import_file_done(struct import_file *file)
{
    for (size_t i = 0; i < file->node_count; i++) {
        struct import_node *node = &file->nodes[i];

        free(node->name);
        free(node->original);
        free(node->xml);
        json_decref(node->keys);
        json_decref(node->refused);
        import_notes_done(&node->notes);
    }
    free(file->nodes);
    free(file->cluster);
    free(file->user);
    json_decref(file->images);
    json_decref(file->own_networks);
    import_notes_done(&file->notes);
    import_world_done(&file->world);
    *file = (struct import_file){0};
}
