/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/image/file_job.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/job.h"
#include "cmd/run.h"
#include "provision/image/catalogue.h"
#include "provision/image/image_file.h"
#include "util/size.h"

bool file_job_is_path(const char *word)
{
    return strchr(word, '/') || access(word, F_OK) == 0;
}

int file_job_format(const char *option, const char *word, int *ret, struct error **err)
{
    *ret = word ? image_file_format(word) : IMAGE_FORMAT_DETECT;
    if (!word || *ret != IMAGE_FORMAT_DETECT)
        return 0;
    error_set(err, ERROR_USAGE, "--%s: '%s' is no format of disk images", option, word);
    return error_hint(err, "one of qcow2, raw, vmdk, vdi, vhdx, vhd");
}

struct run {
    struct file_job *job;
    int want;
    struct site_host *host; /* of an image; NULL: the word is a file */
    char *volume;
};

static int run_job(void *context, struct task *task, struct error **err)
{
    struct run *run = context;
    struct file_job *job = run->job;
    auto_disk_input struct disk_input input = {0};

    if (run->host ? disk_input_image(run->host, run->volume, task, &input, err) < 0
                  : disk_input_file(job->word, run->want, job->follow, &input, err) < 0)
        return -1;
    json_object_set_new(job->result, "from", json_string(job->word));
    return job->work(job, &input, task, err);
}

static int start(struct file_job *job, struct run *run)
{
    struct job work = {.name = job->word, .run = run_job, .context = run};
    int code;

    job->result = json_object();
    code = jobs_run(job->context, "image", job->made, &work, 1, json_incref(job->result));
    json_decref(job->result);
    if (code == EXIT_DONE && job->summary)
        context_say(job->context, "%s", job->summary);
    free(job->summary);
    return code;
}

/* The first host that has it whole: the bytes are the same everywhere. */
static int find_image(struct context *context, struct site *site, const char *word,
                      struct run *run, struct error **err)
{
    auto_catalogue struct catalogue catalogue = {0};
    auto_free const struct catalogue_image **found = NULL;
    size_t count = 0;

    if (catalogue_read(site, &catalogue, err) < 0 ||
        catalogue_find(site, context->cluster, &catalogue, word, &found, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        error_clear(err);
        if (catalogue_check(&catalogue, found[i], err) < 0)
            continue;
        run->host = site_host(site, found[i]->host);
        run->volume = xstrdup(found[i]->volume);
        return 0;
    }
    return -1;
}

int file_job_run(struct file_job *job, struct error **err)
{
    struct run run = {.job = job};
    struct provision_options how;
    auto_free char *volume = NULL;
    struct site site;
    int outcome;

    if (file_job_format("from-format", job->from_format, &run.want, err) < 0)
        return -1;
    if (file_job_is_path(job->word))
        return start(job, &run);
    if (run_open_site(job->context, &how, &site, err) < 0)
        return -1;
    outcome = find_image(job->context, &site, job->word, &run, err);
    volume = run.volume;
    if (outcome == 0)
        outcome = start(job, &run);
    site_close(&site);
    return outcome;
}

void file_job_made(struct file_job *job, const char *path, const char *format,
                   uint64_t capacity)
{
    char size[SIZE_TEXT], bytes[SIZE_TEXT];
    struct stat st = {0};
    uint64_t used;

    if (stat(path, &st) < 0)
        return;
    used = (uint64_t)st.st_blocks * 512;
    json_object_set_new(job->result, "to", json_string(path));
    json_object_set_new(job->result, "format", json_string(format));
    json_object_set_new(job->result, "size", json_integer((json_int_t)capacity));
    json_object_set_new(job->result, "bytes", json_integer((json_int_t)st.st_size));
    free(job->summary);
    job->summary = xasprintf("%s: %s, a disk of %s in %s", path, format,
                             size_format(capacity, size), size_format(used, bytes));
}
