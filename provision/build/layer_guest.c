/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/layer_guest.h"

#include <string.h>

#include "host/console.h"
#include "provision/build/layer_report.h"
#include "util/size.h"

/* Of output and console, for messages. */
#define TAIL_BYTES (64u << 10)
#define TAIL_LINES 30

struct work {
    const struct build_guest *guest;
    const struct layer_steps *steps;
    struct task *task;
    uint64_t hello_ms; /* until the first word */
    struct report_reader channel, console;
    struct buffer output;   /* the end of that of the step */
    struct buffer terminal; /* the end of what the console said */
    unsigned step;          /* at work, or last; from 1; 0: none yet */
    unsigned code;
    bool hello, failed, sealed, silent, rebooted;
};

static void append_tail(struct buffer *tail, const char *data, size_t length)
{
    buffer_append(tail, data, length);
    if (tail->length > 2 * TAIL_BYTES) {
        memmove(tail->data, tail->data + tail->length - TAIL_BYTES, TAIL_BYTES);
        tail->length = TAIL_BYTES;
        tail->data[TAIL_BYTES] = '\0';
    }
}

/* "step 2 of 5 (run: apt-get update)"; the caller frees it. */
static char *step_name(const struct work *w)
{
    auto_free char *text = layer_step_text(&w->steps->items[w->step - 1]);

    return xasprintf("step %u of %zu (%s)", w->step, w->steps->count, text);
}

static void begin_step(struct work *w, unsigned number)
{
    auto_free char *name = NULL;

    if (number < 1 || number > w->steps->count)
        return;
    w->step = number;
    w->output.length = 0;
    name = layer_step_text(&w->steps->items[number - 1]);
    task_say(w->task, "step %u/%zu: %s", number, w->steps->count, name);
}

static void on_report(void *context, const struct report *report)
{
    struct work *w = context;

    switch (report->kind) {
    case REPORT_HELLO:
        w->hello = true;
        break;
    case REPORT_STEP:
        begin_step(w, report->number);
        break;
    case REPORT_OUTPUT:
        append_tail(&w->output, report->text, report->length);
        append_tail(&w->output, "\n", 1);
        break;
    case REPORT_EXIT:
        w->code = report->code;
        w->failed = w->failed || (report->code != 0 && report->number == w->step && w->step);
        break;
    case REPORT_SEAL:
        task_say(w->task, "sealing");
        break;
    case REPORT_SEALED:
        w->sealed = true;
        break;
    }
}

static int on_channel(void *context, const char *data, size_t length)
{
    struct work *w = context;

    report_feed(&w->channel, data, length);
    return w->failed;
}

/* Without the channel's driver, the reports come here. */
static int on_console(void *context, const char *data, size_t length)
{
    struct work *w = context;

    append_tail(&w->terminal, data, length);
    report_feed(&w->console, data, length);
    return w->failed;
}

static int on_pulse(void *context, virDomainPtr domain, uint64_t elapsed_ms)
{
    struct work *w = context;

    (void)domain;
    w->silent = !w->hello && elapsed_ms >= w->hello_ms;
    return w->silent;
}

/* Before the driver runs, a system may restart as often as it likes. */
static int on_reboot(void *context)
{
    struct work *w = context;

    w->rebooted = w->hello;
    return w->rebooted;
}

static int with_tail(const struct buffer *tail, struct error **err)
{
    auto_free char *lines =
        console_last_lines(tail->data ? tail->data : "", tail->length, TAIL_LINES);

    return *lines ? error_detail(err, lines) : -1;
}

static int say_silent(const struct work *w, uint64_t waited_ms, struct error **err)
{
    char time[SIZE_TEXT];

    error_set(err, ERROR_TIMEOUT, "image '%s': no sign of life from its guest within %s",
              w->guest->image, duration_format(waited_ms, time));
    error_hint(err, "the image that it is made from must boot with virtio disks and have "
                    "cloud-init with its NoCloud source; below is what its console said");
    return with_tail(&w->terminal, err);
}

static int say_ended(const struct work *w, enum build_end end, uint64_t timeout_ms,
                     struct error **err)
{
    auto_free char *where = w->step ? step_name(w) : xstrdup("its start");
    char time[SIZE_TEXT];
    const char *how = w->rebooted                ? "restarted"
                      : end == BUILD_PANICKED    ? "crashed (kernel panic)"
                      : end == BUILD_DESTROYED   ? "was destroyed by somebody"
                      : end == BUILD_CRASHED     ? "ended with its emulator's crash"
                      : end == BUILD_POWERED_OFF ? "powered off"
                                                 : "ended";

    if (end == BUILD_TIMED_OUT) {
        error_set(err, ERROR_TIMEOUT, "image '%s': not made within %s: its guest was at %s",
                  w->guest->image, duration_format(timeout_ms, time),
                  w->sealed ? "its end" : where);
        error_hint(err, "give it longer: images.%.*s.timeout",
                   (int)strcspn(w->guest->image, "@"), w->guest->image);
    } else {
        error_set(err, ERROR_FAILED, "image '%s': its guest %s during %s", w->guest->image, how,
                  where);
    }
    return with_tail(w->output.length ? &w->output : &w->terminal, err);
}

static int judge(const struct work *w, enum build_end end, uint64_t timeout_ms,
                 struct error **err)
{
    if (w->failed) {
        auto_free char *name = step_name(w);

        error_set(err, ERROR_FAILED, "image '%s': %s failed with exit code %u", w->guest->image,
                  name, w->code);
        return with_tail(&w->output, err);
    }
    if (w->sealed && end == BUILD_POWERED_OFF)
        return 0;
    if (!w->hello && (w->silent || end == BUILD_TIMED_OUT))
        return say_silent(w, w->hello_ms, err);
    return say_ended(w, end, timeout_ms, err);
}

/* A step's own layer has a name that is not in the file: "k8s@2". */
static int hint_look(const struct work *w, const struct site_host *host, bool kept,
                     struct error **err)
{
    auto_free char *name = build_guest_name(w->guest->recipe);
    int length = (int)strcspn(w->guest->image, "@");

    if (kept)
        return error_hint(err,
                          "its guest is left to look at: virsh -c %s console %s; the next "
                          "build of it removes it, so does `virtopo image prune`",
                          host_uri(host->host), name);
    return error_hint(err, "`virtopo image build %.*s --keep` leaves its guest up to look at",
                      length, w->guest->image);
}

int layer_guest_run(struct site_host *host, const struct build_guest *guest,
                    const struct layer_steps *steps, const char *nonce, uint64_t timeout_ms,
                    struct task *task, bool *ret_kept, struct error **err)
{
    struct work w = {.guest = guest,
                     .steps = steps,
                     .task = task,
                     .hello_ms = timeout_ms < LAYER_HELLO_MS ? timeout_ms : LAYER_HELLO_MS};
    const struct build_watch watch = {.console = on_console,
                                      .channel = on_channel,
                                      .pulse = on_pulse,
                                      .rebooted = on_reboot,
                                      .context = &w};
    enum build_end end;
    int outcome;

    w.channel = w.console =
        (struct report_reader){.nonce = nonce, .got = on_report, .context = &w};
    task_say(task, "booting");
    outcome = build_guest_run(host, guest, &watch, timeout_ms, task, &end, err);
    if (outcome == 0 && judge(&w, end, timeout_ms, err) < 0) {
        *ret_kept = guest->keep && (end == BUILD_STOPPED || end == BUILD_TIMED_OUT);
        outcome = hint_look(&w, host, *ret_kept, err);
    }
    report_reader_done(&w.channel);
    report_reader_done(&w.console);
    buffer_done(&w.output);
    buffer_done(&w.terminal);
    return outcome;
}
