/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/consent.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"
#include "provision/copy/clone.h"

/* Data that goes for good: disks of nodes or disks that are not in the file any more. What a
 * recreation loses is --recreate's to allow. */
static bool destroys_data(const struct plan *plan)
{
    for (size_t i = 0; i < plan->set->count; i++) {
        struct resource *r = plan->set->items[i];

        if (r->kind->holds_data &&
            (r->action == ACTION_DESTROY ||
             (r->action == ACTION_REPLACE && resource_owner(r)->action != ACTION_REPLACE)))
            return true;
        for (size_t c = 0; c < r->changes.count; c++) {
            if (r->changes.items[c].class == CHANGE_DATA_LOSS)
                return true;
        }
    }
    return false;
}

static int ask(struct context *context, const struct plan *plan, struct error **err)
{
    const struct up_options *options = context->options;
    struct consent consent = {.what = "restarting nodes", .question = "Restart nodes?"};

    if (destroys_data(plan))
        consent = (struct consent){"losing the data named above",
                                   "Go on, and lose the data named above?", "--destroy-data",
                                   options->destroy_data};
    else if (plan->needs_recreate)
        consent = (struct consent){"making nodes or networks anew",
                                   "Make them anew, and lose what is on their root disks?",
                                   "--recreate", options->recreate || options->destroy_data};
    else if (plan->remove > 0)
        consent = (struct consent){.what = "removing what is not in the file any more",
                                   .question = "Remove what is not in the file any more?"};
    else if (!plan->needs_restart)
        return 0;
    return consent_ask(context, &consent, err);
}

static int no_changes(struct context *context, struct provision *p, const struct plan *plan)
{
    provision_sweep(p);
    if (context->globals.json) {
        run_show_plan(context, p, plan);
        context_print_json("result",
                           json_pack("{s:i, s:i, s:i, s:i, s:i, s:[], s:[], s:i}", "steps", 0,
                                     "done", 0, "failed", 0, "blocked", 0, "cancelled", 0,
                                     "failures", "notes", "exit_code", 0));
    } else {
        context_say(context, "No changes: cluster %s is as the file says.",
                    context->cluster->name);
        run_show_clones(context);
        run_show_faults(context, p);
    }
    return EXIT_DONE;
}

/* Under the lock, with a second look: what was seen before may be another run's half-way. */
static int change(struct context *context, struct provision *p, struct error **err)
{
    auto_plan struct plan plan = {0};
    auto_free char *subject =
        xasprintf(p->options.no_start ? "Cluster %s is made, what was stopped is not started"
                                      : "Cluster %s is up",
                  context->cluster->name);

    if (run_reopen(context, p, err) < 0 || run_plan(context, p, &plan, err) < 0)
        return -1;
    if (plan_is_empty(&plan))
        return no_changes(context, p, &plan);
    run_show_plan(context, p, &plan);
    if (ask(context, &plan, err) < 0 || provision_prepare(p, err) < 0)
        return -1;
    return run_apply(context, p, &plan, subject);
}

int cmd_up(struct context *context, struct error **err)
{
    const struct up_options *options = context->options;
    struct provision_options how = run_options(context);
    auto_provision struct provision p = {0};
    auto_plan struct plan first = {0};
    struct provision_locks locks;
    int code;

    how.no_start = options->no_start;
    how.no_wait = options->no_wait;
    how.ready_timeout = options->timeout;
    if (run_open(context, &how, &p, err) < 0 || run_plan(context, &p, &first, err) < 0)
        return -1;
    if (plan_is_empty(&first) && !clone_has_leftovers(&p))
        return no_changes(context, &p, &first);
    interrupt_defer(true);
    if (provision_lock(&p, options->break_lock ? LOCK_BREAK : LOCK_TRY, &locks, err) < 0) {
        interrupt_defer(false);
        return -1;
    }
    code = change(context, &p, err);
    provision_unlock(&locks);
    interrupt_defer(false);
    return code;
}
