/* SPDX-License-Identifier: Apache-2.0 */
/* A run as a stream of JSON objects, one a line:
 * {"version": 1, "type": "done", "ms", "step", "steps", "verb", "kind", "name", "host",
 * "part_of", "step_ms", …} */
#include "cmd/report/report_style.h"
#include "engine/plan_view.h"
#include "util/terminal.h"

#define PROGRESS_MS 1000

static const char *type_name(enum event_type type)
{
    static const char *const names[] = {
        [EVENT_STARTED] = "started", [EVENT_PROGRESS] = "progress",   [EVENT_SAY] = "say",
        [EVENT_NOTE] = "note",       [EVENT_DONE] = "done",           [EVENT_FAILED] = "failed",
        [EVENT_BLOCKED] = "blocked", [EVENT_CANCELLED] = "cancelled",
    };

    return names[type];
}

static void set_text(json_t *object, const char *key, const char *text)
{
    auto_free char *safe = terminal_safe_line(text);

    json_object_set_new(object, key, json_string(safe));
}

static void set_details(json_t *object, const struct event *event,
                        const struct running *running)
{
    if (event->type == EVENT_PROGRESS) {
        json_object_set_new(object, "done", json_integer((json_int_t)event->done));
        json_object_set_new(object, "total", json_integer((json_int_t)event->total));
        json_object_set_new(object, "rate", json_integer((json_int_t)report_rate(running)));
        json_object_set_new(object, "left_ms", json_integer((json_int_t)report_left(running)));
    }
    if (event->text)
        set_text(object, event->type == EVENT_BLOCKED ? "because" : "text", event->text);
    if (event->error)
        json_object_set_new(object, "error", context_error_json(event->error));
}

static void json_emit(struct report *report, const struct event *event, struct running *running)
{
    const struct resource *r = event->resource;
    json_t *object;

    if (event->type == EVENT_PROGRESS) {
        if (event->done < event->total && report_now() - running->shown_ms < PROGRESS_MS)
            return;
        running->shown_ms = report_now();
    }
    object = json_pack("{s:I, s:I, s:I, s:s}", "ms", (json_int_t)event->ms, "step",
                       (json_int_t)event->step + 1, "steps", (json_int_t)event->step_count,
                       "verb", plan_verb_name((enum step_verb)event->verb));
    set_text(object, "kind", r->kind->name);
    set_text(object, "name", r->name);
    set_text(object, "host", r->host);
    if (r->part_of) {
        auto_free char *owner = report_subject(r);

        json_object_set_new(object, "part_of", json_string(owner));
    }
    if (event->type != EVENT_STARTED && running)
        json_object_set_new(object, "step_ms", json_integer((json_int_t)event->step_ms));
    set_details(object, event, running);
    context_print_json(type_name(event->type), object);
    if (event->type == EVENT_FAILED)
        report_end(report, event);
}

const struct report_style report_json = {.emit = json_emit};
