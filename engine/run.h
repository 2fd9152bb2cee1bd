/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a running apply, shared by apply.c and task.c. */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include <pthread.h>

#include "engine/apply.h"
#include "engine/graph.h"
#include "engine/queue.h"

/* Steps of kinds that wait have a limit of their own. */
enum lane { LANE_WORK, LANE_WAIT, LANE_COUNT };

enum step_state { STATE_PENDING, STATE_RUNNING, STATE_RESOLVED };

struct run {
    const struct plan *plan;
    const struct apply_options *options;
    struct apply_result *result;
    uint64_t start_ms;

    /* Everything below, but for the last two, is guarded by `lock`. */
    pthread_mutex_t lock;
    pthread_cond_t work;      /* a step may have become ready, or none is left */
    pthread_cond_t finished;  /* none is left */
    pthread_cond_t cancelled; /* cancel was noticed */
    bool cancel_noticed;
    struct graph successors; /* "predecessors" of a step in it are its successors */
    enum step_state *states;
    size_t *waiting; /* how many steps each one still waits for */
    size_t left;     /* not resolved yet */
    struct queue ready[LANE_COUNT];
    size_t running[LANE_COUNT], limits[LANE_COUNT];
    pthread_t *threads;
    size_t thread_count, idle;

    pthread_mutex_t emit_lock; /* one event at a time; taken after `lock`, never before it */
};

struct task {
    struct run *run;
    size_t step;
    uint64_t start_ms;
    uint64_t progress_ms; /* when progress was last emitted; guarded by emit_lock */
    char *said;           /* the same */
};

uint64_t run_now(void);
/* `ms` from now, for pthread_cond_timedwait on the run's conditions. */
struct timespec run_deadline(unsigned ms);
bool run_flagged(const struct run *run);
/* Completes the event and hands it to the sink. Takes emit_lock. */
void run_emit(struct run *run, size_t step, const struct task *task, struct event event);

#endif
