/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_script.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/image/digest_cache.h"
#include "provision/image/image_maker.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/process.h"

static int compare_names(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* With its NUL, so that no two lists of texts come out the same. */
static void add_text(struct buffer *out, const char *text)
{
    buffer_append(out, text, strlen(text) + 1);
}

static int add_file(const FTSENT *entry, const char *name, struct buffer *out,
                    struct error **err)
{
    char digest[SHA256_TEXT];

    if (digest_cached(entry->fts_path, digest, err) < 0)
        return -1;
    add_text(out, name);
    add_text(out, entry->fts_statp->st_mode & 0111 ? "program" : "file");
    add_text(out, digest);
    return 0;
}

static int add_link(const FTSENT *entry, const char *name, struct buffer *out,
                    struct error **err)
{
    char target[PATH_MAX] = "";

    if (readlink(entry->fts_path, target, sizeof target - 1) < 0)
        return error_errno(err, errno, "cannot read the input %s", entry->fts_path);
    add_text(out, name);
    add_text(out, "link");
    add_text(out, target);
    return 0;
}

/* Adds every file below `path` (which may be a link itself): relative path, whether it can be
 * run, digest; in name order. */
static int add_input(const char *path, struct buffer *out, struct error **err)
{
    char *const roots[] = {(char *)path, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, compare_names);
    int outcome = 0;
    FTSENT *entry;

    if (!walk)
        return error_errno(err, errno, "cannot read the input %s", path);
    while (outcome == 0 && (errno = 0, entry = fts_read(walk))) {
        const char *name = entry->fts_path + strlen(path);

        if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
            entry->fts_info == FTS_NS)
            outcome =
                error_errno(err, entry->fts_errno, "cannot read the input %s", entry->fts_path);
        else if (entry->fts_info == FTS_F)
            outcome = add_file(entry, name, out, err);
        else if (entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE)
            outcome = add_link(entry, name, out, err);
    }
    fts_close(walk);
    return outcome;
}

int image_script_recipe(const struct image *image, char out[SHA256_TEXT], struct error **err)
{
    auto_buffer struct buffer all = {0};

    buffer_puts(&all, "virtopo image script 2");
    if (add_input(image->script, &all, err) < 0) {
        error_wrap(err, "image '%s'", image->name);
        return error_hint(err, "`script` is the path of a program, from the folder of the file "
                               "that names it");
    }
    for (size_t i = 0; i < image->inputs.count; i++) {
        buffer_append(&all, "", 1);
        if (add_input(image->inputs.items[i], &all, err) < 0)
            return error_wrap(err, "image '%s'", image->name);
    }
    sha256_text(all.data, all.length, out);
    return 0;
}

static int run_script(const struct image *image, const char *out, struct task *task,
                      struct error **err)
{
    auto_free char *variable = xasprintf("OUT=%s", out);
    auto_free char *folder = path_folder(image->script);
    const char *const argv[] = {image->script, NULL};
    const char *const env[] = {variable, NULL};
    struct process_options options = {
        .folder = folder, .env = env, .cancel = task_cancel_flag(task)};
    struct stat st;

    task_say(task, "running %s", image->script);
    if (access(image->script, X_OK) < 0) {
        error_errno(err, errno, "cannot run %s", image->script);
        return error_hint(err, "make it executable: chmod +x %s", image->script);
    }
    if (process_run(argv, &options, NULL, err) < 0)
        return error_wrap(err, "building image '%s'", image->name);
    if (stat(out, &st) < 0 || st.st_size == 0) {
        error_set(err, ERROR_FAILED,
                  "building image '%s': %s succeeded, but wrote nothing to $OUT", image->name,
                  image->script);
        return error_hint(err, "the script must write the image to the file named by $OUT");
    }
    return 0;
}

static bool is_script(const struct image *image)
{
    return image->script;
}

static int script_recipe(const struct image_object *o, char out[SHA256_TEXT],
                         struct error **err)
{
    return image_script_recipe(o->image, out, err);
}

static int script_make(struct image_object *o, const char *part, struct task *task,
                       struct error **err)
{
    return run_script(o->image, part, task, err);
}

static char *script_describe(const struct image_object *o)
{
    return xasprintf("build with %s", o->image->script);
}

const struct image_maker image_script_maker = {
    .is_source = is_script,
    .recipe = script_recipe,
    .make = script_make,
    .describe = script_describe,
};
