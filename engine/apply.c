/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads are started as steps become ready, up to the limits, and take the ready step that
 * comes first in the plan. Whoever takes one wakes the next thread if more is ready. The
 * calling thread runs nothing: it notices the cancel flag, which a signal handler sets and no
 * condition can tell, and keeps the sink's clock.
 */
#include "engine/apply.h"

#include <stdlib.h>

#include "engine/run.h"

#define TICK_MS 100
/* Waiting costs next to nothing, but each has a thread and mostly a connection. */
#define WAIT_LIMIT 128

static enum lane lane_of(const struct run *run, size_t step)
{
    return run->plan->steps[step].resource->kind->waits ? LANE_WAIT : LANE_WORK;
}

static void resolve(struct run *run, size_t step, enum step_outcome outcome)
{
    run->states[step] = STATE_RESOLVED;
    run->result->outcomes[step] = outcome;
    run->result->done += outcome == OUTCOME_DONE;
    run->result->failed += outcome == OUTCOME_FAILED;
    run->result->blocked += outcome == OUTCOME_BLOCKED;
    run->result->cancelled += outcome == OUTCOME_CANCELLED;
    if (--run->left == 0) {
        pthread_cond_broadcast(&run->work);
        pthread_cond_broadcast(&run->finished);
    }
}

static void notice_cancel(struct run *run)
{
    if (run->cancel_noticed)
        return;
    run->cancel_noticed = true;
    pthread_cond_broadcast(&run->cancelled);
    for (size_t i = 0; i < run->plan->step_count; i++) {
        if (run->states[i] != STATE_PENDING)
            continue;
        run_emit(run, i, NULL, (struct event){.type = EVENT_CANCELLED});
        resolve(run, i, OUTCOME_CANCELLED);
    }
    run->ready[LANE_WORK].count = run->ready[LANE_WAIT].count = 0;
}

static bool is_runnable(const struct run *run, enum lane lane)
{
    return run->ready[lane].count > 0 && run->running[lane] < run->limits[lane];
}

static void *worker(void *argument);

/* Sees to it that a thread looks for work, if there is any that another may take. */
static void wake(struct run *run)
{
    pthread_t thread;

    if (!is_runnable(run, LANE_WORK) && !is_runnable(run, LANE_WAIT))
        return;
    if (run->idle > 0) {
        pthread_cond_signal(&run->work);
        return;
    }
    /* Without another thread, those that there are do it all. */
    if (pthread_create(&thread, NULL, worker, run) == 0)
        vector_push(run->threads, run->thread_count, thread);
}

static bool take(struct run *run, size_t *ret)
{
    if (run_flagged(run))
        notice_cancel(run);
    for (int lane = 0; lane < LANE_COUNT; lane++) {
        if (!is_runnable(run, lane))
            continue;
        *ret = queue_pop(&run->ready[lane]);
        run->states[*ret] = STATE_RUNNING;
        run->running[lane]++;
        wake(run);
        return true;
    }
    return false;
}

static int call_verb(const struct step *step, void *context, struct task *task,
                     struct error **err)
{
    struct resource *r = step->resource;
    int (*verbs[])(void *, struct resource *, struct task *, struct error **) = {
        [STEP_DESTROY] = r->kind->destroy,
        [STEP_CREATE] = r->kind->create,
        [STEP_UPDATE] = r->kind->update,
    };

    return verbs[step->verb] ? verbs[step->verb](context, r, task, err) : 0;
}

static enum step_outcome execute(struct run *run, size_t step)
{
    struct task task = {.run = run, .step = step, .start_ms = run_now()};
    struct error *error = NULL;
    enum step_outcome outcome = OUTCOME_DONE;
    struct event event = {.type = EVENT_DONE};

    run_emit(run, step, &task, (struct event){.type = EVENT_STARTED});
    if (call_verb(&run->plan->steps[step], run->options->context, &task, &error) < 0) {
        if (!error)
            error_set(&error, ERROR_FAILED, "failed without saying why");
        outcome = error->kind == ERROR_CANCELLED && run_flagged(run) ? OUTCOME_CANCELLED
                                                                     : OUTCOME_FAILED;
        event.type = outcome == OUTCOME_FAILED ? EVENT_FAILED : EVENT_CANCELLED;
        event.error = error;
    }
    run_emit(run, step, &task, event);
    if (outcome == OUTCOME_FAILED)
        run->result->errors[step] = TAKE(error);
    error_free(error);
    free(task.said);
    return outcome;
}

/* Everything behind a failed step, however far. */
static void block(struct run *run, size_t failed)
{
    struct resource *r = run->plan->steps[failed].resource, *owner = resource_owner(r);
    const struct resource *shown = owner ? owner : r;
    auto_free char *what = xasprintf("%s %s", shown->kind->name, shown->name);
    struct queue reached = {0};

    queue_push(&reached, failed);
    while (reached.count > 0) {
        size_t step = queue_pop(&reached);

        for (size_t i = run->successors.starts[step]; i < run->successors.starts[step + 1];
             i++) {
            size_t next = run->successors.sources[i];

            if (run->states[next] != STATE_PENDING)
                continue;
            run_emit(run, next, NULL, (struct event){.type = EVENT_BLOCKED, .text = what});
            resolve(run, next, OUTCOME_BLOCKED);
            queue_push(&reached, next);
        }
    }
    queue_done(&reached);
}

static void finish(struct run *run, size_t step, enum step_outcome outcome)
{
    run->running[lane_of(run, step)]--;
    if (outcome == OUTCOME_CANCELLED)
        notice_cancel(run);
    else if (outcome == OUTCOME_FAILED)
        block(run, step);
    for (size_t i = run->successors.starts[step];
         outcome == OUTCOME_DONE && i < run->successors.starts[step + 1]; i++) {
        size_t next = run->successors.sources[i];

        if (--run->waiting[next] == 0 && run->states[next] == STATE_PENDING)
            queue_push(&run->ready[lane_of(run, next)], next);
    }
    resolve(run, step, outcome);
}

static void *worker(void *argument)
{
    struct run *run = argument;
    size_t step;

    pthread_mutex_lock(&run->lock);
    while (run->left > 0) {
        if (take(run, &step)) {
            enum step_outcome outcome;

            pthread_mutex_unlock(&run->lock);
            outcome = execute(run, step);
            pthread_mutex_lock(&run->lock);
            finish(run, step, outcome);
        } else if (run->left > 0) {
            run->idle++;
            pthread_cond_wait(&run->work, &run->lock);
            run->idle--;
        }
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static void run_init(struct run *run)
{
    const struct plan *plan = run->plan;
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&run->lock, NULL);
    pthread_mutex_init(&run->emit_lock, NULL);
    pthread_cond_init(&run->work, &monotonic);
    pthread_cond_init(&run->finished, &monotonic);
    pthread_cond_init(&run->cancelled, &monotonic);
    pthread_condattr_destroy(&monotonic);
    run->start_ms = run_now();
    run->left = plan->step_count;
    run->states = xcalloc(plan->step_count, sizeof *run->states);
    run->waiting = xcalloc(plan->step_count, sizeof *run->waiting);
    run->successors.count = plan->step_count;
    for (size_t i = 0; i < plan->step_count; i++) {
        run->waiting[i] = plan->steps[i].after_count;
        for (size_t k = 0; k < plan->steps[i].after_count; k++)
            graph_edge(&run->successors, i, plan->steps[i].after[k]);
        if (run->waiting[i] == 0)
            queue_push(&run->ready[lane_of(run, i)], i);
    }
    graph_sort(&run->successors);
}

static void run_done(struct run *run)
{
    pthread_cond_destroy(&run->cancelled);
    pthread_cond_destroy(&run->finished);
    pthread_cond_destroy(&run->work);
    pthread_mutex_destroy(&run->emit_lock);
    pthread_mutex_destroy(&run->lock);
    for (int lane = 0; lane < LANE_COUNT; lane++)
        queue_done(&run->ready[lane]);
    graph_done(&run->successors);
    free(run->threads);
    free(run->waiting);
    free(run->states);
}

/* Until every step is resolved. */
static void supervise(struct run *run)
{
    const struct event_sink *sink = run->options->sink;

    pthread_mutex_lock(&run->lock);
    while (run->left > 0) {
        struct timespec until = run_deadline(TICK_MS);

        if (run_flagged(run))
            notice_cancel(run);
        if (run->left > 0)
            pthread_cond_timedwait(&run->finished, &run->lock, &until);
        if (!sink || !sink->tick || run->left == 0)
            continue;
        pthread_mutex_unlock(&run->lock);
        pthread_mutex_lock(&run->emit_lock);
        sink->tick(sink->user);
        pthread_mutex_unlock(&run->emit_lock);
        pthread_mutex_lock(&run->lock);
    }
    pthread_mutex_unlock(&run->lock);
    for (size_t i = 0; i < run->thread_count; i++)
        pthread_join(run->threads[i], NULL);
}

int apply_run(const struct plan *plan, const struct apply_options *options,
              struct apply_result *ret)
{
    struct run run = {.plan = plan, .options = options, .result = ret};
    bool alone;

    *ret = (struct apply_result){
        .outcomes = xcalloc(plan->step_count, sizeof *ret->outcomes),
        .errors = xcalloc(plan->step_count, sizeof *ret->errors),
        .count = plan->step_count,
    };
    run.limits[LANE_WORK] = options->workers > 0 ? options->workers : 1;
    run.limits[LANE_WAIT] = WAIT_LIMIT;
    run_init(&run);
    pthread_mutex_lock(&run.lock);
    wake(&run);
    alone = run.thread_count == 0;
    pthread_mutex_unlock(&run.lock);
    if (alone)
        worker(&run);
    supervise(&run);
    run_done(&run);
    return ret->done == ret->count ? 0 : -1;
}

void apply_result_done(struct apply_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        error_free(result->errors[i]);
    free(result->errors);
    for (size_t i = 0; i < result->note_count; i++)
        free(result->notes[i].text);
    free(result->notes);
    free(result->outcomes);
    *result = (struct apply_result){0};
}
