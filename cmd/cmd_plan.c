/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/commands.h"
#include "cmd/run.h"

int cmd_plan(struct context *context, struct error **err)
{
    const struct plan_options *options = context->options;
    struct provision_options how = run_options(context);
    auto_provision struct provision p = {0};
    auto_plan struct plan plan = {0};

    how.no_start = options->no_start;
    if (run_open(context, &how, &p, err) < 0 || run_plan(context, &p, &plan, err) < 0)
        return -1;
    run_show_plan(context, &p, &plan);
    return options->exit_code && !plan_is_empty(&plan) ? EXIT_PENDING : EXIT_DONE;
}
