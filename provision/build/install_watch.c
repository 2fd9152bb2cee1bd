/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_watch.h"

#include "util/size.h"

#define LOOK_MS 10000
/* Of one processor: a guest that waits has its clock to keep. */
#define IDLE_PERCENT 5
#define DISK "vda"

static void show(void *context, const char *line)
{
    struct install_watch *w = context;

    task_say(w->task, "%s", line);
}

static int hear(void *context, const char *data, size_t length)
{
    struct install_watch *w = context;

    install_console_feed(&w->console, data, length);
    w->active = w->elapsed;
    w->stalled = false;
    return w->console.panic || w->console.halted;
}

/* A look that fails (the guest ends at this moment) is as good as none. */
static bool has_worked(struct install_watch *w, virDomainPtr domain, uint64_t since_ms)
{
    virDomainBlockStatsStruct disk;
    virDomainInfo info;
    bool worked;

    if (virDomainGetInfo(domain, &info) < 0 ||
        virDomainBlockStats(domain, DISK, &disk, sizeof disk) < 0)
        return true;
    worked = disk.wr_bytes != w->written ||
             info.cpuTime - w->cpu_time > since_ms * 1000000 / 100 * IDLE_PERCENT;
    w->cpu_time = info.cpuTime;
    w->written = disk.wr_bytes;
    return worked;
}

/* A line that has been growing for a while: percentages, or a question. */
static void show_growing(struct install_watch *w)
{
    bool grows = install_console_grows(&w->console);

    if (grows && w->growing && w->lines == w->console.lines) {
        auto_free char *line = install_console_line(&w->console);

        if (line)
            show(w, line);
    }
    w->growing = grows;
    w->lines = w->console.lines;
}

static int look(void *context, virDomainPtr domain, uint64_t elapsed_ms)
{
    struct install_watch *w = context;
    uint64_t since = elapsed_ms - w->looked;

    w->elapsed = elapsed_ms;
    if (!w->stalled)
        show_growing(w);
    if (since < LOOK_MS)
        return 0;
    w->looked = elapsed_ms;
    if (has_worked(w, domain, since)) {
        w->active = elapsed_ms;
        w->stalled = false;
    } else if (install_watch_idle(w) >= INSTALL_STALL_MS && !w->stalled) {
        auto_free char *line = install_console_line(&w->console);
        char idle[SIZE_TEXT];

        w->stalled = true;
        task_say(w->task, "nothing has happened for %s; it said last: %s",
                 duration_format(install_watch_idle(w), idle), line ? line : "nothing");
    }
    return 0;
}

struct build_watch install_watch_start(struct install_watch *w)
{
    w->console.line = show;
    w->console.context = w;
    return (struct build_watch){.console = hear, .pulse = look, .context = w};
}

uint64_t install_watch_idle(const struct install_watch *w)
{
    return w->elapsed - w->active;
}

void install_watch_done(struct install_watch *w)
{
    install_console_done(&w->console);
}
