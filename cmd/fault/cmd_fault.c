/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/fault/fault_commands.h"
#include "cmd/fault/fault_job.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"
#include "cmd/table.h"
#include "host/lock.h"
#include "provision/fault/fault_change.h"
#include "util/size.h"

static int open_site(struct context *context, const struct fault_cluster_options *which,
                     struct site *ret, struct error **err)
{
    struct provision_options how;

    if (which->cluster ? run_check_name(context, which->cluster, err) < 0
                       : context_load(context, err) < 0)
        return -1;
    how = run_options(context);
    if (which->cluster)
        how.cluster_name = which->cluster;
    return site_open(how.cluster, how.cluster_name, how.uri, how.dir, how.parallel, ret, err);
}

static void show_faults(const struct context *context, const struct fault_field *field)
{
    static const char *const headings[] = {"NODE", "FAULT", "SINCE"};
    auto_table struct table t = {.columns = ARRAY_SIZE(headings)};
    json_t *all = json_array();

    for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
        table_add(&t, headings[i]);
    for (size_t i = 0; i < field->count; i++) {
        const struct fault_node *node = &field->nodes[i];

        for (size_t n = 0; n < node->then.count; n++) {
            const struct fault *fault = &node->then.items[n];
            auto_free char *line = fault_line(fault);
            json_t *object = fault_json(fault);

            table_add(&t, node->name);
            table_add(&t, line);
            table_add(&t, fault->since);
            json_object_set_new(object, "node", json_string(node->name));
            json_array_append_new(all, object);
        }
    }
    if (context->globals.json)
        context_print_json("result", json_pack("{s:s, s:O}", "cluster",
                                               field->site->cluster_name, "faults", all));
    else if (json_array_size(all) == 0)
        context_say(context, "No faults in cluster %s.", field->site->cluster_name);
    else if (!context->globals.quiet)
        table_print(&t, stdout);
    json_decref(all);
}

struct locks {
    struct host_lock *items;
    size_t count;
};

static void unlock(struct locks *locks)
{
    for (size_t i = 0; i < locks->count; i++)
        host_lock_release(&locks->items[i]);
    free(locks->items);
}
#define auto_locks __attribute__((cleanup(unlock)))

static int lock(const struct site *site, bool break_lock, struct locks *ret, struct error **err)
{
    auto_free char *name = xasprintf("cluster/%s", site->cluster_name);

    for (size_t i = 0; i < site->host_count; i++) {
        struct host_lock item;

        if (host_lock_take(site->hosts[i].host, name, break_lock ? LOCK_BREAK : LOCK_TRY, &item,
                           err) < 0)
            return -1;
        vector_push(ret->items, ret->count, item);
    }
    return 0;
}

static int heal(struct context *context, struct fault_field *field, struct error **err)
{
    return fault_heal(field, context->args, context->arg_count, err);
}

/* Under the lock, with a second look. */
static int change_locked(struct context *context, struct site *site, bool break_lock,
                         fault_job_fn *change, struct error **err)
{
    auto_fault_field struct fault_field field = {0};
    auto_locks struct locks locks = {0};

    if (lock(site, break_lock, &locks, err) < 0 || site_survey(site, err) < 0)
        return -1;
    fault_field_open(site, &field);
    if (change(context, &field, err) < 0 || fault_field_commit(&field, err) < 0)
        return -1;
    if (change == heal && context->arg_count == 0 && fault_sweep(site, err) < 0)
        return -1;
    show_faults(context, &field);
    return EXIT_DONE;
}

int fault_job_run(struct context *context, fault_job_fn *change, struct error **err)
{
    const struct fault_cluster_options *which = context->options;
    auto_fault_field struct fault_field first = {0};
    struct site site;
    int code = -1;

    if (open_site(context, which, &site, err) < 0)
        return -1;
    fault_field_open(&site, &first);
    if (change(context, &first, err) == 0) {
        interrupt_defer(true);
        code = change_locked(context, &site, which->break_lock, change, err);
        interrupt_defer(false);
    }
    fault_field_close(&first);
    site_close(&site);
    return code;
}

static int link_down(struct context *context, struct fault_field *field, struct error **err)
{
    return fault_link_down(field, context->args[0], context->args[1], err);
}

int cmd_fault_link_down(struct context *context, struct error **err)
{
    return fault_job_run(context, link_down, err);
}

static int kill_node(struct context *context, struct fault_field *field, struct error **err)
{
    return fault_kill(field, context->args[0], err);
}

int cmd_fault_kill(struct context *context, struct error **err)
{
    return fault_job_run(context, kill_node, err);
}

static int partition(struct context *context, struct fault_field *field, struct error **err)
{
    return fault_partition(field, context->args, context->arg_count, err);
}

int cmd_fault_partition(struct context *context, struct error **err)
{
    return fault_job_run(context, partition, err);
}

int cmd_fault_heal(struct context *context, struct error **err)
{
    return fault_job_run(context, heal, err);
}

int cmd_fault_list(struct context *context, struct error **err)
{
    auto_fault_field struct fault_field field = {0};
    struct site site;

    if (open_site(context, context->options, &site, err) < 0)
        return -1;
    fault_field_open(&site, &field);
    show_faults(context, &field);
    fault_field_close(&field);
    site_close(&site);
    return EXIT_DONE;
}
