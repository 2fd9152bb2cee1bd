/* SPDX-License-Identifier: Apache-2.0 */
/* A run as plain lines, for logs; and as nothing but its failures. */
#include "cmd/report/report_style.h"

/* A long copy is heard of this often. */
#define PROGRESS_MS 10000
/* Steps that take longer than one expects say what they are at. */
#define LONG_MS 4000
/* Of one step, so many lines are shown in such a time. */
#define WINDOW_MS 20000
#define WINDOW_LINES 12

static void progress(struct report *report, struct running *running)
{
    uint64_t now = report_now();
    uint64_t last = running->shown_ms ? running->shown_ms : running->start_ms;
    auto_free char *subject = NULL, *doing = NULL;
    auto_free char *how_far = NULL;

    if ((running->total == 0 && running->done == 0) || now - last < PROGRESS_MS)
        return;
    running->shown_ms = now;
    subject = report_subject(running->resource);
    doing = report_doing(running);
    how_far = report_progress(running);
    report_line(report, "%s: %s, %s", subject, doing, how_far);
}

/* A guest's console may have much to say. */
static bool may_say(struct running *running)
{
    uint64_t now = report_now();

    if (now - running->window_ms > WINDOW_MS) {
        running->window_ms = now;
        running->window_count = 0;
    }
    return running->window_count++ < WINDOW_LINES;
}

static void plain_emit(struct report *report, const struct event *event,
                       struct running *running)
{
    bool verbose = report->context->globals.verbose;

    if (event->type == EVENT_PROGRESS) {
        progress(report, running);
    } else if (event->type == EVENT_NOTE) {
        report_note(report, event);
    } else if (event->type == EVENT_SAY) {
        auto_free char *subject = report_subject(event->resource);

        bool first = event->resource->kind->waits ? running->shown_ms == 0
                                                  : report_now() - running->start_ms > LONG_MS;

        /* What it waits for is news once; every turn of it only with -v. */
        if (verbose || (first && may_say(running)))
            report_line(report, "%s: %s", subject, running->said);
        running->shown_ms = report_now();
    } else if (event->type != EVENT_STARTED) {
        report_end(report, event);
    }
}

static void quiet_emit(struct report *report, const struct event *event,
                       struct running *running)
{
    (void)running;
    if (event->type == EVENT_FAILED)
        report_end(report, event);
}

const struct report_style report_plain = {.emit = plain_emit};
const struct report_style report_quiet = {.emit = quiet_emit};
