/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --set K=V: a variable, or a key of the file by its path (nodes.web.count=5). The value of a
 * path is YAML, and goes over what the file says; that of a variable is taken as it is.
 */
#include <string.h>

#include "config/compose/compose.h"
#include "config/compose/variables.h"
#include "util/suggest.h"

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define VARS "vars."

/* Settings have no place in a file. */
static const struct position nowhere = {0};

static bool read_setting(struct loader *l, const char *text, struct setting *setting)
{
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);

    if (!equals) {
        finding_error(l->d, nowhere, "set", "write --set NAME=VALUE", "--set %s has no '='",
                      text);
        return false;
    }
    if (length == 0 || strspn(text, WORD ".") < length || *text == '.' ||
        text[length - 1] == '.' || memmem(text, length, "..", 2)) {
        finding_error(l->d, nowhere, "set",
                      "before the '=' goes a variable, or a path such as nodes.web.memory",
                      "--set %s names nothing that can be set", text);
        return false;
    }
    setting->key = arena_strndup(l->arena, text, length);
    setting->value = arena_strdup(l->arena, equals + 1);
    if (!strncmp(setting->key, VARS, strlen(VARS)))
        setting->key += strlen(VARS);
    return true;
}

void settings_read(struct loader *l, const char *const *texts, size_t count)
{
    l->settings = arena_alloc(l->arena, (count + 1) * sizeof *l->settings);
    for (size_t i = 0; i < count; i++) {
        if (read_setting(l, texts[i], &l->settings[l->setting_count]))
            l->setting_count++;
    }
}

const char *setting_of_variable(const struct loader *l, const char *name)
{
    for (size_t i = l->setting_count; i > 0; i--) {
        if (!strcmp(l->settings[i - 1].key, name))
            return l->settings[i - 1].value;
    }
    return NULL;
}

static bool is_path(const struct loader *l, const struct setting *setting)
{
    const struct document_node *vars = document_get(l->root, "vars");
    const struct field *field = schema_field(&cluster_schema, setting->key);

    if (strchr(setting->key, '.'))
        return true;
    return !document_get(vars, setting->key) && field && !(field->flags & FIELD_DEFERRED);
}

/* Everything in it is as it was typed: a shell has been there before. */
static void make_literal(struct document_node *node)
{
    struct document_node *item;

    node->literal = true;
    document_each (node, i, item)
        make_literal(item);
}

/* `nodes.wbe.count` would make a new node of what is a slip. */
static bool is_there(struct loader *l, const struct setting *setting, const char *part,
                     const struct document_node *names)
{
    struct suggest near = suggest_start(part);
    const struct document_node *item;
    const char *hint = NULL;

    if (document_get(names, part))
        return true;
    document_each (names, i, item)
        suggest_offer(&near, item->key);
    if (suggest_result(&near))
        hint = arena_printf(l->arena, "did you mean '%s'?", suggest_result(&near));
    finding_error(l->d, nowhere, "set", hint, "--set %s: there is no '%s' under '%s'",
                  setting->key, part, names->key);
    return false;
}

struct walk {
    const struct schema *schema;
    const struct document_node *node; /* what the file has there, or NULL */
    bool has_names;
};

/* One step along the path; false after a finding. */
static bool step(struct loader *l, const struct setting *setting, struct walk *walk,
                 const char *part)
{
    const struct field *field = NULL;

    if (walk->node && walk->node->kind == DOCUMENT_SEQUENCE) {
        finding_error(l->d, nowhere, "set", "set it as a whole: a list is replaced",
                      "--set %s: '%s' is a list, and its items have no names", setting->key,
                      walk->node->key);
        return false;
    }
    if (walk->has_names && walk->node && walk->node->kind == DOCUMENT_MAPPING &&
        !is_there(l, setting, part, walk->node))
        return false;
    if (walk->has_names) {
        walk->has_names = false;
    } else {
        field = walk->schema ? schema_field(walk->schema, part) : NULL;
        walk->schema = field ? field->schema : NULL;
        walk->has_names = field && field->type == FIELD_MAP;
    }
    walk->node = document_get(walk->node, part);
    return true;
}

/* The value inside of a mapping for each part of the path. */
static struct document_node *nest(struct loader *l, const struct setting *setting,
                                  struct document_node *value)
{
    struct walk walk = {.schema = &cluster_schema, .node = l->root};
    char *path = arena_strdup(l->arena, setting->key), *rest = path, *part;
    struct document_node *top = arena_alloc(l->arena, sizeof *top), *at = top;

    *top = (struct document_node){.kind = DOCUMENT_MAPPING, .position = value->key_position};
    while ((part = strsep(&rest, "."))) {
        struct document_node *below = rest ? arena_alloc(l->arena, sizeof *below) : value;

        if (!step(l, setting, &walk, part))
            return NULL;
        if (rest)
            *below = (struct document_node){.kind = DOCUMENT_MAPPING,
                                            .position = value->key_position,
                                            .key_position = value->key_position};
        below->key = part;
        arena_push(l->arena, at->items, at->count, below);
        at = below;
    }
    return top;
}

static void apply_path(struct loader *l, const struct setting *setting)
{
    const char *file = arena_printf(l->arena, "--set %s", setting->key);
    const char *text = arena_printf(l->arena, "%s: %s", setting->key, setting->value);
    struct document_node *root, *layer;

    if (!*setting->value) {
        finding_error(l->d, nowhere, "set",
                      arena_printf(l->arena, "%s=~ takes away what the file says", file),
                      "%s has no value", file);
        return;
    }
    root = document_parse(l->arena, file, text, strlen(text), l->d);
    if (!root || root->kind != DOCUMENT_MAPPING || root->count != 1)
        return;
    make_literal(root);
    layer = nest(l, setting, root->items[0]);
    if (layer)
        l->root = merge_mappings(l, &cluster_schema, l->root, layer);
}

void settings_apply(struct loader *l)
{
    l->merges_files = true;
    for (size_t i = 0; i < l->setting_count; i++) {
        if (is_path(l, &l->settings[i]))
            apply_path(l, &l->settings[i]);
    }
    l->merges_files = false;
}

/* What is no path must be one of the variables. */
static void check_variable(struct loader *l, const struct variables *v,
                           const struct setting *setting)
{
    struct suggest near = suggest_start(setting->key);
    auto_buffer struct buffer all = {0};
    const char *hint;

    if (variables_find(v, setting->key, strlen(setting->key)))
        return;
    for (size_t i = 0; i < v->count && i < 1000; i++) {
        suggest_offer(&near, v->items[i].name);
        if (i < 10)
            buffer_printf(&all, "%s%s", i ? ", " : "", v->items[i].name);
    }
    if (suggest_result(&near))
        hint = arena_printf(l->arena, "did you mean '%s'?", suggest_result(&near));
    else if (all.data)
        hint = arena_printf(l->arena,
                            "the variables are %s%s; a key has a path: nodes.web.memory=2G",
                            all.data, v->count > 10 ? ", ..." : "");
    else
        hint = "the file has no 'vars'; a key has a path: nodes.web.memory=2G";
    finding_error(l->d, nowhere, "set", hint, "--set %s: there is no such variable",
                  setting->key);
}

void settings_check(struct loader *l, const struct variables *v)
{
    for (size_t i = 0; i < l->setting_count; i++) {
        if (!is_path(l, &l->settings[i]))
            check_variable(l, v, &l->settings[i]);
    }
}
