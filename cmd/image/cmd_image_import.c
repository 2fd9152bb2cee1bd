/* SPDX-License-Identifier: Apache-2.0 */
/* image import-disk: a file of the user's into a host's store. */
#include <string.h>

#include "cmd/image/file_job.h"
#include "cmd/image/image_commands.h"
#include "cmd/job.h"
#include "cmd/run.h"
#include "provision/disk_file/import_disk.h"

#define NAME_LIMIT 63

/* As a key of `images` has to be. */
static int check_name(const char *name, struct error **err)
{
    static const char inner[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t length = strlen(name);

    if (length > 0 && length <= NAME_LIMIT && strspn(name, inner) == length && *name != '-' &&
        name[length - 1] != '-')
        return 0;
    error_set(err, ERROR_USAGE, "'%s' cannot be the name of an image", name);
    return error_hint(err, "letters a-z, digits and hyphens, not at the start or end");
}

static int choose_host(struct site *site, const char *name, struct site_host **ret,
                       struct error **err)
{
    auto_buffer struct buffer all = {0};

    for (size_t i = 0; i < site->host_count; i++) {
        const char *here = host_name(site->hosts[i].host);

        if (name ? strcmp(here, name) == 0 : site->host_count == 1) {
            *ret = &site->hosts[i];
            return 0;
        }
        buffer_printf(&all, "%s%s", i ? ", " : "", here);
    }
    if (name)
        error_set(err, ERROR_USAGE, "there is no host '%s'", name);
    else
        error_set(err, ERROR_USAGE, "the file has several hosts: say which one's store");
    return error_hint(err, "--host: %s", all.data ? all.data : "");
}

struct work {
    struct import_disk import;
    json_t *result;
};

static int run(void *context, struct task *task, struct error **err)
{
    struct work *work = context;
    struct import_disk *import = &work->import;

    if (import_disk(import, task, err) < 0)
        return -1;
    json_object_set_new(work->result, "digest", json_string(import->digest));
    json_object_set_new(work->result, "size", json_integer((json_int_t)import->capacity));
    json_object_set_new(work->result, "bytes", json_integer((json_int_t)import->bytes));
    return 0;
}

static int import(struct context *context, struct site *site, struct work *work,
                  struct error **err)
{
    const struct image_import_options *o = context->options;
    struct job job = {.name = work->import.name, .run = run, .context = work};
    int code;

    if (choose_host(site, o->host, &work->import.host, err) < 0)
        return -1;
    work->import.site = site;
    work->result = json_pack("{s:s, s:s, s:s}", "file", work->import.path, "name",
                             work->import.name, "host", host_name(work->import.host->host));
    code = jobs_run(context, "image", "imported", &job, 1, work->result);
    if (code == EXIT_DONE)
        context_say(context, "images:\n  %s: { stored: %s }", work->import.name,
                    work->import.digest);
    return code;
}

int cmd_image_import_disk(struct context *context, struct error **err)
{
    const struct image_import_options *o = context->options;
    struct work work = {.import = {.path = context->args[0],
                                   .name = context->args[1],
                                   .flatten = o->flatten,
                                   .follow = o->follow}};
    struct provision_options how;
    struct site site;
    int code;

    if (check_name(work.import.name, err) < 0 ||
        file_job_format("from-format", o->from_format, &work.import.format, err) < 0 ||
        run_open_site(context, &how, &site, err) < 0)
        return -1;
    code = import(context, &site, &work, err);
    site_close(&site);
    return code;
}
