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

static int add_node(struct import_file *file, const struct import_source *source,
                    struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(source->xml, err);
    xmlNodePtr root = document ? xmlreader_root(document, "domain", err) : NULL;
    struct import_node node = {
        .source = source, .xml = xstrdup(source->xml), .refused = json_object()};

    if (!root) {
        free(node.xml);
        json_decref(node.refused);
        return error_wrap(err, "%s", source->origin);
    }
    node.original = xmlreader_child_text(root, "name");
    if (!node.original)
        node.original = xstrdup("node");
    node.name = import_name(node.original, "node", file->world.nodes);
    json_object_set_new(file->world.nodes, node.name, json_true());
    if (strcmp(node.name, node.original) != 0)
        import_note(&node.notes, "libvirt calls it %s", node.original);
    node.keys = import_node(root, &file->world, &node.notes);
    if (source->autostart)
        json_object_set_new(node.keys, "autostart", json_true());
    node.keys = schema_tidy(&node_schema, node.keys);
    import_escape_all(node.keys);
    vector_push(file->nodes, file->node_count, node);
    return 0;
}

static int choose_cluster(struct import_file *file, const struct import_options *options,
                          struct error **err)
{
    const char *name = options->cluster ? options->cluster : "imported";

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
    *ret = (struct import_file){.from = options->from};
    import_world_init(&ret->world);
    if (choose_cluster(ret, options, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (add_node(ret, &sources[i], err) < 0)
            return -1;
    }
    if (import_repair(ret, err) < 0)
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
    import_notes_done(&file->notes);
    import_world_done(&file->world);
    *file = (struct import_file){0};
}
