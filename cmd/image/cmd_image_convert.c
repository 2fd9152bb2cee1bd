/* SPDX-License-Identifier: Apache-2.0 */
/* image convert, export, flatten, compress: one image file made of an image. */
#include <string.h>

#include "cmd/image/file_job.h"
#include "cmd/image/image_commands.h"
#include "provision/disk_file/disk_file.h"
#include "provision/disk_file/in_use.h"

struct copy {
    const char *to;     /* NULL: in place of the input */
    const char *format; /* NULL: the input's own */
    bool compress, replace;
    bool flatten; /* nothing is to be done for a file without a backing file */
    const char *verb;
};

static int copy(struct file_job *job, const struct copy *what, const struct disk_chain *chain,
                struct task *task, struct error **err)
{
    struct disk_file_copy how = {.from = chain,
                                 .to = what->to,
                                 .format = what->format ? what->format : chain->format,
                                 .compress = what->compress,
                                 .replace = what->replace};

    if (disk_file_copy(&how, task, err) < 0)
        return -1;
    file_job_made(job, how.to, how.format, chain->layers[0].capacity);
    return 0;
}

static int copy_to(struct file_job *job, struct disk_input *input, struct task *task,
                   struct error **err)
{
    return copy(job, job->data, &input->chain, task, err);
}

/* The file itself is made anew: nobody may have it open, and what only it has stays. */
static int copy_over(struct file_job *job, struct disk_input *input, struct task *task,
                     struct error **err)
{
    const struct copy *what = job->data;
    struct disk_file_copy how = {.from = &input->chain,
                                 .to = job->word,
                                 .format = input->chain.format,
                                 .compress = what->compress,
                                 .replace = true,
                                 .like = job->word};

    if (in_use_check(job->word, err) < 0 || in_use_check_ours(job->word, what->verb, err) < 0)
        return -1;
    if (input->chain.snapshots) {
        error_set(err, ERROR_CONFLICT, "%s has %u snapshots inside, which would be lost",
                  job->word, (unsigned)input->chain.snapshots);
        return error_hint(err, "make another file with -o, or remove them: qemu-img snapshot "
                               "-d NAME");
    }
    if (what->flatten && input->chain.count == 1) {
        file_job_made(job, job->word, input->chain.format, input->chain.layers[0].capacity);
        return 0;
    }
    if (disk_file_copy(&how, task, err) < 0)
        return -1;
    file_job_made(job, job->word, how.format, input->chain.layers[0].capacity);
    return 0;
}

int cmd_image_convert(struct context *context, struct error **err)
{
    const struct image_convert_options *o = context->options;
    struct copy what = {.to = context->args[1],
                        .format = o->format,
                        .compress = o->compress,
                        .replace = o->force};
    struct file_job job = {.context = context,
                           .word = context->args[0],
                           .from_format = o->from_format,
                           .follow = o->follow,
                           .made = "converted",
                           .work = copy_to,
                           .data = &what};

    if (!what.format)
        what.format = disk_file_format_of(what.to);
    if (!what.format) {
        error_set(err, ERROR_USAGE, "the name %s says no format", what.to);
        return error_hint(err, "add --format, or end the name with .qcow2, .raw, .vmdk, .vdi, "
                               ".vhdx or .vhd");
    }
    if (image_convert_check(what.format, what.compress, err) < 0)
        return -1;
    return file_job_run(&job, err);
}

int cmd_image_export(struct context *context, struct error **err)
{
    const struct image_convert_options *o = context->options;
    const char *by_name = disk_file_format_of(context->args[1]);
    struct copy what = {.to = context->args[1],
                        .format = o->format ? o->format
                                  : by_name ? by_name
                                            : "qcow2",
                        .compress = o->compress,
                        .replace = o->force};
    struct file_job job = {.context = context,
                           .word = context->args[0],
                           .made = "exported",
                           .work = copy_to,
                           .data = &what};

    if (image_convert_check(what.format, what.compress, err) < 0)
        return -1;
    return file_job_run(&job, err);
}

static int copy_or_over(struct context *context, struct copy *what, const char *made,
                        struct error **err)
{
    const struct image_flatten_options *o = context->options;
    struct file_job job = {.context = context,
                           .word = context->args[0],
                           .from_format = o->from_format,
                           .follow = o->follow,
                           .made = made,
                           .work = o->output ? copy_to : copy_over,
                           .data = what};

    what->to = o->output;
    what->replace = o->force;
    if (o->output && disk_file_format_of(o->output))
        what->format = disk_file_format_of(o->output);
    if (what->format && image_convert_check(what->format, what->compress, err) < 0)
        return -1;
    if (o->output || file_job_is_path(job.word))
        return file_job_run(&job, err);
    error_set(err, ERROR_USAGE, "images of the store never change: -o says which file to make");
    return error_hint(err, "virtopo image %s %s -o image.qcow2", what->verb, job.word);
}

int cmd_image_flatten(struct context *context, struct error **err)
{
    struct copy what = {.flatten = true, .verb = "flatten"};

    return copy_or_over(context, &what, "flattened", err);
}

int cmd_image_compress(struct context *context, struct error **err)
{
    struct copy what = {.compress = true, .format = "qcow2", .verb = "compress"};

    return copy_or_over(context, &what, "compressed", err);
}
