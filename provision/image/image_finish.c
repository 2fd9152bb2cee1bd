/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_finish.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "provision/image/digest_cache.h"
#include "provision/image/image_convert.h"
#include "provision/image/image_file.h"

static bool is_raw_disk(const struct image_file *file)
{
    return strcmp(file->format, "raw") == 0 && !file->medium;
}

int image_finish(const char *part, int format, bool raw, struct task *task, struct error **err)
{
    auto_free char *made = xasprintf("%s.qcow2", part);
    struct image_file file;

    unlink(made);
    if (image_file_identify(part, format, &file, err) < 0)
        return -1;
    if (!file.foreign && !(raw && is_raw_disk(&file)))
        return 0;
    task_say(task, "converting from %s", file.format);
    if (image_convert_file(part, file.driver, file.capacity, made, task, err) < 0) {
        unlink(made);
        return -1;
    }
    if (rename(made, part) < 0)
        return error_errno(err, errno, "cannot move the converted image to %s", part);
    return 0;
}

static bool is_foreign(const struct image *image)
{
    return image->file && image_file_is_foreign(image->file);
}

static int file_recipe(const struct image_object *o, char out[SHA256_TEXT], struct error **err)
{
    struct image_file file;
    char digest[SHA256_TEXT];
    auto_free char *all = NULL;

    if (image_file_identify(o->image->file, o->image->format, &file, err) < 0 ||
        digest_cached(o->image->file, digest, err) < 0)
        return -1;
    all = xasprintf("virtopo image file 1 %s", digest);
    sha256_text(all, strlen(all), out);
    return 0;
}

static int file_make(struct image_object *o, const char *part, struct task *task,
                     struct error **err)
{
    struct image_file file;

    if (image_file_identify(o->image->file, o->image->format, &file, err) < 0)
        return -1;
    task_say(task, "converting from %s", file.format);
    return image_convert_file(o->image->file, file.driver, file.capacity, part, task, err);
}

static char *file_describe(const struct image_object *o)
{
    struct image_file file;

    if (image_file_identify(o->image->file, o->image->format, &file, NULL) < 0)
        return xasprintf("convert %s", o->image->file);
    return xasprintf("convert %s from %s", o->image->file, file.format);
}

const struct image_maker image_file_maker = {
    .is_source = is_foreign,
    .recipe = file_recipe,
    .make = file_make,
    .describe = file_describe,
};
