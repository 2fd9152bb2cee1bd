/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shows an apply: on a terminal, finished steps as lines and below them a line for each running
 * one, redrawn in place; elsewhere one plain line an event; with --json one object a line.
 *
 *   struct report *report = report_new(context);
 *   struct apply_options options = {.sink = report_sink(report), …};
 *   status = apply_run(plan, &options, &result);
 *   report_free(report);   (takes the live lines away)
 *
 * Between report_new and report_free a Ctrl-C is deferred (interrupt.h). Failures are printed
 * as they happen, so the command need not print result.errors again.
 */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "cmd/context.h"
#include "engine/apply.h"

struct report;

struct report *report_new(const struct context *context);
const struct event_sink *report_sink(struct report *report);
/* A line above the live ones (stdout), from the thread that called apply_run or before it. */
void report_say(struct report *report, const char *fmt, ...) PRINTF_LIKE(2, 3);
void report_free(struct report *report);

/* For the final object: {"steps": n, "done": n, "failed": n, "blocked": n, "cancelled": n,
 * "failures": [{verb, kind, name, host, error: {…}}]}. New reference. */
json_t *report_result_json(const struct plan *plan, const struct apply_result *result);
/* For people: how many steps failed, were blocked or not begun; NULL when all are done:
 * "1 step failed, 2 were not possible because of it, 3 were not begun". Caller frees. */
char *report_result_text(const struct apply_result *result);

#endif
