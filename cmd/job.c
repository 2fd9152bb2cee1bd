/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/job.h"

#include "cmd/report/report.h"
#include "engine/apply.h"

#define WORKERS 4

static int job_create(void *context, struct resource *r, struct task *task, struct error **err)
{
    const struct job *job = r->data;

    (void)context;
    return job->run(job->context, task, err);
}

int jobs_do(struct context *context, const char *kind, const char *made, const struct job *jobs,
            size_t count, json_t *result)
{
    json_t *report_json;
    const struct resource_kind job_kind = {.name = kind, .made = made, .create = job_create};
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct apply_options options = {.workers = WORKERS, .cancel = context->cancel};
    struct apply_result outcome = {0};
    struct report *report;
    int code;

    for (size_t i = 0; i < count; i++) {
        struct resource *r = resource_set_add(&set, &job_kind, "local", jobs[i].name);

        r->data = (void *)&jobs[i];
        r->wanted = true;
    }
    /* Resources without needs have no cycles. */
    if (plan_compare(&set, NULL, &plan, NULL) < 0)
        return EXIT_FAILED;
    report = report_new(context);
    options.sink = report_sink(report);
    if (context->globals.parallel)
        options.workers = (unsigned)context->globals.parallel;
    code = apply_run(&plan, &options, &outcome) < 0 ? EXIT_FAILED : EXIT_DONE;
    report_free(report);
    if (result) {
        report_json = report_result_json(&plan, &outcome);
        json_object_set(result, "failures", json_object_get(report_json, "failures"));
        json_object_set(result, "notes", json_object_get(report_json, "notes"));
        json_decref(report_json);
    }
    apply_result_done(&outcome);
    return code;
}

int jobs_run(struct context *context, const char *kind, const char *made,
             const struct job *jobs, size_t count, json_t *result)
{
    int code;

    result = result ? result : json_object();
    code = jobs_do(context, kind, made, jobs, count, result);
    json_object_set_new(result, "exit_code", json_integer(code));
    if (context->globals.json)
        context_print_json("result", json_incref(result));
    json_decref(result);
    return code;
}
