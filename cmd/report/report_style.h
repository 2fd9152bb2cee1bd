/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a report: what all its styles share. A style is called under the engine's
 * one-event-at-a-time rule, so nothing here has a lock. */
#ifndef CMD_REPORT_STYLE_H
#define CMD_REPORT_STYLE_H

#include "cmd/report/report.h"
#include "util/buffer.h"

/* A step under way. */
struct running {
    size_t step;
    const struct resource *resource;
    int verb;
    uint64_t start_ms; /* on report_now's clock */
    char *said;        /* made safe, or NULL */
    uint64_t done, total;
    uint64_t first_ms, first_done; /* of its first progress, for the rate */
    uint64_t window_ms;            /* plain: since when window_count is counted */
    unsigned window_count;
    uint64_t shown_ms; /* for the style: when it last showed something of this step */
};

struct report_style {
    /* `running` is the step's entry, or NULL for one that never started. */
    void (*emit)(struct report *report, const struct event *event, struct running *running);
    void (*tick)(struct report *report);
    void (*clear)(struct report *report); /* before a line is printed; may be NULL */
};

struct report {
    const struct context *context;
    const struct report_style *style;
    struct event_sink sink;
    struct running *running; /* in the order of their start */
    size_t running_count;
    size_t drawn; /* live: lines on the screen */
    uint64_t drawn_ms;
    bool announced; /* live: INTERRUPT_NOTICE was shown */
};

extern const struct report_style report_plain, report_live, report_json, report_quiet;

uint64_t report_now(void);
/* Whom it is about: "node web-1", also for its parts. The caller frees these. */
char *report_subject(const struct resource *r);
/* What it is doing: what it said, or "creating", "creating disk root". */
char *report_doing(const struct running *running);
/* How far it is: "12 % of 412 MiB, 10 MiB/s, 38 s left"; "" while it is not known. */
char *report_progress(const struct running *running);
/* Bytes a second, and the ms that are left; 0 while they are not known. */
uint64_t report_rate(const struct running *running);
uint64_t report_left(const struct running *running);
/* What is done: "created", "disk root created", "ready". */
char *report_outcome(const struct resource *r, int verb);
/* The lines for the end of a step, as every style for people has them; with the failures. */
void report_end(struct report *report, const struct event *event);
/* EVENT_NOTE, as every style for people has it. */
void report_note(struct report *report, const struct event *event);
/* True for steps that are told of without -v. */
bool report_is_notable(const struct report *report, const struct event *event);
/* A line on stdout. */
void report_line(struct report *report, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
