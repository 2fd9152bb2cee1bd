/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/report/report.h"
#include "config/schema/schema_types.h"
#include "provision/fault/fault_field.h"
#include "util/size.h"

/* Enough to keep every call slot of a host busy. */
#define WORKERS HOST_CALLS

struct provision_options run_options(const struct context *context)
{
    struct provision_options options = {.cluster = context->cluster,
                                        .uri = context_uri(context),
                                        .parallel = (unsigned)context->globals.parallel};

    if (context->cluster)
        options.cluster_name = context->cluster->name;
    return options;
}

int run_check_name(const struct context *context, const char *name, struct error **err)
{
    if (context->globals.set.count > 0) {
        error_set(err, ERROR_USAGE, "--set changes the file, and --cluster goes without it");
        return error_hint(err, "leave one of them out");
    }
    if (schema_is_name(name, CLUSTER_NAME_LONGEST))
        return 0;
    error_set(err, ERROR_USAGE, "'%s' cannot be the name of a cluster", name);
    return error_hint(err, "`virtopo list` shows the clusters that are there");
}

int run_findings(struct context *context, struct error **err)
{
    auto_buffer struct buffer text = {0};
    size_t errors = context->diagnostics.errors;

    if (context->globals.json)
        context_print_json("findings", json_pack("{s:o}", "findings",
                                                 diagnostics_json(&context->diagnostics)));
    diagnostics_render(&context->diagnostics, context->color_err, &text);
    fwrite(text.data, 1, text.length, stderr);
    return error_set(err, ERROR_CONFLICT, "%zu thing%s in the way: nothing was changed", errors,
                     errors == 1 ? " is" : "s are");
}

/* Once a command, though it looks at the hosts again before it acts. */
static void show_warnings(struct context *context)
{
    auto_buffer struct buffer text = {0};

    if (context->diagnostics.count && !context->warned && !context->globals.quiet) {
        if (context->globals.json)
            context_print_json("findings", json_pack("{s:o}", "findings",
                                                     diagnostics_json(&context->diagnostics)));
        diagnostics_render(&context->diagnostics, context->color_err, &text);
        fwrite(text.data, 1, text.length, stderr);
    }
    context->warned = true;
}

int run_open(struct context *context, const struct provision_options *options,
             struct provision *ret, struct error **err)
{
    /* what the file gave to warn of has been shown */
    diagnostics_forget(&context->diagnostics, 0);
    if (provision_open(options, &context->diagnostics, ret, err) == 0)
        return 0;
    return context->diagnostics.errors ? run_findings(context, err) : -1;
}

int run_reopen(struct context *context, struct provision *p, struct error **err)
{
    diagnostics_forget(&context->diagnostics, 0);
    if (provision_reopen(p, &context->diagnostics, err) == 0)
        return 0;
    return context->diagnostics.errors ? run_findings(context, err) : -1;
}

int run_plan(struct context *context, struct provision *p, struct plan *ret, struct error **err)
{
    if (provision_want(p, context->args, context->arg_count, err) == 0 &&
        provision_plan(p, ret, err) == 0) {
        show_warnings(context);
        return 0;
    }
    return context->diagnostics.errors ? run_findings(context, err) : -1;
}

int run_plan_images(struct context *context, struct provision *p,
                    bool (*select)(const struct image *image), struct plan *ret,
                    struct error **err)
{
    if (provision_want_images(p, context->args, context->arg_count, select, err) == 0 &&
        provision_plan(p, ret, err) == 0) {
        show_warnings(context);
        return 0;
    }
    return context->diagnostics.errors ? run_findings(context, err) : -1;
}

void run_show_plan(const struct context *context, struct provision *p, const struct plan *plan)
{
    auto_buffer struct buffer text = {0};

    if (context->globals.json) {
        context_print_json("plan", plan_json(plan, p));
        return;
    }
    if (context->globals.quiet)
        return;
    plan_render(plan, p, context->color_out, context->globals.verbose, &text);
    fwrite(text.data, 1, text.length, stdout);
    if (!p->options.clone_name && !p->options.images_only)
        run_show_clones(context);
    run_show_faults(context, p);
    fflush(stdout);
}

void run_show_clones(const struct context *context)
{
    for (size_t i = 0; context->cluster && i < context->cluster->node_count; i++) {
        const struct node *node = &context->cluster->nodes[i];

        if (node->clone_of)
            context_say(context,
                        "Node %s is a clone of %s and not in the file: it is kept. `virtopo "
                        "import %s_%s` says how to write it.",
                        node->name, node->clone_of, context->cluster->name, node->name);
    }
    for (size_t i = 0; context->cluster && i < context->cluster->orphan_count; i++) {
        const struct node *node = &context->cluster->orphans[i];

        context_say(
            context,
            "Node %s is a clone of %s and not in the file, and its original is gone: it "
            "is kept as it is. `virtopo import %s_%s` says how to write it.",
            node->name, node->clone_of, context->cluster->name, node->name);
    }
}

void run_show_faults(const struct context *context, const struct provision *p)
{
    auto_fault_field struct fault_field field = {0};

    fault_field_open(&p->site, &field);
    for (size_t i = 0; context->cluster && p->options.cluster && i < field.count; i++) {
        const struct fault_node *node = &field.nodes[i];

        for (size_t n = 0; n < node->now.count; n++) {
            auto_free char *line = fault_line(&node->now.items[n]);

            if (node->now.items[n].kind != FAULT_KILLED)
                context_say(context,
                            "Node %s is disturbed on purpose (%s) and stays so: `virtopo fault "
                            "heal` ends it.",
                            node->name, line);
        }
    }
}

/* How many of the wanted nodes are as wanted now: all their steps, and their parts', done. */
static void count_nodes(const struct plan *plan, const struct apply_result *result,
                        size_t *wanted, size_t *good)
{
    for (size_t i = 0; i < plan->set->count; i++) {
        const struct resource *r = plan->set->items[i];
        bool failed = false;

        if (strcmp(r->kind->name, "node") != 0 || !r->wanted)
            continue;
        for (size_t s = 0; s < plan->step_count; s++) {
            const struct resource *of = plan->steps[s].resource;

            if ((of == r || of->part_of == r) && result->outcomes[s] != OUTCOME_DONE)
                failed = true;
        }
        ++*wanted;
        *good += !failed;
    }
}

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void show_end(const struct context *context, const struct plan *plan,
                     const struct apply_result *result, const char *subject, int code,
                     long long ms)
{
    char elapsed[SIZE_TEXT];
    auto_free char *text = report_result_text(result);

    if (context->globals.json) {
        json_t *object = report_result_json(plan, result);

        json_object_set_new(object, "exit_code", json_integer(code));
        json_object_set_new(object, "ms", json_integer(ms));
        context_print_json("result", object);
        return;
    }
    if (!text)
        context_say(context, "%s (%s).", subject, duration_format((uint64_t)ms, elapsed));
    else
        fprintf(stderr, "%s. Run the same command again to go on.\n", text);
}

int run_apply(struct context *context, struct provision *p, const struct plan *plan,
              const char *subject)
{
    struct report *report = report_new(context);
    struct apply_options options = {.workers = WORKERS,
                                    .cancel = context->cancel,
                                    .sink = report_sink(report),
                                    .context = p};
    struct apply_result result = {0};
    long long start = now_ms();
    size_t wanted = 0, good = 0;
    int code = EXIT_DONE;

    if (context->globals.parallel)
        options.workers = (unsigned)context->globals.parallel;
    if (apply_run(plan, &options, &result) < 0) {
        count_nodes(plan, &result, &wanted, &good);
        code = result.failed && good && good < wanted && !result.cancelled ? EXIT_PARTLY
                                                                           : EXIT_FAILED;
    }
    report_free(report);
    show_end(context, plan, &result, subject, code, now_ms() - start);
    apply_result_done(&result);
    return code;
}

/* A file in this folder, or named with -f, says which hosts; without one it is the local one.
 */
static int choose_hosts(struct context *context, struct provision_options *how,
                        struct error **err)
{
    auto_error struct error *no_file = NULL;

    if (context_find_file(context, &no_file) == 0 || context->globals.file) {
        if (context_load(context, err) < 0)
            return -1;
    }
    *how = run_options(context);
    if (context->cluster) {
        const struct host_entry *host = context->cluster->hosts.items;

        how->uri = host->uri;
        how->dir = host->dir;
    }
    return 0;
}

int run_open_site(struct context *context, struct provision_options *ret_options,
                  struct site *ret, struct error **err)
{
    if (choose_hosts(context, ret_options, err) < 0)
        return -1;
    return site_open(NULL, NULL, ret_options->uri, ret_options->dir, ret_options->parallel, ret,
                     err);
}
