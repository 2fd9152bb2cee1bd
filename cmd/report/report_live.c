/* SPDX-License-Identifier: Apache-2.0 */
/* A run on a terminal: below the finished lines, one for each step under way, redrawn in
 * place. The cursor always rests at the start of the line below the last one drawn. */
#include <string.h>
#include <sys/ioctl.h>

#include "cmd/interrupt.h"
#include "cmd/report/report_style.h"
#include "util/size.h"
#include "util/terminal.h"

#define DRAW_MS 100
#define BAR_WIDTH 10

static void clear(struct report *report)
{
    if (report->drawn > 0)
        printf("\033[%zuA\r\033[J", report->drawn);
    report->drawn = 0;
}

static int screen_height(void)
{
    struct winsize size;

    if (ioctl(fileno(stdout), TIOCGWINSZ, &size) == 0 && size.ws_row > 4)
        return size.ws_row;
    return 24;
}

static void append_bar(struct buffer *out, const struct running *running)
{
    auto_free char *text = report_progress(running);
    double part = (double)running->done / (double)running->total;
    int filled = (int)((part > 1 ? 1 : part) * BAR_WIDTH);

    if (running->total > 0) {
        buffer_puts(out, " [");
        for (int i = 0; i < BAR_WIDTH; i++)
            buffer_puts(out, i < filled ? "=" : i == filled ? ">" : " ");
        buffer_puts(out, "]");
    }
    buffer_printf(out, " %s", text);
}

/* Cut off where the terminal would wrap: a wrapped line could not be taken back. */
static void append_cut(struct buffer *out, const char *line, int columns)
{
    const char *end = line;

    for (int column = 0; *end && column < columns - 1; column++) {
        end++;
        while ((*end & 0xc0) == 0x80)
            end++;
    }
    buffer_append(out, line, (size_t)(end - line));
    buffer_puts(out, "\n");
}

static void append_step(struct buffer *out, const struct running *running, int columns)
{
    auto_buffer struct buffer line = {0};
    auto_free char *subject = report_subject(running->resource);
    auto_free char *doing = report_doing(running);
    uint64_t seconds = (report_now() - running->start_ms) / 1000;
    char elapsed[SIZE_TEXT];

    buffer_printf(&line, "  %-16s %s", subject, doing);
    if (running->total > 0 || running->done > 0)
        append_bar(&line, running);
    /* Whole seconds: tenths would only flicker. */
    if (seconds > 0 && running->total == 0 && running->done == 0)
        buffer_printf(&line, "  %s", duration_format(seconds * 1000, elapsed));
    append_cut(out, line.data, columns);
}

static void draw(struct report *report)
{
    auto_buffer struct buffer frame = {0};
    int columns = terminal_width(stdout);
    size_t room = (size_t)screen_height() - 3;
    size_t shown = report->running_count;

    if (shown > room)
        shown = room;
    if (report->drawn > 0)
        buffer_printf(&frame, "\033[%zuA\r\033[J", report->drawn);
    for (size_t i = 0; i < shown; i++)
        append_step(&frame, &report->running[i], columns);
    report->drawn = shown;
    if (shown < report->running_count) {
        buffer_printf(&frame, "  and %zu more\n", report->running_count - shown);
        report->drawn++;
    }
    report->drawn_ms = report_now();
    if (frame.length > 0)
        fwrite(frame.data, 1, frame.length, stdout);
    fflush(stdout);
}

static void live_emit(struct report *report, const struct event *event, struct running *running)
{
    (void)running;
    if (event->type == EVENT_NOTE)
        report_note(report, event);
    if (event->type == EVENT_DONE || event->type == EVENT_FAILED ||
        event->type == EVENT_BLOCKED || event->type == EVENT_CANCELLED)
        report_end(report, event);
}

static void live_tick(struct report *report)
{
    if (*interrupt_flag() && !report->announced) {
        report->announced = true;
        report_line(report, "%s", INTERRUPT_NOTICE);
    }
    if (report_now() - report->drawn_ms >= DRAW_MS / 2)
        draw(report);
}

const struct report_style report_live = {.emit = live_emit, .tick = live_tick, .clear = clear};
