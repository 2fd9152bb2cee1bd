/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/consent.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"
#include "host/key.h"
#include "provision/fault/fault_field.h"
#include "util/file.h"

/* The hosts come from the file where there is one; its model is not wanted: a cluster goes also
 * when its images do not exist any more. */
static int choose(struct context *context, struct provision_options *how, struct error **err)
{
    const struct down_options *options = context->options;

    if (options->cluster) {
        if (run_check_name(context, options->cluster, err) < 0)
            return -1;
    } else if (context_load(context, err) < 0) {
        if (!*err)
            context_warn(context, "`virtopo down --cluster NAME` works without the file");
        return -1;
    }
    *how = run_options(context);
    how->keep_disks = options->keep_disks;
    how->prune = options->prune;
    how->cluster = NULL;
    if (options->cluster) {
        how->cluster_name = options->cluster;
    } else {
        const struct host_entry *host = context->cluster->hosts.items;

        how->uri = host->uri;
        how->dir = host->dir;
    }
    return 0;
}

static int ask(struct context *context, const struct provision *p, const struct plan *plan,
               struct error **err)
{
    auto_free char *what = xasprintf("removing cluster '%s'", p->site.cluster_name);
    auto_free char *question = xasprintf("Remove cluster '%s'%s?", p->site.cluster_name,
                                         plan->needs_data_loss ? " with all its disks" : "");
    struct consent consent = {.what = what, .question = question};

    return consent_ask(context, &consent, err);
}

/* What this machine keeps of a cluster: its key, and the host keys that ssh was told. */
static int forget(const char *cluster, struct error **err)
{
    auto_free char *cache = path_cache();
    auto_free char *known_hosts = xasprintf("%s/known_hosts/%s", cache, cluster);

    if (key_forget(cluster, err) < 0)
        return -1;
    return file_remove_tree(known_hosts, err);
}

static int nothing(struct context *context, struct provision *p, struct error **err)
{
    provision_sweep(p);
    if (fault_sweep(&p->site, err) < 0)
        return -1;
    if (!p->options.keep_disks && forget(p->site.cluster_name, err) < 0)
        return -1;
    if (context->globals.json)
        context_print_json("result",
                           json_pack("{s:i, s:i, s:i, s:i, s:i, s:[], s:[], s:i}", "steps", 0,
                                     "done", 0, "failed", 0, "blocked", 0, "cancelled", 0,
                                     "failures", "notes", "exit_code", 0));
    else
        context_say(context, "Nothing of cluster %s is there.", p->site.cluster_name);
    return EXIT_DONE;
}

static int remove_all(struct context *context, struct provision *p, struct error **err)
{
    auto_plan struct plan plan = {0};
    auto_free char *subject = xasprintf("Cluster %s is gone", p->site.cluster_name);
    int code;

    if (run_reopen(context, p, err) < 0 || provision_plan(p, &plan, err) < 0)
        return -1;
    if (plan_is_empty(&plan))
        return nothing(context, p, err);
    run_show_plan(context, p, &plan);
    if (ask(context, p, &plan, err) < 0)
        return -1;
    code = run_apply(context, p, &plan, subject);
    if (code == EXIT_DONE && fault_sweep(&p->site, err) < 0)
        return -1;
    if (code == EXIT_DONE && !p->options.keep_disks && forget(p->site.cluster_name, err) < 0)
        return -1;
    return code;
}

int cmd_down(struct context *context, struct error **err)
{
    const struct down_options *options = context->options;
    struct provision_options how;
    auto_provision struct provision p = {0};
    auto_plan struct plan first = {0};
    struct provision_locks locks;
    int code;

    if (choose(context, &how, err) < 0 || run_open(context, &how, &p, err) < 0 ||
        provision_plan(&p, &first, err) < 0)
        return -1;
    if (plan_is_empty(&first))
        return nothing(context, &p, err);
    interrupt_defer(true);
    if (provision_lock(&p, options->break_lock ? LOCK_BREAK : LOCK_TRY, &locks, err) < 0) {
        interrupt_defer(false);
        return -1;
    }
    code = remove_all(context, &p, err);
    provision_unlock(&locks);
    interrupt_defer(false);
    return code;
}
