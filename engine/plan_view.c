/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/plan_view.h"

#include <stdlib.h>
#include <string.h>

#define NO_ENTRY SIZE_MAX

const char *plan_action_name(enum resource_action action)
{
    static const char *const names[] = {
        [ACTION_NONE] = "none",       [ACTION_CREATE] = "create",   [ACTION_UPDATE] = "update",
        [ACTION_REPLACE] = "replace", [ACTION_DESTROY] = "destroy",
    };

    return names[action];
}

const char *plan_class_name(enum change_class class)
{
    static const char *const names[] = {
        [CHANGE_LIVE] = "live",
        [CHANGE_RESTART] = "restart",
        [CHANGE_RECREATE] = "recreate",
        [CHANGE_DATA_LOSS] = "data-loss",
    };

    return names[class];
}

const char *plan_verb_name(enum step_verb verb)
{
    static const char *const names[] = {
        [STEP_DESTROY] = "destroy",
        [STEP_CREATE] = "create",
        [STEP_UPDATE] = "update",
    };

    return names[verb];
}

char *plan_part_label(const struct resource *part, const struct resource *owner)
{
    size_t length = strlen(owner->name);
    const char *name = part->name;

    if (strncmp(name, owner->name, length) == 0 && name[length] == '/' && name[length + 1])
        name += length + 1;
    return xasprintf("%s %s", part->kind->name, name);
}

static char *describe(void *context, const struct resource *r)
{
    return r->kind->describe ? r->kind->describe(context, r) : NULL;
}

static void copy_changes(struct change_list *list, const struct change_list *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct change *c = &from->items[i];

        change_add(list, c->class, c->what, c->from, c->to, c->note);
    }
}

/* The line for a part that comes, goes or is made anew. One that its kind has no words for is
 * left to the changes of its owner, unless (`always`) nothing else would be shown. */
static void add_part_itself(struct plan_entry *entry, const struct resource *part,
                            void *context, bool always)
{
    auto_free char *what = plan_part_label(part, entry->resource);
    auto_free char *text = describe(context, part);
    bool loss = part->kind->holds_data && part->action != ACTION_CREATE;

    /* Waiting for what is changed anyway is no news. */
    if (!always && (part->kind->waits || (!text && part->action != ACTION_REPLACE)))
        return;
    if (part->kind->waits) {
        change_add(&entry->changes, CHANGE_LIVE, text ? text : what, NULL, NULL, NULL);
        return;
    }
    change_add(&entry->changes, loss ? CHANGE_DATA_LOSS : CHANGE_LIVE, what,
               part->action == ACTION_DESTROY ? (text ? text : "") : NULL,
               part->action == ACTION_CREATE ? (text ? text : "") : NULL,
               part->action == ACTION_REPLACE ? "made anew" : NULL);
}

static void add_part(struct plan_entry *entry, const struct resource *part, void *context)
{
    if (entry->action == ACTION_REPLACE) {
        /* A replacement that comes from a part has its reason only there. */
        if (entry->resource->changes.count == 0 && part->action == ACTION_REPLACE)
            copy_changes(&entry->changes, &part->changes);
    } else if (entry->action == ACTION_UPDATE) {
        if (part->changes.count > 0)
            copy_changes(&entry->changes, &part->changes);
        else
            add_part_itself(entry, part, context, false);
    }
}

static int compare_resources(const void *left, const void *right)
{
    return resource_compare(*(struct resource *const *)left, *(struct resource *const *)right);
}

static int compare_entries(const void *left, const void *right)
{
    const struct plan_entry *a = left, *b = right;
    const struct resource_kind *kind = a->resource->kind;

    if (kind == b->resource->kind && a->action != b->action)
        return (int)a->action - (int)b->action;
    return resource_compare(a->resource, b->resource);
}

static void add_entry(struct plan_view *view, const struct resource *r,
                      enum resource_action action, void *context)
{
    struct plan_entry entry = {.resource = r, .action = action};

    if (action == ACTION_UPDATE || action == ACTION_REPLACE)
        copy_changes(&entry.changes, &r->changes);
    entry.summary = describe(context, r);
    vector_push(view->entries, view->count, entry);
}

/* The internal resources that have steps, in the order in which they are shown. */
static struct resource **find_parts(const struct resource_set *set, size_t *ret_count)
{
    struct resource **parts = xcalloc(set->count, sizeof *parts);
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i]->kind->internal && set->items[i]->action != ACTION_NONE)
            parts[count++] = set->items[i];
    }
    if (count > 1)
        qsort(parts, count, sizeof *parts, compare_resources);
    *ret_count = count;
    return parts;
}

void plan_view_build(const struct plan *plan, void *context, bool internal,
                     struct plan_view *ret)
{
    const struct resource_set *set = plan->set;
    struct plan_view view = {0};
    size_t part_count, visible;
    auto_free struct resource **parts = find_parts(set, &part_count);
    auto_free size_t *entry_of = xcalloc(set->count, sizeof *entry_of);

    for (size_t i = 0; i < set->count; i++) {
        entry_of[i] = NO_ENTRY;
        if (set->items[i]->kind->internal || set->items[i]->shown == ACTION_NONE)
            continue;
        entry_of[i] = view.count;
        add_entry(&view, set->items[i], set->items[i]->shown, context);
    }
    visible = view.count;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < part_count; i++) {
            const struct resource *owner = resource_owner(parts[i]);
            struct plan_entry *entry = owner ? &view.entries[entry_of[owner->index]] : NULL;

            if (entry && pass == 0)
                add_part(entry, parts[i], context);
            else if (entry && entry->action == ACTION_UPDATE && entry->changes.count == 0)
                add_part_itself(entry, parts[i], context, true);
        }
    }
    /* What belongs to nothing that is shown is shown itself where data is at stake. */
    for (size_t i = 0; i < part_count; i++) {
        if (internal || visible == 0 ||
            (!resource_owner(parts[i]) && parts[i]->kind->holds_data))
            add_entry(&view, parts[i], parts[i]->action, context);
    }
    if (view.count > 1)
        qsort(view.entries, view.count, sizeof *view.entries, compare_entries);
    *ret = view;
}

void plan_view_done(struct plan_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        change_list_done(&view->entries[i].changes);
        free(view->entries[i].summary);
    }
    free(view->entries);
    *view = (struct plan_view){0};
}
