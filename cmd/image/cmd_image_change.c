/* SPDX-License-Identifier: Apache-2.0 */
/* image resize, image rebase: an image file changed in place. */
#include "cmd/image/file_job.h"
#include "cmd/image/image_commands.h"
#include "cmd/job.h"
#include "provision/disk_file/disk_file.h"
#include "provision/disk_file/in_use.h"
#include "provision/disk_file/resize_file.h"
#include "util/size.h"

static int need_file(const char *word, const char *verb, struct error **err)
{
    if (file_job_is_path(word))
        return in_use_check_ours(word, verb, err);
    error_set(err, ERROR_USAGE, "there is no file '%s', and images of the store never change",
              word);
    return error_hint(err, "make a file of one first: virtopo image export %s image.qcow2",
                      word);
}

/* The guest knows the disk by another name than we do. */
static void say_what_is_left(const struct context *context, const struct resize_result *r)
{
    if (r->after <= r->before) {
        if (r->has_backup && r->after < r->before)
            context_say(context, "The copy of its GPT was at the old end. In the guest: sgdisk "
                                 "-e /dev/vda");
        return;
    }
    if (r->last)
        context_say(context,
                    "Its last partition is %u (%s). In the guest, where cloud-init does not: "
                    "growpart /dev/vda %u, then resize2fs or xfs_growfs",
                    r->last, partition_table_name(r->table), r->last);
    else
        context_say(context, "No partition is known on it. A file system all over the disk "
                             "grows in the guest: resize2fs or xfs_growfs");
}

static void say_resized(const struct context *context, const char *file,
                        const struct resize_result *r)
{
    char before[SIZE_TEXT], after[SIZE_TEXT];

    if (context->globals.json) {
        context_print_json("result", json_pack("{s:s, s:I, s:I, s:s, s:o, s:i}", "file", file,
                                               "before", (json_int_t)r->before, "size",
                                               (json_int_t)r->after, "partitions",
                                               partition_table_name(r->table), "last_partition",
                                               r->last ? json_integer(r->last) : json_null(),
                                               "exit_code", EXIT_DONE));
        return;
    }
    if (r->before == r->after)
        context_say(context, "%s: %s already", file, size_format(r->after, after));
    else
        context_say(context, "%s: %s -> %s", file, size_format(r->before, before),
                    size_format(r->after, after));
    say_what_is_left(context, r);
}

int cmd_image_resize(struct context *context, struct error **err)
{
    const struct image_resize_options *o = context->options;
    const char *file = context->args[0];
    struct resize_result result;
    int want;

    if (need_file(file, "resize", err) < 0 ||
        file_job_format("from-format", o->from_format, &want, err) < 0 ||
        resize_file(file, want, context->args[1], o->destroy_data, &result, err) < 0)
        return -1;
    say_resized(context, file, &result);
    return EXIT_DONE;
}

struct rebase {
    const struct image_rebase_options *options;
    const char *file;
    int format;
};

static int rebase(void *context, struct task *task, struct error **err)
{
    const struct rebase *r = context;

    return disk_file_rebase(r->file, r->options->onto, r->format, r->options->unsafe,
                            r->options->follow, task, err);
}

int cmd_image_rebase(struct context *context, struct error **err)
{
    const struct image_rebase_options *o = context->options;
    struct rebase r = {.options = o, .file = context->args[0]};
    struct job job = {.name = r.file, .run = rebase, .context = &r};

    if (need_file(r.file, "rebase", err) < 0 ||
        file_job_format("onto-format", o->onto_format, &r.format, err) < 0)
        return -1;
    return jobs_run(context, "image", "rebased", &job, 1,
                    json_pack("{s:s, s:s}", "file", r.file, "onto", o->onto));
}
