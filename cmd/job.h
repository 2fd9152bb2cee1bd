/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long work that is no part of a cluster's plan (converting a file, checking images): shown as
 * `up` shows its steps, with progress, and stopped by Ctrl-C in the same way.
 */
#ifndef CMD_JOB_H
#define CMD_JOB_H

#include "cmd/context.h"
#include "engine/resource.h"

struct job {
    const char *name; /* what is worked on, unique among the jobs: "debian12", "a.vmdk" */
    /* Calls task_progress and task_say; gives up when task_cancelled. */
    int (*run)(void *context, struct task *task, struct error **err);
    void *context;
};

/* Runs all of them, several at once. `kind` and `made` are for the lines that are shown: "image
 * debian12: verified". Failures have been shown when it returns: EXIT_DONE or EXIT_FAILED. With
 * --json, `result` (taken; NULL: nothing besides) makes the final object, with "failures" and
 * "exit_code". */
int jobs_run(struct context *context, const char *kind, const char *made,
             const struct job *jobs, size_t count, json_t *result);
/* The same without the final object: more is to be said. `result` (borrowed, or NULL) gets the
 * "failures". */
int jobs_do(struct context *context, const char *kind, const char *made, const struct job *jobs,
            size_t count, json_t *result);

#endif
