/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interpreter of plans: runs steps whose predecessors are done, on `workers` threads. A
 * failed step blocks only what comes after it; everything else goes on. There is no roll-back:
 * the next run observes again and converges.
 */
#ifndef ENGINE_APPLY_H
#define ENGINE_APPLY_H

#include "engine/event.h"
#include "engine/plan.h"

enum step_outcome { OUTCOME_DONE, OUTCOME_FAILED, OUTCOME_BLOCKED, OUTCOME_CANCELLED };

struct apply_options {
    unsigned workers;           /* at least 1 */
    const volatile int *cancel; /* non-zero after Ctrl-C: start nothing more, drain */
    const struct event_sink *sink;
    void *context; /* handed to the kinds' verbs */
};

struct apply_result {
    enum step_outcome *outcomes; /* one a step of the plan */
    struct error **errors;       /* of the failed ones, else NULL; owned */
    size_t count;
    size_t done, failed, blocked, cancelled;
    struct apply_note {
        const struct resource *resource;
        char *text;
    } * notes; /* of task_note, in the order in which they came */
    size_t note_count;
};

/* 0 when every step was done. -1 without an error object: the result says which were not. */
int apply_run(const struct plan *plan, const struct apply_options *options,
              struct apply_result *ret) MUST_CHECK;
void apply_result_done(struct apply_result *result);

#endif
