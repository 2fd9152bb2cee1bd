/* SPDX-License-Identifier: Apache-2.0 */
/* Binding of lists, maps and trees. */
#include <string.h>
#include <strings.h>

#include "config/finding.h"
#include "config/schema/schema_types.h"

static void bind_strings(struct binder *b, const struct field *field,
                         const struct document_node *node, struct string_list *list)
{
    struct field one = {.key = field->key, .flags = field->flags, .type = FIELD_STRING};
    const struct document_node *item;

    list->items = arena_alloc(b->arena, (node->count + 1) * sizeof *list->items);
    list->count = 0;
    document_each (node, i, item) {
        const char *text = NULL;

        if (item->kind != DOCUMENT_SCALAR || item->is_null)
            binder_report(
                b, item->position, "type",
                item->kind == DOCUMENT_MAPPING ? "a text with ': ' in it needs quotes" : NULL,
                "an item of %s must be a text, not %s", field->key, document_kind_name(item));
        else if (!*item->text)
            binder_report(b, item->position, "text", NULL, "an item of %s is empty",
                          field->key);
        else
            schema_type_parse(b, &one, item, item->text, &text);
        if (text)
            list->items[list->count++] = text;
    }
}

static void bind_labels(struct binder *b, const struct field *field,
                        const struct document_node *node, struct label_list *list)
{
    const struct field value = {
        .key = field->key, .type = FIELD_STRING, .flags = FIELD_TEXT, .max = 1024};
    const struct document_node *item;
    const size_t most = 64;

    if (node->count > most) {
        binder_report(b, node->position, "limit", NULL,
                      "%s has %zu entries, and %zu are the most", field->key, node->count,
                      most);
        return;
    }

    list->items = arena_alloc(b->arena, (node->count + 1) * sizeof *list->items);
    list->count = 0;
    document_each (node, i, item) {
        struct label label = {.name = item->key};

        if (strlen(item->key) > 63 ||
            strspn(item->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "._/-") != strlen(item->key))
            binder_report(b, item->key_position, "name",
                          "use letters, digits and . _ / -, at most 63 of them",
                          "'%s' is not a valid name in %s", item->key, field->key);
        else if (item->kind != DOCUMENT_SCALAR || item->is_null)
            binder_report(b, item->position, "type", NULL, "%s.%s must be a text, not %s",
                          field->key, item->key, document_kind_name(item));
        else
            schema_type_parse(b, &value, item, item->text, &label.value);
        if (label.value)
            list->items[list->count++] = label;
    }
}

/* What YAML 1.1 took for true and false, and what reads the tree may still do so. */
static void warn_booleans(struct binder *b, const struct document_node *node)
{
    static const char *const words[] = {"yes", "no", "on", "off", NULL};
    const struct document_node *item;

    if (node->kind != DOCUMENT_SCALAR) {
        document_each (node, i, item)
            warn_booleans(b, item);
        return;
    }
    for (size_t i = 0; words[i] && !node->quoted && !b->quiet; i++) {
        if (!strcasecmp(words[i], node->text))
            finding_warning(
                b->diagnostics, node->position, "yaml-boolean",
                i % 2 ? "write false, or put it in quotes" : "write true, or put it in quotes",
                "'%s' is a text here, not %s", node->text, i % 2 ? "false" : "true");
    }
}

static void bind_tree(struct binder *b, const struct document_node *node, json_t **target)
{
    warn_booleans(b, node);
    *target = document_json(node);
    json_array_append_new(b->trees, *target);
}

static void bind_list(struct binder *b, const struct field *field,
                      const struct document_node *node, struct list *list)
{
    const struct document_node *value;

    list->items = arena_alloc(b->arena, (node->count + 1) * field->schema->size);
    list->count = node->count;
    document_each (node, i, value) {
        char *item = (char *)list->items + i * field->schema->size;
        bool quiet = b->quiet;

        if (field->type == FIELD_MAP)
            schema_bind_key(b, field->schema, value, item);
        else if (value->is_null)
            binder_report(b, value->position, "type", field->schema->short_form_text,
                          "an item of %s has no value", field->key);
        b->quiet = quiet || (field->type == FIELD_LIST && value->is_null);
        schema_bind(b, field->schema, value, item);
        b->quiet = quiet;
    }
}

/* `graphics: vnc` for `graphics: [vnc]`: the item is called as its list. */
static void bind_lone(struct binder *b, const struct field *field,
                      const struct document_node *node, struct list *list)
{
    list->items = arena_alloc(b->arena, 2 * field->schema->size);
    list->count = 1;
    schema_bind(b, field->schema, node, list->items);
}

void schema_bind_compound(struct binder *b, const struct field *field,
                          const struct document_node *node, void *value)
{
    bool is_list = field->type == FIELD_STRINGS || field->type == FIELD_LIST;
    enum document_kind wanted = is_list ? DOCUMENT_SEQUENCE : DOCUMENT_MAPPING;

    if ((field->flags & FIELD_LONE) && node->kind != DOCUMENT_SEQUENCE)
        bind_lone(b, field, node, value);
    else if (node->kind != wanted)
        schema_report_type(b, field, node);
    else if (field->type == FIELD_STRINGS)
        bind_strings(b, field, node, value);
    else if (field->type == FIELD_LABELS)
        bind_labels(b, field, node, value);
    else if (field->type == FIELD_TREE)
        bind_tree(b, node, value);
    else if (field->type == FIELD_LIST || field->type == FIELD_MAP)
        bind_list(b, field, node, value);
}
