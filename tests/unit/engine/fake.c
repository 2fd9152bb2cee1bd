/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

#include "engine/plan_view.h"
#include "util/buffer.h"

static int diff(void *context, struct resource *r, struct error **err)
{
    struct fake *fake = FAKE(r);

    (void)context;
    if (fake->fails && fake->ms == 0 && !fake->what)
        return error_set(err, ERROR_FAILED, "no idea");
    if (fake->what)
        change_add(&r->changes, fake->class, fake->what, fake->from, fake->to, fake->note);
    r->replace |= fake->replace;
    return 0;
}

static int verb(void *context, struct resource *r, struct task *task, struct error **err)
{
    struct fake *fake = FAKE(r);

    (void)context;
    if (fake->verb)
        return fake->verb(r, task, err);
    if (fake->ms > 0)
        task_wait(task, fake->ms);
    return fake->fails ? error_set(err, ERROR_FAILED, "%s broke", r->name) : 0;
}

static char *describe(void *context, const struct resource *r)
{
    (void)context;
    return xstrdup_null(FAKE(r)->describe);
}

static void done(struct resource *r)
{
    free(r->data);
}

#define VERBS                                                                            \
    .diff = diff, .create = verb, .update = verb, .destroy = verb, .describe = describe, \
    .done = done

const struct resource_kind fake_network = {.name = "network", .rank = 1, VERBS};
const struct resource_kind fake_image = {.name = "image", .rank = 2, VERBS};
const struct resource_kind fake_node = {.name = "node", .rank = 3, VERBS};
const struct resource_kind fake_disk = {
    .name = "disk", .rank = 4, .internal = true, .holds_data = true, VERBS};
const struct resource_kind fake_seed = {.name = "seed", .rank = 5, .internal = true, VERBS};
const struct resource_kind fake_ready = {
    .name = "ready", .rank = 6, .internal = true, .waits = true, VERBS};

struct resource *fake_add(struct resource_set *set, const struct resource_kind *kind,
                          const char *name, bool wanted, bool present)
{
    struct resource *r = resource_set_add(set, kind, "local", name);

    r->wanted = wanted;
    r->present = present;
    r->data = xcalloc(1, sizeof(struct fake));
    return r;
}

struct resource *fake_part(struct resource_set *set, const struct resource_kind *kind,
                           struct resource *owner, const char *name, bool wanted, bool present)
{
    auto_free char *full = xasprintf("%s/%s", owner->name, name);
    struct resource *r = fake_add(set, kind, full, wanted, present);

    r->part_of = owner;
    resource_need(owner, r);
    return r;
}

void fake_change(struct resource *r, enum change_class class, const char *what,
                 const char *from, const char *to)
{
    FAKE(r)->class = class;
    FAKE(r)->what = what;
    FAKE(r)->from = from;
    FAKE(r)->to = to;
}

char *fake_steps(const struct plan *plan)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        buffer_printf(&out, "%s%s %s %s", i ? ", " : "", plan_verb_name(step->verb),
                      step->resource->kind->name, step->resource->name);
    }
    return buffer_take(&out);
}

static size_t find_step(const struct plan *plan, enum step_verb verb_, const struct resource *r)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].verb == verb_ && plan->steps[i].resource == r)
            return i;
    }
    fail_msg("no step %s %s", plan_verb_name(verb_), r->name);
    return 0;
}

static bool reaches(const struct plan *plan, size_t from, size_t to)
{
    const struct step *step = &plan->steps[from];

    for (size_t i = 0; i < step->after_count; i++) {
        assert_true(step->after[i] < from);
        if (step->after[i] == to || reaches(plan, step->after[i], to))
            return true;
    }
    return false;
}

bool fake_before(const struct plan *plan, enum step_verb verb_a, const struct resource *a,
                 enum step_verb verb_b, const struct resource *b)
{
    return reaches(plan, find_step(plan, verb_b, b), find_step(plan, verb_a, a));
}

void fake_plan(struct resource_set *set, struct plan *ret)
{
    struct error *error = NULL;

    if (plan_compare(set, NULL, ret, &error) < 0)
        fail_msg("%s", error->message);
}
