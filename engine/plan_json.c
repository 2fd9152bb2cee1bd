/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/plan_view.h"
#include "util/terminal.h"

/* What is read from a machine need not be what JSON takes. */
static void set_text(json_t *object, const char *key, const char *text)
{
    auto_free char *safe = text ? terminal_safe_line(text) : NULL;

    json_object_set_new(object, key, safe ? json_string(safe) : json_null());
}

static json_t *changes_json(const struct change_list *changes)
{
    json_t *array = json_array();

    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        json_t *object = json_object();

        set_text(object, "what", change->what);
        set_text(object, "from", change->from);
        set_text(object, "to", change->to);
        set_text(object, "class", plan_class_name(change->class));
        set_text(object, "note", change->note);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *entry_json(const struct plan_entry *entry)
{
    json_t *object = json_object();

    set_text(object, "action", plan_action_name(entry->action));
    set_text(object, "kind", entry->resource->kind->name);
    set_text(object, "name", entry->resource->name);
    set_text(object, "host", entry->resource->host);
    set_text(object, "summary", entry->summary);
    json_object_set_new(object, "changes", changes_json(&entry->changes));
    set_text(object, "note", entry->resource->note);
    return object;
}

json_t *plan_json(const struct plan *plan, void *context)
{
    auto_plan_view struct plan_view view = {0};
    json_t *changes = json_array();

    plan_view_build(plan, context, false, &view);
    for (size_t i = 0; i < view.count; i++)
        json_array_append_new(changes, entry_json(&view.entries[i]));
    return json_pack("{s:o, s:{s:I, s:I, s:I, s:I}}", "changes", changes, "summary", "add",
                     (json_int_t)plan->add, "change", (json_int_t)plan->change, "replace",
                     (json_int_t)plan->replace, "remove", (json_int_t)plan->remove);
}
