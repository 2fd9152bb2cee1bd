/* SPDX-License-Identifier: Apache-2.0 */
/* depends_on: names to nodes, and no circles. */
#include <string.h>

#include "config/loader.h"
#include "util/suggest.h"

static const char *near_node(struct loader *l, const char *word)
{
    struct suggest near = suggest_start(word);
    auto_buffer struct buffer all = {0};

    for (size_t i = 0; i < l->group_count && i < 1000 && !finding_is_full(l->d); i++) {
        suggest_offer(&near, l->groups[i].base.group);
        if (i < 10)
            buffer_printf(&all, "%s%s", i ? ", " : "", l->groups[i].base.group);
    }
    for (size_t i = 0; i < l->cluster->node_count && !near.best && i < 1000; i++)
        suggest_offer(&near, l->cluster->nodes[i].name);
    if (suggest_result(&near))
        return arena_printf(l->arena, "did you mean '%s'?", suggest_result(&near));
    return arena_printf(l->arena, "the nodes are %s%s", all.data,
                        l->group_count > 10 ? ", ..." : "");
}

/* The target of one name, or NULL after a finding. */
static struct target *find_target(struct loader *l, struct group *group,
                                  const struct document_node *item)
{
    struct target *target;

    if (item->kind != DOCUMENT_SCALAR || item->is_null || !*item->text)
        return NULL;
    target = names_find(&l->targets, item->text);
    if (!target) {
        finding_error(l->d, item->position, "unknown-node", near_node(l, item->text),
                      "depends_on names '%s', and there is no such node", item->text);
        return NULL;
    }
    if (target->group == group) {
        finding_error(l->d, item->position, "depends-self", "remove it",
                      "'%s' cannot depend on itself", group->base.group);
        return NULL;
    }
    return target;
}

static void add_target(struct node *node, const struct target *target)
{
    size_t count = target->node ? 1 : target->group->size;

    for (size_t k = 0; k < count; k++)
        node->dependencies[node->dependency_count++] =
            target->node ? target->node : &target->group->nodes[k];
}

static void resolve_list(struct loader *l, struct group *group,
                         const struct document_node *list)
{
    auto_free const struct target **targets = xcalloc(list->count, sizeof *targets);
    auto_names struct names seen = {0};
    struct node *node = &group->base;
    const struct document_node *item;
    size_t count = 0, nodes = 0;

    document_each (list, i, item) {
        const struct target *target = find_target(l, group, item);

        if (!target)
            continue;
        if (names_add(&seen, item->text, (void *)item)) {
            finding_error(l->d, item->position, "depends-twice", "remove it",
                          "depends_on already has '%s'", item->text);
            continue;
        }
        targets[count++] = target;
        nodes += target->node ? 1 : target->group->size;
    }
    node->dependencies = arena_alloc(l->arena, (nodes + 1) * sizeof(struct node *));
    group->waits_for = arena_alloc(l->arena, (count + 1) * sizeof(struct group *));
    for (size_t i = 0; i < count; i++) {
        add_target(node, targets[i]);
        group->waits_for[group->waits_for_count++] = targets[i]->group;
    }
}

void check_dependencies(struct loader *l)
{
    for (size_t i = 0; i < l->group_count; i++) {
        struct group *group = &l->groups[i];
        const struct document_node *list = document_get(group->base.source, "depends_on");

        if (!list || list->kind != DOCUMENT_SEQUENCE)
            continue;
        l->d->subject = group->base.group;
        resolve_list(l, group, list);
        /* Nodes of one group wait for the same ones and share the list. */
        for (size_t k = 0; k < group->size; k++) {
            group->nodes[k].dependencies = group->base.dependencies;
            group->nodes[k].dependency_count = group->base.dependency_count;
        }
    }
    l->d->subject = NULL;
}
