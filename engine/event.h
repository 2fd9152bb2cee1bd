/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens while a plan is applied, told to whoever shows it. Calls come from worker
 * threads but never two at once. A step has one STARTED and then one of DONE, FAILED and
 * CANCELLED; or, when it never starts, only BLOCKED or CANCELLED. PROGRESS comes at most some
 * twenty times a second for a step, SAY only when the text is a new one; a NOTE is to be kept.
 */
#ifndef ENGINE_EVENT_H
#define ENGINE_EVENT_H

#include "engine/resource.h"

enum event_type {
    EVENT_STARTED,
    EVENT_PROGRESS,
    EVENT_SAY,
    EVENT_NOTE,
    EVENT_DONE,
    EVENT_FAILED,
    EVENT_BLOCKED,
    EVENT_CANCELLED
};

struct event {
    enum event_type type;
    const struct resource *resource;
    int verb;                /* enum step_verb */
    size_t step, step_count; /* index of the step, number of all */
    uint64_t ms;             /* since the apply began */
    uint64_t step_ms;        /* since this step began */
    uint64_t done, total;    /* EVENT_PROGRESS */
    const char *text; /* EVENT_SAY, EVENT_NOTE; for EVENT_BLOCKED: what failed, "node db" */
    const struct error *error; /* EVENT_FAILED */
};

struct event_sink {
    void (*emit)(void *user, const struct event *event);
    /* Some ten times a second while the apply runs, never during an emit; for redrawing what
     * has a clock in it. May be NULL. */
    void (*tick)(void *user);
    void *user;
};

#endif
