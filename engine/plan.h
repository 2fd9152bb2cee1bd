/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan as data: which steps, why, and which step waits for which. Building one never
 * writes; applying one runs nothing but its steps.
 *
 * Order between steps: for every "A needs B": B's create or update comes before A's create or
 * update; A's destroy comes before B's destroy; and A's update comes before the destroy of a B
 * that goes away. Where A follows B, B's destroy comes before A is made. This holds across
 * resources in between that have no step themselves. A resource that is replaced is two steps,
 * destroy then create, and the destroy waits for what the new one needs from elsewhere.
 * Whatever needs a resource that is replaced and belongs to the same visible one (both part of
 * it, or the one part of the other) is replaced with it.
 */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

#include <jansson.h>

#include "engine/resource.h"
#include "util/buffer.h"

enum step_verb { STEP_DESTROY, STEP_CREATE, STEP_UPDATE };

struct step {
    enum step_verb verb;
    struct resource *resource;
    size_t *after; /* indexes of steps that must be done before */
    size_t after_count;
};

struct plan {
    struct resource_set *set; /* borrowed */
    struct step *steps;       /* in a deterministic order in which they could run one by one */
    size_t step_count;
    /* Visible resources only; one whose parts alone have steps counts as changed: */
    size_t add, change, replace, remove;
    /* What the steps cost: by the class of all changes, a visible replacement as recreate, the
     * end of anything that `holds_data` as data loss. */
    bool needs_restart, needs_recreate, needs_data_loss;
};

/* observe all kinds, diff, order. A cycle is an error that names its members. */
int plan_build(struct resource_set *set, const struct resource_kind *const *kinds,
               void *context, struct plan *ret, struct error **err) MUST_CHECK;
/* The second half of plan_build, for a set that is observed already. */
int plan_compare(struct resource_set *set, void *context, struct plan *ret,
                 struct error **err) MUST_CHECK;
bool plan_is_empty(const struct plan *plan);
void plan_done(struct plan *plan);
#define auto_plan __attribute__((cleanup(plan_done)))

/* One line a change, columns aligned, and "Plan: 3 to add, 1 to remove."; "No changes." when
 * empty:
 *   +   network lan    nat 10.20.0.0/24
 *   ~   node    db     memory 4 GiB -> 8 GiB      live
 *   -/+ node    old    image debian11 -> debian12 recreate, loses disk root
 *   -   node    web-4  not in the file any more
 * What parts change is shown at their owner, unless that is itself made, replaced or removed.
 * `details` also lists internal resources and the steps. */
void plan_render(const struct plan *plan, void *context, bool color, bool details,
                 struct buffer *out);
/* {"changes": [{action, kind, name, host, summary, changes: [{what, from, to, class, note}],
 * note}], "summary": {add, change, replace, remove}}. New reference. */
json_t *plan_json(const struct plan *plan, void *context);

#endif
