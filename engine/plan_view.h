/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown of a plan, whatever it is shown as: one entry a resource, with the changes of
 * its parts among its own. */
#ifndef ENGINE_PLAN_VIEW_H
#define ENGINE_PLAN_VIEW_H

#include "engine/plan.h"

struct plan_entry {
    const struct resource *resource;
    enum resource_action action; /* of an update or replacement: see changes */
    struct change_list changes;  /* copies; from or to is NULL for what comes or goes */
    char *summary;               /* what the kind says of it, or NULL */
};

struct plan_view {
    struct plan_entry *entries; /* by kind, action, host, name */
    size_t count;
};

/* `internal` adds entries for internal resources; they also come where nothing visible would
 * stand for the steps that there are. */
void plan_view_build(const struct plan *plan, void *context, bool internal,
                     struct plan_view *ret);
void plan_view_done(struct plan_view *view);
#define auto_plan_view __attribute__((cleanup(plan_view_done)))

const char *plan_action_name(enum resource_action action);
const char *plan_class_name(enum change_class class);
const char *plan_verb_name(enum step_verb verb);
/* "disk root" for the part "web-1/root" of "web-1". The caller frees it. */
char *plan_part_label(const struct resource *part, const struct resource *owner);

#endif
