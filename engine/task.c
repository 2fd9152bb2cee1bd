/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/run.h"

/* Progress is shown by eye: more often than this it only costs. */
#define PROGRESS_MS 50

static const volatile int never;

uint64_t run_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct timespec run_deadline(unsigned ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

bool run_flagged(const struct run *run)
{
    const volatile int *cancel = run->options->cancel;

    return cancel && __atomic_load_n(cancel, __ATOMIC_RELAXED) != 0;
}

static void emit_locked(struct run *run, size_t step, const struct task *task,
                        struct event event)
{
    const struct event_sink *sink = run->options->sink;
    uint64_t now = run_now();

    event.resource = run->plan->steps[step].resource;
    event.verb = (int)run->plan->steps[step].verb;
    event.step = step;
    event.step_count = run->plan->step_count;
    event.ms = now - run->start_ms;
    event.step_ms = task ? now - task->start_ms : 0;
    if (sink && sink->emit)
        sink->emit(sink->user, &event);
}

void run_emit(struct run *run, size_t step, const struct task *task, struct event event)
{
    pthread_mutex_lock(&run->emit_lock);
    emit_locked(run, step, task, event);
    pthread_mutex_unlock(&run->emit_lock);
}

void task_progress(struct task *task, uint64_t done, uint64_t total)
{
    uint64_t now = run_now();

    if (!task)
        return;
    pthread_mutex_lock(&task->run->emit_lock);
    if (now >= task->progress_ms + PROGRESS_MS || (total > 0 && done >= total)) {
        task->progress_ms = now;
        emit_locked(task->run, task->step, task,
                    (struct event){.type = EVENT_PROGRESS, .done = done, .total = total});
    }
    pthread_mutex_unlock(&task->run->emit_lock);
}

void task_say(struct task *task, const char *fmt, ...)
{
    char *text;
    va_list ap;

    if (!task)
        return;
    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    pthread_mutex_lock(&task->run->emit_lock);
    if (!task->said || strcmp(task->said, text) != 0)
        emit_locked(task->run, task->step, task,
                    (struct event){.type = EVENT_SAY, .text = text});
    free(task->said);
    task->said = text;
    pthread_mutex_unlock(&task->run->emit_lock);
}

void task_note(struct task *task, const char *fmt, ...)
{
    struct apply_note note = {0};
    va_list ap;

    if (!task)
        return;
    va_start(ap, fmt);
    note.text = xvasprintf(fmt, ap);
    va_end(ap);
    note.resource = task->run->plan->steps[task->step].resource;
    pthread_mutex_lock(&task->run->emit_lock);
    vector_push(task->run->result->notes, task->run->result->note_count, note);
    emit_locked(task->run, task->step, task,
                (struct event){.type = EVENT_NOTE, .text = note.text});
    pthread_mutex_unlock(&task->run->emit_lock);
}

bool task_cancelled(const struct task *task)
{
    return task && run_flagged(task->run);
}

const volatile int *task_cancel_flag(const struct task *task)
{
    return task && task->run->options->cancel ? task->run->options->cancel : &never;
}

bool task_wait(struct task *task, unsigned ms)
{
    struct timespec until = run_deadline(ms);
    bool cancelled;
    int late = 0;

    if (!task) {
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            ;
        return false;
    }
    pthread_mutex_lock(&task->run->lock);
    while (late == 0 && !task->run->cancel_noticed && !run_flagged(task->run))
        late = pthread_cond_timedwait(&task->run->cancelled, &task->run->lock, &until);
    cancelled = task->run->cancel_noticed || run_flagged(task->run);
    pthread_mutex_unlock(&task->run->lock);
    return cancelled;
}
