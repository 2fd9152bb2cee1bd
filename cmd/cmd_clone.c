/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"
#include "provision/copy/clone.h"
#include "templates/yaml_writer.h"

/* The clone alone: what it depends on is as it is. */
static int look(struct context *context, struct provision *p, struct plan *ret,
                struct error **err)
{
    if (clone_check_names(p, err) < 0)
        return -1;
    if (provision_want(p, &p->options.clone_name, 1, err) < 0)
        return context->diagnostics.errors ? run_findings(context, err) : -1;
    if (clone_check(p, err) < 0)
        return -1;
    if (provision_plan(p, ret, err) == 0)
        return 0;
    return context->diagnostics.errors ? run_findings(context, err) : -1;
}

/* How the file would have it, for whoever wants it to stay. */
static void show_keys(const struct context *context, const struct node *node)
{
    json_t *keys = clone_keys(node);
    json_t *nodes = json_pack("{s:O}", "nodes", keys);
    auto_buffer struct buffer text = {0};

    if (context->globals.json) {
        context_print_json("clone", json_pack("{s:s, s:s, s:O}", "node", node->name, "of",
                                              node->clone_of, "nodes", keys));
    } else if (yaml_write(nodes, &text, NULL) == 0) {
        context_say(context,
                    "%s is not in the file: it has the keys of %s there, and stays until "
                    "`virtopo down`.\nIn the file it would be, with the files and secrets of "
                    "%s:\n%s",
                    node->name, node->clone_of, node->clone_of, text.data);
    }
    json_decref(nodes);
    json_decref(keys);
}

static int make(struct context *context, struct provision *p, struct error **err)
{
    auto_plan struct plan plan = {0};
    auto_free char *subject =
        xasprintf("Node %s is a clone of %s", p->options.clone_name, p->options.clone_of);
    const struct node *node;
    int code;

    if (run_reopen(context, p, err) < 0 || look(context, p, &plan, err) < 0)
        return -1;
    run_show_plan(context, p, &plan);
    if (provision_prepare(p, err) < 0)
        return -1;
    node = cluster_node(p->site.cluster, p->options.clone_name);
    if (node->clone_of && context->globals.json)
        show_keys(context, node);
    code = run_apply(context, p, &plan, subject);
    if (clone_finish(p, err) < 0)
        return -1;
    if (code == EXIT_DONE && node->clone_of && !context->globals.json)
        show_keys(context, node);
    return code;
}

int cmd_clone(struct context *context, struct error **err)
{
    const struct clone_options *options = context->options;
    struct provision_options how = run_options(context);
    auto_provision struct provision p = {0};
    auto_plan struct plan first = {0};
    struct provision_locks locks;
    int code;

    how.clone_of = context->args[0];
    how.clone_name = context->args[1];
    how.no_start = options->no_start;
    how.no_wait = options->no_wait;
    how.ready_timeout = options->timeout;
    if (run_open(context, &how, &p, err) < 0 || look(context, &p, &first, err) < 0)
        return -1;
    interrupt_defer(true);
    if (provision_lock(&p, LOCK_TRY, &locks, err) < 0) {
        interrupt_defer(false);
        return -1;
    }
    code = make(context, &p, err);
    provision_unlock(&locks);
    interrupt_defer(false);
    return code;
}
