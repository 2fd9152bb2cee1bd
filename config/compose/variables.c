/* SPDX-License-Identifier: Apache-2.0 */
#include "config/compose/variables.h"

#include <string.h>

#include "config/compose/compose.h"
#include "config/compose/reference.h"
#include "config/schema/schema_types.h"
#include "util/suggest.h"

/* A bound for hostile files: names beyond are not compared with a wrong one. */
#define NEAR_AMONG 1000

static bool check_value(struct variables *v, const struct document_node *item)
{
    size_t length = strlen(item->key);

    if (reference_name(item->key, length) != length) {
        finding_error(v->l->d, item->key_position, "variable-name",
                      "use letters, digits and '_', and start with a letter or '_'",
                      "'%s' cannot be the name of a variable", item->key);
        return false;
    }
    if (item->kind != DOCUMENT_SCALAR) {
        finding_error(v->l->d, item->position, "type", "give each part a variable of its own",
                      "variable '%s' must be a text or a number, not %s", item->key,
                      document_kind_name(item));
        return false;
    }
    return true;
}

void variables_init(struct variables *v, struct loader *l, const struct document_node *vars)
{
    struct binder binder = {.arena = l->arena, .diagnostics = l->d};
    const struct document_node *item;

    *v = (struct variables){.l = l};
    if (!vars)
        return;
    if (vars->kind != DOCUMENT_MAPPING) {
        schema_report_type(&binder, schema_field(&cluster_schema, "vars"), vars);
        return;
    }
    v->items = arena_alloc(l->arena, (vars->count + 1) * sizeof *v->items);
    document_each (vars, i, item) {
        struct variable *variable = &v->items[v->count++];

        *variable = (struct variable){.name = item->key, .source = item};
        variable->set = setting_of_variable(l, item->key);
        if (!check_value(v, item))
            variable->mark = VARIABLE_BAD;
        names_add(&v->names, item->key, variable);
    }
}

void variables_done(struct variables *v)
{
    names_done(&v->names);
}

void variables_check(struct variables *v)
{
    for (size_t i = 0; i < v->count; i++)
        (void)variables_evaluate(v, &v->items[i]);
}

struct variable *variables_find(const struct variables *v, const char *name, size_t length)
{
    auto_free char *word = xstrndup(name, length);

    return names_find(&v->names, word);
}

static bool report_circle(struct variables *v, const struct variable *variable)
{
    auto_buffer struct buffer names = {0};
    const struct variable *last = v->open[v->depth - 1];
    size_t from = 0;

    while (v->open[from] != variable)
        from++;
    for (size_t i = from; i < v->depth; i++)
        buffer_printf(&names, "%s -> ", v->open[i]->name);
    finding_error(v->l->d, last->source->position, "variable-cycle", "give one of them a value",
                  "variables need each other in a circle: %s%s", names.data, variable->name);
    return false;
}

/* A text that is not UTF-8 could stand in no XML and no JSON. */
static bool is_utf8(const char *text)
{
    json_t *string = json_string(text);

    json_decref(string);
    return string != NULL;
}

static bool evaluate_source(struct variables *v, struct variable *variable)
{
    const struct document_node *value;

    if (v->depth == VARIABLES_DEPTH) {
        finding_error(v->l->d, variable->source->position, "variable-depth", NULL,
                      "more than %d variables need each other, one after the other",
                      VARIABLES_DEPTH);
        return false;
    }
    v->open[v->depth++] = variable;
    value = variables_expand(v, variable->source, false);
    v->depth--;
    if (!value)
        return false;
    variable->text = value->is_null ? NULL : value->text;
    variable->quoted = value->quoted;
    return true;
}

bool variables_evaluate(struct variables *v, struct variable *variable)
{
    bool good = true;

    if (variable->mark == VARIABLE_OPEN)
        return report_circle(v, variable);
    if (variable->mark != VARIABLE_UNSEEN)
        return variable->mark == VARIABLE_CLOSED;
    variable->mark = VARIABLE_OPEN;
    variable->text = variable->set;
    if (!variable->set)
        good = evaluate_source(v, variable);
    if (variable->set && !is_utf8(variable->set)) {
        finding_error(v->l->d, variable->source->position, "variable-encoding", NULL,
                      "--set %s is not UTF-8 text", variable->name);
        good = false;
    }
    variable->mark = good ? VARIABLE_CLOSED : VARIABLE_BAD;
    return good;
}

const char *variables_hint(const struct variables *v, const char *name)
{
    struct suggest near = suggest_start(name);

    for (size_t i = 0; i < v->count && i < NEAR_AMONG; i++)
        suggest_offer(&near, v->items[i].name);
    if (suggest_result(&near))
        return arena_printf(v->l->arena, "did you mean '${%s}'?", suggest_result(&near));
    return arena_printf(v->l->arena,
                        "add it to 'vars', where --set %s=VALUE changes it, or set it in the "
                        "environment, or write ${%s:-DEFAULT}",
                        name, name);
}

void variables_apply(struct loader *l)
{
    auto_variables struct variables v;

    variables_init(&v, l, document_get(l->root, "vars"));
    settings_check(l, &v);
    variables_check(&v);
    l->root = variables_expand_tree(&v, l->root);
}
