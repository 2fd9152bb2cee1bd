/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cmd/image/image_commands.h"
#include "cmd/job.h"
#include "cmd/run.h"
#include "provision/image/image_verify.h"

struct check {
    struct site_host *host;
    const struct catalogue_image *image;
    char *name;
};

struct checks {
    struct check *items;
    size_t count;
};

static int run_check(void *context, struct task *task, struct error **err)
{
    const struct check *check = context;

    return image_verify(check->host, check->image, task, err);
}

static void add(struct checks *checks, struct site *site, const struct catalogue_image *image)
{
    struct check check = {.host = site_host(site, image->host), .image = image};

    for (size_t i = 0; i < checks->count; i++) {
        if (checks->items[i].image == image)
            return;
    }
    check.name = xasprintf("%s %.12s", image->name ? image->name : "-", image->digest);
    vector_push(checks->items, checks->count, check);
}

static int choose(struct context *context, struct site *site, const struct catalogue *c,
                  struct checks *ret, struct error **err)
{
    for (size_t i = 0; context->arg_count == 0 && i < c->count; i++)
        add(ret, site, &c->items[i]);
    for (size_t i = 0; i < context->arg_count; i++) {
        const struct catalogue_image **found = NULL;
        size_t count;

        if (catalogue_find(site, context->cluster, c, context->args[i], &found, &count, err) <
            0)
            return -1;
        /* What it stands on is as good as it. */
        for (size_t k = 0; k < count; k++) {
            for (const struct catalogue_image *at = found[k]; at; at = catalogue_parent(c, at))
                add(ret, site, at);
        }
        free(found);
    }
    return 0;
}

static int verify(struct context *context, const struct checks *checks)
{
    struct job *jobs = xcalloc(checks->count + 1, sizeof *jobs);
    int code;

    for (size_t i = 0; i < checks->count; i++)
        jobs[i] = (struct job){checks->items[i].name, run_check, &checks->items[i]};
    code = jobs_run(context, "image", "is what it was", jobs, checks->count,
                    json_pack("{s:I}", "images", (json_int_t)checks->count));
    free(jobs);
    return code;
}

int cmd_image_verify(struct context *context, struct error **err)
{
    auto_catalogue struct catalogue catalogue = {0};
    struct checks checks = {0};
    struct provision_options how;
    struct site site;
    int outcome;

    if (run_open_site(context, &how, &site, err) < 0)
        return -1;
    outcome = catalogue_read(&site, &catalogue, err) < 0
                  ? -1
                  : choose(context, &site, &catalogue, &checks, err);
    if (outcome == 0 && checks.count == 0 && !context->globals.json)
        context_say(context, "No images on %s.", how.uri);
    else if (outcome == 0)
        outcome = verify(context, &checks);
    for (size_t i = 0; i < checks.count; i++)
        free(checks.items[i].name);
    free(checks.items);
    site_close(&site);
    return outcome;
}
