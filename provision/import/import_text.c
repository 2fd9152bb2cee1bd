/* SPDX-License-Identifier: Apache-2.0 */
/* The imported cluster as YAML, with its comments. */
#include <string.h>

#include "provision/import/import_file.h"
#include "templates/yaml_writer.h"
#include "util/memory.h"

/* What fits in a line with the key before it. */
#define FLOW 80
#define LINE 4096

static void write_notes(struct buffer *out, const char *indent,
                        const struct import_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        buffer_puts(out, indent);
        buffer_puts(out, "# ");
        /* a comment is one line of what a reader of YAML takes */
        for (const char *p = notes->items[i]; *p; p++)
            buffer_append(out, (unsigned char)*p < ' ' || *p == 0x7f ? " " : p, 1);
        buffer_puts(out, "\n");
    }
}

/* { NAME: VALUE } in block style, further in. */
static int write_item(struct buffer *out, const char *name, json_t *value, struct error **err)
{
    auto_buffer struct buffer text = {0};
    json_t *object = json_object();
    int outcome;

    json_object_set(object, name, value);
    outcome = yaml_write_block(object, 2, FLOW, &text, err);
    json_decref(object);
    if (outcome < 0)
        return -1;
    for (const char *line = text.data, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        end = end ? end + 1 : line + strlen(line);
        if (*line != '\n')
            buffer_puts(out, "  ");
        buffer_append(out, line, (size_t)(end - line));
    }
    return 0;
}

/* A line each. */
static int write_map(const char *title, json_t *map, struct buffer *out, struct error **err)
{
    const char *name;
    json_t *item;

    if (json_object_size(map) == 0)
        return 0;
    buffer_printf(out, "\n%s:\n", title);
    json_object_foreach (map, name, item) {
        auto_buffer struct buffer text = {0};

        json_t *object = json_object();
        int outcome;

        json_object_set(object, name, item);
        outcome = yaml_write_block(object, 1, LINE, &text, err);
        json_decref(object);
        if (outcome < 0)
            return -1;
        buffer_printf(out, "  %s", text.data);
    }
    return 0;
}

json_t *import_file_json(const struct import_file *file)
{
    json_t *nodes = json_array();

    for (size_t i = 0; i < file->node_count; i++) {
        const struct import_node *node = &file->nodes[i];
        json_t *comments = json_array();

        for (size_t n = 0; n < node->notes.count; n++)
            json_array_append_new(comments, json_string(node->notes.items[n]));
        json_array_append_new(nodes, json_pack("{s:s, s:s, s:O, s:o}", "name", node->name,
                                               "domain", node->original, "keys", node->keys,
                                               "comments", comments));
    }
    return json_pack("{s:s, s:O, s:O, s:o}", "cluster", file->cluster, "images", file->images,
                     "networks", file->world.networks, "nodes", nodes);
}

int import_file_write(const struct import_file *file, struct buffer *out, struct error **err)
{
    buffer_printf(out, "# Written by `virtopo import`, from %s.\n", file->from);
    write_notes(out, "", &file->notes);
    buffer_printf(out, "cluster: %s\n", file->cluster);
    if (file->user)
        buffer_printf(out, "ssh: {user: %s}\n", file->user);
    if (write_map("images", file->images, out, err) < 0 ||
        write_map("networks", file->world.networks, out, err) < 0)
        return -1;
    buffer_puts(out, "\nnodes:\n");
    for (size_t i = 0; i < file->node_count; i++) {
        const struct import_node *node = &file->nodes[i];

        if (i > 0)
            buffer_puts(out, "\n");
        write_notes(out, "  ", &node->notes);
        if (write_item(out, node->name, node->keys, err) < 0)
            return -1;
    }
    return 0;
}
