/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/plan_view.h"
#include "util/terminal.h"

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* The widest columns that what stands behind them is still aligned to. */
#define NAME_WIDTH 40
#define CHANGE_WIDTH 44

struct columns {
    size_t kind, name, host, change;
    bool show_host;
    bool color;
};

static size_t text_width(const char *text)
{
    size_t width = 0;

    for (; *text; text++)
        width += (*text & 0xc0) != 0x80;
    return width;
}

static void append_padded(struct buffer *out, const char *text, size_t width)
{
    size_t has = text_width(text);

    buffer_puts(out, text);
    buffer_printf(out, "%*s", (int)(has < width ? width - has : 0), "");
}

static void append_colored(struct buffer *out, const struct columns *columns, const char *color,
                           const char *text)
{
    buffer_printf(out, "%s%s%s", columns->color ? color : "", text,
                  columns->color && *color ? PLAIN : "");
}

static char *change_text(const struct change *change)
{
    auto_free char *text = NULL;

    if (change->from && change->to)
        text = xasprintf("%s %s -> %s", change->what, change->from, change->to);
    else if (!change->from && !change->to)
        text = xstrdup(change->what);
    else {
        const char *value = change->from ? change->from : change->to;

        text = xasprintf("%s %s%s%s%s", change->what, change->to ? "added" : "removed",
                         *value ? " (" : "", value, *value ? ")" : "");
    }
    return terminal_safe_line(text);
}

static void append_symbol(struct buffer *out, const struct columns *columns,
                          enum resource_action action)
{
    static const struct {
        const char *symbol, *color;
    } looks[] = {
        [ACTION_NONE] = {" ", ""},       [ACTION_CREATE] = {"+", GREEN},
        [ACTION_UPDATE] = {"~", YELLOW}, [ACTION_REPLACE] = {"-/+", RED},
        [ACTION_DESTROY] = {"-", RED},
    };

    append_colored(out, columns, looks[action].color, looks[action].symbol);
    buffer_printf(out, "%*s", (int)(4 - strlen(looks[action].symbol)), "");
}

/* Columns are filled up with blanks before it is known whether anything follows. */
static void end_line(struct buffer *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    buffer_puts(out, "\n");
}

static void append_start(struct buffer *out, const struct columns *columns,
                         const struct plan_entry *entry)
{
    append_symbol(out, columns, entry->action);
    append_padded(out, entry->resource->kind->name, columns->kind + 1);
    append_padded(out, entry->resource->name, columns->name + 2);
    if (text_width(entry->resource->name) > columns->name)
        buffer_puts(out, "  ");
    if (columns->show_host)
        append_padded(out, entry->resource->host, columns->host + 2);
}

static void append_cost(struct buffer *out, const struct columns *columns,
                        const struct plan_entry *entry, size_t line)
{
    const struct change *change = &entry->changes.items[line];
    const char *note = line == 0 ? entry->resource->note : NULL;
    auto_free char *safe_note = note ? terminal_safe_line(note) : NULL;
    auto_free char *remark = change->note ? terminal_safe_line(change->note) : NULL;
    const char *separator = "";

    if (entry->action == ACTION_UPDATE) {
        append_colored(out, columns,
                       change->class == CHANGE_LIVE      ? ""
                       : change->class == CHANGE_RESTART ? YELLOW
                                                         : RED,
                       plan_class_name(change->class));
        separator = ", ";
    }
    if (safe_note) {
        buffer_puts(out, separator);
        append_colored(out, columns, entry->action == ACTION_REPLACE ? RED : "", safe_note);
        separator = ", ";
    }
    if (remark)
        buffer_printf(out, "%s%s", separator, remark);
}

static void append_changes(struct buffer *out, const struct columns *columns,
                           const struct plan_entry *entry)
{
    for (size_t i = 0; i < entry->changes.count; i++) {
        auto_free char *text = change_text(&entry->changes.items[i]);

        append_start(out, columns, entry);
        append_padded(out, text, columns->change + 1);
        buffer_puts(out, " ");
        append_cost(out, columns, entry, i);
        end_line(out);
    }
}

static void append_entry(struct buffer *out, const struct columns *columns,
                         const struct plan_entry *entry)
{
    bool made = entry->action == ACTION_CREATE;
    const char *text = made ? entry->summary : entry->resource->note;
    auto_free char *safe = text ? terminal_safe_line(text) : NULL;

    if (entry->changes.count > 0) {
        append_changes(out, columns, entry);
        return;
    }
    append_start(out, columns, entry);
    buffer_puts(out, safe ? safe : "");
    if (made && entry->resource->note) {
        auto_free char *note = terminal_safe_line(entry->resource->note);

        buffer_puts(out, ", ");
        append_colored(out, columns, RED, note);
    }
    end_line(out);
}

static void grow(size_t *width, const char *text, size_t limit)
{
    size_t has = text_width(text);

    if (has > *width && has <= limit)
        *width = has;
}

static struct columns measure(const struct plan_view *view, bool color)
{
    struct columns columns = {.color = color};

    for (size_t i = 0; i < view->count; i++) {
        const struct plan_entry *entry = &view->entries[i];

        grow(&columns.kind, entry->resource->kind->name, SIZE_MAX);
        grow(&columns.name, entry->resource->name, NAME_WIDTH);
        grow(&columns.host, entry->resource->host, SIZE_MAX);
        if (strcmp(entry->resource->host, view->entries[0].resource->host) != 0)
            columns.show_host = true;
        for (size_t c = 0; c < entry->changes.count; c++) {
            auto_free char *text = change_text(&entry->changes.items[c]);

            grow(&columns.change, text, CHANGE_WIDTH);
        }
    }
    return columns;
}

static void append_steps(struct buffer *out, const struct plan *plan)
{
    buffer_puts(out, "Steps:\n");
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        buffer_printf(out, "%4zu  %s %s %s", i + 1, plan_verb_name(step->verb),
                      step->resource->kind->name, step->resource->name);
        for (size_t k = 0; k < step->after_count; k++)
            buffer_printf(out, "%s%zu", k ? ", " : "  after ", step->after[k] + 1);
        buffer_puts(out, "\n");
    }
}

static void append_summary(struct buffer *out, const struct plan *plan, bool color)
{
    const struct {
        size_t count;
        const char *what;
    } parts[] = {
        {plan->add, "add"},
        {plan->change, "change"},
        {plan->replace, "replace"},
        {plan->remove, "remove"},
    };
    const char *separator = " ";

    buffer_puts(out, color ? BOLD "Plan:" PLAIN : "Plan:");
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        if (parts[i].count == 0)
            continue;
        buffer_printf(out, "%s%zu to %s", separator, parts[i].count, parts[i].what);
        separator = ", ";
    }
    /* Only internal steps are left, as after a run that was cut off. */
    if (*separator == ' ')
        buffer_printf(out, " %zu step%s", plan->step_count, plan->step_count == 1 ? "" : "s");
    buffer_puts(out, ".\n");
}

void plan_render(const struct plan *plan, void *context, bool color, bool details,
                 struct buffer *out)
{
    auto_plan_view struct plan_view view = {0};
    struct columns columns;

    if (plan_is_empty(plan)) {
        buffer_puts(out, "No changes.\n");
        return;
    }
    plan_view_build(plan, context, details, &view);
    columns = measure(&view, color);
    for (size_t i = 0; i < view.count; i++)
        append_entry(out, &columns, &view.entries[i]);
    if (details)
        append_steps(out, plan);
    append_summary(out, plan, color);
}
