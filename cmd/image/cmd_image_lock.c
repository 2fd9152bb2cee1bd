/* SPDX-License-Identifier: Apache-2.0 */
/* image lock: writes down what downloaded images are today. */
#include <stdlib.h>
#include <string.h>

#include "cmd/image/image_commands.h"
#include "cmd/job.h"
#include "config/image/lock_file.h"
#include "config/names.h"
#include "provision/build/install_medium.h"
#include "provision/image/image_url.h"

struct lock_job {
    struct image *image;
    struct checksum digest;
};

static int find_digest(void *context, struct task *task, struct error **err)
{
    struct lock_job *job = context;

    return job->image->iso.source ? install_medium_digest(job->image, task, &job->digest, err)
                                  : image_url_digest(job->image, task, &job->digest, err);
}

static bool is_asked_for(const struct context *context, const struct image *image)
{
    for (size_t i = 0; i < context->arg_count; i++) {
        if (strcmp(context->args[i], image->name) == 0)
            return true;
    }
    return context->arg_count == 0;
}

static int check_names(const struct context *context, struct error **err)
{
    for (size_t i = 0; i < context->arg_count; i++) {
        struct image *image = cluster_image(context->cluster, context->args[i]);

        if (!image) {
            error_set(err, ERROR_USAGE, "the file has no image '%s'", context->args[i]);
            return error_hint(err, "without names, all that are downloaded are locked");
        }
        if (!lock_file_download(image)) {
            error_set(err, ERROR_USAGE, "image '%s' is not downloaded", image->name);
            return error_hint(err,
                              "only what comes from a `url` can be another thing tomorrow");
        }
    }
    return 0;
}

/* What was locked before, of images that are still there and are not looked at now. */
static json_t *kept_entries(const struct context *context, const json_t *before)
{
    json_t *after = json_object();

    list_each(struct image, context->cluster->images, image)
    {
        json_t *entry = json_object_get(before, image->name);

        if (entry && lock_file_download(image) && !is_asked_for(context, image))
            json_object_set(after, image->name, entry);
    }
    return after;
}

static void add_entries(json_t *after, const struct lock_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_object_set_new(after, jobs[i].image->name,
                            lock_file_entry(lock_file_download(jobs[i].image),
                                            hash_name(jobs[i].digest.kind),
                                            jobs[i].digest.hex));
}

/* Names of the images that differ, sorted. New reference. */
static json_t *differing(const json_t *before, const json_t *after)
{
    json_t *all = json_copy((json_t *)before), *names = json_array();
    const char *name;
    json_t *entry;
    void *next;

    json_object_update_missing(all, (json_t *)after);
    json_object_foreach_safe(all, next, name, entry)
    {
        if (!json_equal(json_object_get(before, name), json_object_get(after, name)))
            json_array_append_new(names, json_string(name));
    }
    json_decref(all);
    return names;
}

static void say_differences(const struct context *context, const json_t *before,
                            const json_t *after, const json_t *names)
{
    size_t i;
    json_t *value;

    json_array_foreach (names, i, value) {
        const char *name = json_string_value(value), *hex = "";
        const json_t *entry = json_object_get(after, name);
        const char *kind = entry ? lock_file_digest(entry, &hex) : NULL;

        if (!entry)
            context_say(context, "- %s: not downloaded any more", name);
        else
            context_say(context, "%s %s: %s %.12s…", json_object_get(before, name) ? "~" : "+",
                        name, kind, hex);
    }
}

/* Looks for the digests of what was asked for: EXIT_DONE, EXIT_FAILED. */
static int look(struct context *context, json_t *found, json_t *result)
{
    struct job *jobs = xcalloc(context->cluster->images.count + 1, sizeof *jobs);
    struct lock_job *locks = xcalloc(context->cluster->images.count + 1, sizeof *locks);
    size_t count = 0;
    int code;

    list_each(struct image, context->cluster->images, image)
    {
        if (!lock_file_download(image) || !is_asked_for(context, image))
            continue;
        locks[count] = (struct lock_job){.image = image};
        jobs[count] = (struct job){image->name, find_digest, &locks[count]};
        count++;
    }
    code = jobs_do(context, "image", "known", jobs, count, result);
    if (code == EXIT_DONE)
        add_entries(found, locks, count);
    free(jobs);
    free(locks);
    return code;
}

static int finish(struct context *context, const char *path, json_t *before, json_t *after,
                  json_t *result, struct error **err)
{
    const struct image_lock_options *options = context->options;
    json_t *names = differing(before, after);
    size_t changes = json_array_size(names);
    int code = EXIT_DONE;

    say_differences(context, before, after, names);
    json_object_set_new(result, "changed", names);
    json_object_set(result, "images", after);
    if (options->check)
        code = changes ? EXIT_PENDING : EXIT_DONE;
    else if (changes && lock_file_write(path, after, err) < 0)
        return -1;
    if (!changes)
        context_say(context, "%s is as it should be.", path);
    else if (options->check)
        context_say(context, "%s would change.", path);
    else
        context_say(context, "%s is written.", path);
    return code;
}

/* Read again, as another one may have written meanwhile, and alone until it is written. */
static int merge(struct context *context, const char *path, json_t *found, json_t *result,
                 struct error **err)
{
    auto_close int alone = lock_file_alone(path, err);
    json_t *before = NULL, *after;
    int code;

    if (alone < 0 || lock_file_read(path, &before, err) < 0)
        return -1;
    after = kept_entries(context, before);
    json_object_update(after, found);
    code = finish(context, path, before, after, result, err);
    json_decref(before);
    json_decref(after);
    return code;
}

static int lock_images(struct context *context, const char *path, json_t *result,
                       struct error **err)
{
    const struct image_lock_options *options = context->options;
    json_t *before = NULL, *found = json_object();
    int code = lock_file_read(path, &before, err) < 0 ||
                       (!options->check && lock_file_check(path, err) < 0)
                   ? -1
                   : look(context, found, result);

    if (code == EXIT_DONE)
        code = merge(context, path, found, result, err);
    json_decref(before);
    json_decref(found);
    return code;
}

int cmd_image_lock(struct context *context, struct error **err)
{
    auto_free char *path = lock_file_path(context->file);
    json_t *result = json_object();
    int code;

    if (!path) {
        json_decref(result);
        return error_set(err, ERROR_USAGE,
                         "a file from standard input has no place for its " LOCK_FILE_NAME);
    }
    code = check_names(context, err) < 0 ? -1 : lock_images(context, path, result, err);
    if (code >= 0 && context->globals.json) {
        json_object_set_new(result, "file", json_string(path));
        json_object_set_new(result, "exit_code", json_integer(code));
        context_print_json("result", json_incref(result));
    }
    json_decref(result);
    return code;
}
