/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/interrupt.h"
#include "cmd/job.h"
#include "cmd/run.h"
#include "config/schema/schema_types.h"
#include "provision/copy/export.h"
#include "provision/disk_file/disk_file.h"
#include "provision/disk_file/import_disk.h"
#include "provision/disk_file/in_use.h"
#include "util/file.h"
#include "util/size.h"

struct work {
    struct provision *p;
    struct export_options how;
    struct export_result result;
    json_t *json;      /* the command's result, borrowed */
    const char *image; /* its name in the store, or NULL: a file is wanted */
    char digest[SHA256_TEXT];
};

/* By way of this machine, where its digest is taken. */
static int store(struct work *w, struct task *task, struct error **err)
{
    struct import_disk import = {.site = &w->p->site,
                                 .host = w->result.host,
                                 .path = w->how.to,
                                 .name = w->image,
                                 .format = IMAGE_FORMAT_QCOW2};
    int outcome = import_disk(&import, task, err);

    unlink(w->how.to);
    if (outcome < 0)
        return -1;
    memcpy(w->digest, import.digest, sizeof w->digest);
    json_object_del(w->json, "file"); /* it was only passing through */
    json_object_set_new(w->json, "image", json_string(w->image));
    json_object_set_new(w->json, "digest", json_string(w->digest));
    return 0;
}

static int run(void *context, struct task *task, struct error **err)
{
    struct work *w = context;
    struct export_result *r = &w->result;

    if (export_disk(w->p, &w->how, task, r, err) < 0 || (w->image && store(w, task, err) < 0))
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

    if (w->image)
        context_say(context, "images:\n  %s: { stored: %s }", w->image, w->digest);
    else
        context_say(context, "%s: %s, a disk of %s.", w->how.to,
                    size_format(w->result.bytes, bytes),
                    size_format(w->result.capacity, capacity));
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

/* Where the file comes to be: as named, or, for the store, in the cache. */
static int choose_output(const struct context *context, struct work *w, char **ret,
                         struct error **err)
{
    const struct export_cmd_options *options = context->options;

    if (w->image) {
        auto_free char *cache = path_cache();
        auto_free char *folder = xasprintf("%s/exports", cache);

        if (context->arg_count > 1 || options->format != 0)
            return error_set(err, ERROR_USAGE, "--image goes without FILE and --format");
        if (!schema_is_name(w->image, 63))
            return error_set(err, ERROR_USAGE, "'%s' cannot be the name of an image", w->image);
        *ret = xasprintf("%s/%s.%s.qcow2", folder, context->cluster->name, w->how.node);
        return file_make_folders(folder, 0700, err);
    }
    *ret = context->arg_count > 1 ? xstrdup(context->args[1])
                                  : xasprintf("%s.%s", w->how.node, w->how.format);
    if (in_use_check_output(*ret, err) < 0)
        return -1;
    if (options->force || access(*ret, F_OK) != 0)
        return 0;
    error_set(err, ERROR_USAGE, "%s is there already", *ret);
    return error_hint(err, "name another file, or add --force");
}

static const char *choose_format(const struct context *context)
{
    const struct export_cmd_options *options = context->options;
    const char *by_name = context->arg_count > 1 ? disk_file_format_of(context->args[1]) : NULL;

    if (options->format)
        return export_formats[options->format];
    return by_name ? by_name : "qcow2";
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
                                    .format = choose_format(context),
                                    .compress = options->compress,
                                    .replace = options->force || options->image};
    w.image = options->image;
    if (choose_output(context, &w, &file, err) < 0)
        return -1;
    w.how.to = file;
    if (run_open(context, &how, &p, err) < 0 || export_check(&p, &w.how, err) < 0)
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
