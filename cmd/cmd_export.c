/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/interrupt.h"
#include "cmd/job.h"
#include "cmd/run.h"
#include "provision/copy/export.h"
#include "util/size.h"

struct work {
    struct provision *p;
    struct export_options how;
    struct export_result result;
    json_t *json; /* the command's result, borrowed */
};

static int run(void *context, struct task *task, struct error **err)
{
    struct work *w = context;
    struct export_result *r = &w->result;

    if (export_disk(w->p, &w->how, task, r, err) < 0)
        return -1;
    json_object_set_new(w->json, "capacity", json_integer((json_int_t)r->capacity));
    json_object_set_new(w->json, "bytes", json_integer((json_int_t)r->bytes));
    if (r->was_running)
        task_note(
            task, "disk %s as it was at one moment, in which the node was held for %u ms, %s",
            w->how.disk, r->held_ms,
            r->frozen ? "with its file systems written out and frozen by its agent"
                      : "as after a power cut: it has no agent that freezes file systems");
    return 0;
}

/* What is in it is still that node. */
static void show(const struct context *context, const struct work *w)
{
    char bytes[SIZE_TEXT], capacity[SIZE_TEXT];

    context_say(context, "%s: %s, a disk of %s.", w->how.to,
                size_format(w->result.bytes, bytes), size_format(w->result.capacity, capacity));
    if (strcmp(w->how.disk, "root") == 0)
        context_say(
            context,
            "It is %s itself: host name, keys, logs and secrets are in it. Nodes of a "
            "cluster on it get names, keys and machine ids of their own where it has "
            "cloud-init; an image `from` it, even without steps, is cleaned of all of it.",
            w->how.node);
}

static int export_locked(struct context *context, struct work *w, struct error **err)
{
    const struct job job = {.name = w->how.node, .run = run, .context = w};
    json_t *result = json_pack("{s:s, s:s, s:s, s:s}", "node", w->how.node, "disk", w->how.disk,
                               "file", w->how.to, "format", w->how.format);
    int code;

    w->json = result;
    if (run_reopen(context, w->p, err) < 0 || export_check(w->p, &w->how, err) < 0) {
        json_decref(result);
        return -1;
    }
    code = jobs_run(context, "node", "exported", &job, 1, result);
    if (code == EXIT_DONE)
        show(context, w);
    return code;
}

static int check_output(const char *path, bool force, struct error **err)
{
    if (force || access(path, F_OK) != 0)
        return 0;
    error_set(err, ERROR_USAGE, "%s is there already", path);
    return error_hint(err, "name another file, or add --force");
}

int cmd_export(struct context *context, struct error **err)
{
    const struct export_cmd_options *options = context->options;
    struct provision_options how = run_options(context);
    auto_provision struct provision p = {0};
    auto_free char *file = NULL;
    struct work w = {.p = &p};
    struct provision_locks locks;
    int code;

    w.how = (struct export_options){.node = context->args[0],
                                    .disk = options->disk ? options->disk : "root",
                                    .format = export_formats[options->format],
                                    .compress = options->compress};
    file = xasprintf("%s.%s", w.how.node, w.how.format);
    w.how.to = context->arg_count > 1 ? context->args[1] : file;
    if (check_output(w.how.to, options->force, err) < 0 ||
        run_open(context, &how, &p, err) < 0 || export_check(&p, &w.how, err) < 0)
        return -1;
    interrupt_defer(true);
    if (provision_lock(&p, LOCK_TRY, &locks, err) < 0) {
        interrupt_defer(false);
        return -1;
    }
    code = export_locked(context, &w, err);
    provision_unlock(&locks);
    interrupt_defer(false);
    return code;
}
