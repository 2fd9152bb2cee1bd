/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/plan.h"

#include <stdlib.h>

#include "engine/plan_order.h"
#include "engine/plan_view.h"

static int decide(void *context, struct resource *r, struct error **err)
{
    change_list_done(&r->changes);
    r->action = ACTION_NONE;
    if (!r->wanted) {
        if (r->present && !r->keep)
            r->action = ACTION_DESTROY;
        return 0;
    }
    if (!r->present) {
        r->action = ACTION_CREATE;
        return 0;
    }
    if (r->kind->diff && r->kind->diff(context, r, err) < 0)
        return error_wrap(err, "comparing %s '%s'", r->kind->name, r->name);
    if (r->replace)
        r->action = ACTION_REPLACE;
    else if (r->changes.count > 0)
        r->action = ACTION_UPDATE;
    return 0;
}

/* `order` has what is needed before what needs it, so one pass carries all the way. */
static void spread_replacements(struct resource *const *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct resource *r = order[i];
        const struct resource *owner = resource_owner(r);

        if (!owner || (r->action != ACTION_NONE && r->action != ACTION_UPDATE) || !r->wanted)
            continue;
        for (size_t n = 0; n < r->need_count; n++) {
            if (r->needs[n]->action == ACTION_REPLACE && resource_owner(r->needs[n]) == owner)
                r->action = ACTION_REPLACE;
        }
    }
}

static void set_shown(struct resource_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->items[i]->shown = set->items[i]->action;
    for (size_t i = 0; i < set->count; i++) {
        struct resource *r = set->items[i], *owner = resource_owner(r);

        if (!owner || r->action == ACTION_NONE || owner->shown != ACTION_NONE)
            continue;
        owner->shown = owner->wanted || owner->present ? ACTION_UPDATE : ACTION_DESTROY;
    }
}

static bool loses_data(const struct resource *r)
{
    return r->kind->holds_data && (r->action == ACTION_DESTROY || r->action == ACTION_REPLACE);
}

static void append_loss(struct resource *owner, const struct resource *part)
{
    auto_free char *label = part == owner ? xstrdup("its data") : plan_part_label(part, owner);
    const char *before = owner->note && *owner->note ? owner->note : "";
    char *longer = xasprintf("%s%sloses %s", before, *before ? ", " : "", label);

    free(owner->note);
    owner->note = longer;
}

/* What goes, with what goes with it; a note that a kind has set stays as it is. */
static void set_notes(struct resource_set *set)
{
    const char *unwanted = set->unwanted_note ? set->unwanted_note : "not in the file any more";
    auto_free bool *ours = xcalloc(set->count, sizeof *ours);

    for (size_t i = 0; i < set->count; i++) {
        struct resource *r = set->items[i];

        if (r->note)
            continue;
        ours[i] = r->shown == ACTION_REPLACE || r->shown == ACTION_DESTROY;
        if (r->shown == ACTION_DESTROY)
            r->note = xstrdup(unwanted);
        else if (r->shown == ACTION_REPLACE)
            r->note = xstrdup("recreate");
    }
    for (size_t i = 0; i < set->count; i++) {
        struct resource *r = set->items[i], *owner = resource_owner(r);

        if (owner && ours[owner->index] && loses_data(r))
            append_loss(owner, r);
    }
}

static void count(struct plan *plan)
{
    for (size_t i = 0; i < plan->set->count; i++) {
        const struct resource *r = plan->set->items[i];

        if (!r->kind->internal) {
            plan->add += r->shown == ACTION_CREATE;
            plan->change += r->shown == ACTION_UPDATE;
            plan->replace += r->shown == ACTION_REPLACE;
            plan->remove += r->shown == ACTION_DESTROY;
            plan->needs_recreate |= r->shown == ACTION_REPLACE;
        }
        plan->needs_data_loss |= loses_data(r);
        for (size_t c = 0; c < r->changes.count; c++) {
            plan->needs_restart |= r->changes.items[c].class == CHANGE_RESTART;
            plan->needs_recreate |= r->changes.items[c].class == CHANGE_RECREATE;
            plan->needs_data_loss |= r->changes.items[c].class == CHANGE_DATA_LOSS;
        }
    }
}

int plan_compare(struct resource_set *set, void *context, struct plan *ret, struct error **err)
{
    auto_free struct resource **order = NULL;
    struct plan plan = {.set = set};

    if (plan_order_resources(set, &order, err) < 0)
        return -1;
    for (size_t i = 0; i < set->count; i++) {
        if (decide(context, order[i], err) < 0)
            return -1;
    }
    spread_replacements(order, set->count);
    set_shown(set);
    set_notes(set);
    if (plan_order_steps(&plan, err) < 0)
        return -1;
    count(&plan);
    *ret = plan;
    return 0;
}

int plan_build(struct resource_set *set, const struct resource_kind *const *kinds,
               void *context, struct plan *ret, struct error **err)
{
    for (; *kinds; kinds++) {
        if ((*kinds)->observe && (*kinds)->observe(context, set, err) < 0)
            return -1;
    }
    return plan_compare(set, context, ret, err);
}

bool plan_is_empty(const struct plan *plan)
{
    return plan->step_count == 0;
}

void plan_done(struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        free(plan->steps[i].after);
    free(plan->steps);
    *plan = (struct plan){0};
}
