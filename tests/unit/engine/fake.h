/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds whose verbs note what was done, for tests of the engine. */
#ifndef TESTS_UNIT_ENGINE_FAKE_H
#define TESTS_UNIT_ENGINE_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/apply.h"
#include "engine/plan.h"

/* rank 1 network, 2 image, 3 node; parts of nodes: disk (holds data), seed, ready (waits) */
extern const struct resource_kind fake_network, fake_image, fake_node, fake_disk, fake_seed,
    fake_ready;

/* What a resource is made with: how its diff and verbs behave. Zero is fine. */
struct fake {
    enum change_class class;
    const char *what, *from, *to, *note; /* a change, when `what` is given */
    bool replace;
    bool fails;
    unsigned ms; /* how long a verb takes */
    int (*verb)(struct resource *r, struct task *task, struct error **err);
    const char *describe;
};

struct resource *fake_add(struct resource_set *set, const struct resource_kind *kind,
                          const char *name, bool wanted, bool present);
/* A part, needed by its owner. */
struct resource *fake_part(struct resource_set *set, const struct resource_kind *kind,
                           struct resource *owner, const char *name, bool wanted, bool present);
#define FAKE(r) ((struct fake *)(r)->data)
/* Sets a change. */
void fake_change(struct resource *r, enum change_class class, const char *what,
                 const char *from, const char *to);

/* "create node a, destroy disk a/root": the steps in their order. Caller frees. */
char *fake_steps(const struct plan *plan);
/* True when the plan says that the one step must come before the other, directly or not. */
bool fake_before(const struct plan *plan, enum step_verb verb_a, const struct resource *a,
                 enum step_verb verb_b, const struct resource *b);
/* plan_compare that must succeed. */
void fake_plan(struct resource_set *set, struct plan *ret);

#endif
