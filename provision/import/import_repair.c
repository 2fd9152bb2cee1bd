/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a domain that a cluster's file does not take (too large, unknown here, not together
 * with others) are taken out until it loads; each leaves a comment. */
#include <stdlib.h>
#include <string.h>

#include "config/load.h"
#include "config/schema/schema_tidy.h"
#include "provision/import/import_file.h"
#include "provision/node/fragment_validate.h"
#include "util/memory.h"

#define ROUNDS 200 /* a value each */
#define FILE_NAME "import"

/* The way to a value: from mapping to mapping. */
struct path {
    const struct document_node *steps[64];
    size_t count;
};

static bool is_before(struct position a, struct position b)
{
    return a.line < b.line || (a.line == b.line && a.column <= b.column);
}

static struct position start_of(const struct document_node *node)
{
    return node->key ? node->key_position : node->position;
}

/* The last item that starts at or before `at`, and so on inside. */
static void find_path(const struct document_node *root, struct position at, struct path *ret)
{
    const struct document_node *node = root;

    while (node && ret->count < ARRAY_SIZE(ret->steps)) {
        const struct document_node *last = NULL, *item;

        document_each (node, i, item) {
            if (is_before(start_of(item), at))
                last = item;
        }
        if (last)
            ret->steps[ret->count++] = last;
        node = last;
    }
}

static size_t index_in(const struct document_node *parent, const struct document_node *child)
{
    size_t i = 0;

    while (i < parent->count && parent->items[i] != child)
        i++;
    return i;
}

/* Takes the value at the end of the path out of the node's keys; NULL when it is not there. The
 * caller owns it. */
static json_t *take_out(json_t *keys, const struct path *path, size_t from, struct buffer *name)
{
    json_t *parent = NULL, *value = keys;
    const char *key = NULL;
    size_t index = 0;

    for (size_t i = from; i < path->count && value; i++) {
        parent = value;
        key = path->steps[i]->key;
        index = key ? 0 : index_in(path->steps[i - 1], path->steps[i]);
        /* an item that stands alone for a list, or a value for a mapping */
        if (key ? !json_is_object(value) : !json_is_array(value))
            return NULL;
        value = key ? json_object_get(parent, key) : json_array_get(parent, index);
        if (key)
            buffer_printf(name, "%s%s", name->length ? "." : "", key);
        else
            buffer_printf(name, "[%zu]", index);
    }
    if (!parent || !value)
        return NULL;
    json_incref(value);
    if (key)
        json_object_del(parent, key);
    else
        json_array_remove(parent, index);
    return value;
}

static struct import_node *node_named(struct import_file *file, const char *name)
{
    for (size_t i = 0; i < file->node_count; i++) {
        if (name && strcmp(file->nodes[i].name, name) == 0)
            return &file->nodes[i];
    }
    return NULL;
}

/* True when something was taken out. */
static bool repair_one(struct import_file *file, const struct document_node *root,
                       const struct diagnostic *finding)
{
    struct path path = {0};
    struct import_node *node;
    auto_buffer struct buffer name = {0};
    char *text;
    json_t *value;

    find_path(root, finding->position, &path);
    if (path.count < 3 || strcmp(path.steps[0]->key, "nodes") != 0)
        return false;
    node = node_named(file, path.steps[1]->key);
    value = node ? take_out(node->keys, &path, 2, &name) : NULL;
    if (!value)
        return false;
    json_object_set_new(node->refused, path.steps[2]->key, json_true());
    text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    import_note(&node->notes, "left out: %s: %s, as %s", name.data, text, finding->message);
    free(text);
    json_decref(value);
    node->keys = schema_tidy(&node_schema, node->keys);
    return true;
}

/* 1: it loads; 0: something was taken out; -1: nothing helps, or with `err` a failure. */
static int repair_round(struct import_file *file, struct error **err)
{
    auto_buffer struct buffer text = {0};
    auto_diagnostics struct diagnostics d = {0}, quiet = {0};
    auto_arena struct arena *arena = NULL;
    auto_arena struct arena *own = arena_new();
    auto_cluster struct cluster *cluster = NULL;
    const struct document_node *root;
    int outcome;

    if (import_file_write(file, &text, err) < 0)
        return -1;
    outcome =
        cluster_load_text(FILE_NAME, "/", text.data, text.length, NULL, &d, &arena, &cluster);
    if (outcome == 0 && fragment_validate(cluster, &d) == 0)
        return 1;
    root = document_parse(own, FILE_NAME, text.data, text.length, &quiet);
    for (size_t i = 0; root && i < d.count; i++) {
        if (d.items[i].severity == SEVERITY_ERROR && repair_one(file, root, &d.items[i]))
            return 0;
    }
    for (size_t i = 0; i < d.count; i++) {
        if (d.items[i].severity == SEVERITY_ERROR)
            import_note(&file->notes, "to be put right by hand: %s", d.items[i].message);
    }
    return -1;
}

int import_repair(struct import_file *file, struct error **err)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        struct error *error = NULL;
        int outcome = repair_round(file, &error);

        if (error) {
            *err = error;
            return -1;
        }
        if (outcome != 0)
            return 0;
    }
    return 0;
}
