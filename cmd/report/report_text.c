/* SPDX-License-Identifier: Apache-2.0 */
/* A run in words, the same on a terminal and elsewhere. */
#include <stdlib.h>
#include <string.h>

#include "cmd/report/report_style.h"
#include "engine/plan_view.h"
#include "util/size.h"
#include "util/terminal.h"

/* Below this, a total is a number of things, not of bytes. */
#define LEAST_BYTES (64 * KIB)
/* Before this, a rate says little. */
#define RATE_MS 500

static const struct resource *owner_of(const struct resource *r)
{
    while (r->kind->internal && r->part_of)
        r = r->part_of;
    return r;
}

char *report_subject(const struct resource *r)
{
    const struct resource *owner = owner_of(r);
    auto_free char *text = xasprintf("%s %s", owner->kind->name, owner->name);

    return terminal_safe_line(text);
}

/* `word` for a visible resource, "disk root `word`" or "`word` disk root" for a part. */
static char *about(const struct resource *r, const char *word, bool word_first)
{
    const struct resource *owner = owner_of(r);
    auto_free char *label = NULL, *text = NULL;

    if (owner == r)
        return xstrdup(word);
    label = plan_part_label(r, owner);
    text = word_first ? xasprintf("%s %s", word, label) : xasprintf("%s %s", label, word);
    return terminal_safe_line(text);
}

char *report_doing(const struct running *running)
{
    static const char *const words[] = {
        [STEP_DESTROY] = "removing",
        [STEP_CREATE] = "creating",
        [STEP_UPDATE] = "changing",
    };

    if (running->said)
        return xstrdup(running->said);
    if (running->resource->kind->waits)
        return xstrdup("waiting");
    return about(running->resource, words[running->verb], true);
}

/* Over the whole of it: what one notices comes and goes, what is left should not jump. */
uint64_t report_rate(const struct running *running)
{
    uint64_t ms = report_now() - running->first_ms;

    if (running->first_ms == 0 || ms < RATE_MS || running->done <= running->first_done)
        return 0;
    return (running->done - running->first_done) * 1000 / ms;
}

uint64_t report_left(const struct running *running)
{
    uint64_t rate = report_rate(running);

    if (rate == 0 || running->done >= running->total)
        return 0;
    return (running->total - running->done) * 1000 / rate;
}

char *report_progress(const struct running *running)
{
    auto_buffer struct buffer out = {0};
    uint64_t rate = report_rate(running), left = report_left(running);
    char size[SIZE_TEXT];

    if (running->total > 0 && running->total < LEAST_BYTES)
        return xasprintf("%d of %d", (int)running->done, (int)running->total);
    if (running->total > 0)
        buffer_printf(&out, "%3d %% of %s",
                      (int)(running->done >= running->total
                                ? 100
                                : (double)running->done * 100 / (double)running->total),
                      size_format(running->total, size));
    else if (running->done > 0)
        buffer_puts(&out, size_format(running->done, size));
    if (rate > 0)
        buffer_printf(&out, ", %s/s", size_format(rate, size));
    if (left >= 1000)
        buffer_printf(&out, ", %s left", duration_format(left / 1000 * 1000, size));
    return buffer_take(&out);
}

char *report_outcome(const struct resource *r, int verb)
{
    static const char *const words[] = {
        [STEP_DESTROY] = "removed",
        [STEP_CREATE] = "created",
        [STEP_UPDATE] = "changed",
    };

    if (verb == STEP_CREATE && r->kind->made)
        return xstrdup(r->kind->made);
    return about(r, words[verb], false);
}

bool report_is_notable(const struct report *report, const struct event *event)
{
    const struct resource_kind *kind = event->resource->kind;

    /* A part's own change has a line in the plan, so it has one here. */
    return report->context->globals.verbose || !kind->internal ||
           (kind->waits && event->verb == STEP_CREATE) ||
           (event->verb == STEP_UPDATE && event->resource->changes.count > 0);
}

void report_line(struct report *report, const char *fmt, ...)
{
    va_list ap;

    if (report->style->clear)
        report->style->clear(report);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
}

static void print_failure(struct report *report, const struct event *event)
{
    auto_free char *subject = report_subject(event->resource);
    const struct resource *owner = owner_of(event->resource);
    auto_free char *part = NULL, *full = NULL;

    if (report->style->clear)
        report->style->clear(report);
    if (owner != event->resource && !event->resource->kind->waits) {
        part = plan_part_label(event->resource, owner);
        full = xasprintf("%s: %s", subject, part);
    }
    context_print_error(report->context, full ? full : subject, event->error);
}

void report_end(struct report *report, const struct event *event)
{
    auto_free char *subject = report_subject(event->resource);
    auto_free char *outcome = report_outcome(event->resource, event->verb);
    char duration[SIZE_TEXT];

    if (event->type == EVENT_FAILED)
        print_failure(report, event);
    if (report->style == &report_quiet || report->style == &report_json ||
        !report_is_notable(report, event))
        return;
    if (event->type == EVENT_DONE)
        report_line(report, "%s: %s (%s)", subject, outcome,
                    duration_format(event->step_ms, duration));
    else if (event->type == EVENT_CANCELLED && event->error)
        report_line(report, "%s: interrupted", subject);
    else if (event->type == EVENT_BLOCKED && strcmp(subject, event->text) != 0 &&
             !event->resource->kind->internal)
        report_line(report, "%s: not %s, as %s failed", subject, outcome, event->text);
}

void report_note(struct report *report, const struct event *event)
{
    auto_free char *subject = report_subject(event->resource);
    auto_free char *safe = terminal_safe_line(event->text);

    report_line(report, "%s: %s", subject, safe);
}

static json_t *notes_json(const struct apply_result *result)
{
    json_t *notes = json_array();

    for (size_t i = 0; i < result->note_count; i++) {
        const struct resource *r = result->notes[i].resource;
        auto_free char *safe = terminal_safe_line(result->notes[i].text);

        json_array_append_new(notes, json_pack("{s:s, s:s, s:s, s:s}", "kind", r->kind->name,
                                               "name", r->name, "host", r->host, "text", safe));
    }
    return notes;
}

json_t *report_result_json(const struct plan *plan, const struct apply_result *result)
{
    json_t *failures = json_array();

    for (size_t i = 0; i < result->count; i++) {
        const struct step *step = &plan->steps[i];

        if (!result->errors[i])
            continue;
        json_array_append_new(
            failures,
            json_pack("{s:s, s:s, s:s, s:s, s:o}", "verb", plan_verb_name(step->verb), "kind",
                      step->resource->kind->name, "name", step->resource->name, "host",
                      step->resource->host, "error", context_error_json(result->errors[i])));
    }
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "steps", (json_int_t)result->count,
                     "done", (json_int_t)result->done, "failed", (json_int_t)result->failed,
                     "blocked", (json_int_t)result->blocked, "cancelled",
                     (json_int_t)result->cancelled, "failures", failures, "notes",
                     notes_json(result));
}

static void append_part(struct buffer *out, size_t count, const char *what)
{
    if (count > 0)
        buffer_printf(out, "%s%zu step%s %s", out->length ? ", " : "", count,
                      count == 1 ? "" : "s", what);
}

char *report_result_text(const struct apply_result *result)
{
    auto_buffer struct buffer text = {0};

    append_part(&text, result->failed, "failed");
    append_part(&text, result->blocked, "left out because of that");
    append_part(&text, result->cancelled, "not done");
    return text.length ? buffer_take(&text) : NULL;
}
