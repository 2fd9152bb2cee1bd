/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/report/report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/interrupt.h"
#include "cmd/report/report_style.h"
#include "util/terminal.h"

uint64_t report_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static struct running *find(struct report *report, size_t step)
{
    for (size_t i = 0; i < report->running_count; i++) {
        if (report->running[i].step == step)
            return &report->running[i];
    }
    return NULL;
}

static void add(struct report *report, const struct event *event)
{
    struct running running = {.step = event->step,
                              .resource = event->resource,
                              .verb = event->verb,
                              .start_ms = report_now()};

    vector_push(report->running, report->running_count, running);
}

static void drop(struct report *report, struct running *running)
{
    size_t behind = report->running_count - (size_t)(running - report->running) - 1;

    free(running->said);
    memmove(running, running + 1, behind * sizeof *running);
    report->running_count--;
}

static void follow(struct running *running, const struct event *event)
{
    if (event->type == EVENT_SAY) {
        free(running->said);
        running->said = terminal_safe_line(event->text);
    } else if (event->type == EVENT_PROGRESS) {
        bool another = event->total != running->total || event->done < running->done;

        if (running->first_ms == 0 || another) {
            running->first_ms = report_now();
            running->first_done = event->done;
        }
        running->done = event->done;
        running->total = event->total;
    }
}

static void emit(void *user, const struct event *event)
{
    struct report *report = user;
    struct running *running;

    if (event->type == EVENT_STARTED)
        add(report, event);
    running = find(report, event->step);
    if (running)
        follow(running, event);
    report->style->emit(report, event, running);
    if (running && (event->type == EVENT_DONE || event->type == EVENT_FAILED ||
                    event->type == EVENT_CANCELLED))
        drop(report, running);
}

static void tick(void *user)
{
    struct report *report = user;

    if (report->style->tick)
        report->style->tick(report);
}

static const struct report_style *choose(const struct context *context)
{
    if (context->globals.json)
        return &report_json;
    if (context->globals.quiet)
        return &report_quiet;
    return terminal_is_live(stdout) ? &report_live : &report_plain;
}

struct report *report_new(const struct context *context)
{
    struct report *report = xcalloc(1, sizeof *report);

    report->context = context;
    report->style = choose(context);
    report->sink = (struct event_sink){.emit = emit, .tick = tick, .user = report};
    interrupt_silence(report->style == &report_live);
    interrupt_defer(true);
    return report;
}

const struct event_sink *report_sink(struct report *report)
{
    return &report->sink;
}

void report_say(struct report *report, const char *fmt, ...)
{
    auto_free char *text = NULL;
    va_list ap;

    if (report->style == &report_quiet || report->style == &report_json)
        return;
    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    report_line(report, "%s", text);
}

void report_free(struct report *report)
{
    if (!report)
        return;
    if (report->style->clear)
        report->style->clear(report);
    interrupt_silence(false);
    interrupt_defer(false);
    while (report->running_count > 0)
        drop(report, &report->running[report->running_count - 1]);
    free(report->running);
    free(report);
}
