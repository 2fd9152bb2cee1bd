/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_maker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/build/layer.h"
#include "provision/image/cache_file.h"
#include "provision/image/digest_cache.h"
#include "provision/image/image_file.h"
#include "provision/image/image_find.h"
#include "provision/image/image_finish.h"
#include "provision/image/image_packed.h"
#include "util/file.h"

static const struct image_maker *const makers[] = {
    &image_packed_maker, &image_file_maker, &image_script_maker,
    &image_url_maker,    &install_maker,    &image_layer_maker,
};

const struct image_maker *image_maker_of(const struct image *image)
{
    for (size_t i = 0; i < ARRAY_SIZE(makers); i++) {
        if (makers[i]->is_source(image))
            return makers[i];
    }
    return NULL;
}

char *image_maker_path(const char *recipe)
{
    auto_free char *cache = path_cache();

    return xasprintf("%s/images/%s.img", cache, recipe);
}

int image_maker_lock(const char *path, struct task *task, struct error **err)
{
    auto_free char *name = xasprintf("%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return error_errno(err, errno, "cannot open %s", name);
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            error_errno(err, errno, "cannot lock %s", name);
            close(fd);
            return -1;
        }
        task_say(task, "another virtopo makes this image");
        if (task_wait(task, 200)) {
            close(fd);
            return error_set(err, ERROR_CANCELLED, "waiting for the image: stopped");
        }
    }
    return fd;
}

/* What is another program's image becomes one of ours; what is none must not be kept as one.
 * Nor a symlink: it names a file that is not ours. */
static int check_result(const struct image_object *o, const char *path, struct task *task,
                        struct error **err)
{
    const struct image_maker *maker = image_maker_of(o->image);
    auto_free char *how = maker->describe(o);
    int want = image_file_want(o->image);
    /* what was made of a file of that format is converted already */
    int made = maker == &image_file_maker ? want : o->image->format;
    struct image_file file;
    struct stat st;

    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return error_set(err, ERROR_FAILED, "image '%s' (%s): what was made is no regular file",
                         o->image->name, how);
    if ((want != IMAGE_FILE_LAYER &&
         image_finish(path, made, maker->converts_raw, task, err) < 0) ||
        image_file_inspect(path, want, &file, err) < 0)
        return error_wrap(err, "image '%s' (%s): what was made cannot be used", o->image->name,
                          how);
    return 0;
}

static ino_t inode_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* A program may have made a folder of it. */
static void drop(const char *part)
{
    if (file_remove_tree(part, NULL) < 0)
        return;
}

/* What runs that were killed left of an image: "<recipe>.img.1234.part". */
static int drop_old(const char *path, struct error **err)
{
    auto_free char *folder = path_folder(path);
    auto_free char *prefix = xasprintf("%s.", path + strlen(folder) + 1);
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int outcome = 0;

    if (!dir)
        return error_errno(err, errno, "cannot read %s", folder);
    while (outcome == 0 && (entry = readdir(dir))) {
        auto_free char *old = xasprintf("%s/%s", folder, entry->d_name);

        /* also ".part.qcow2", of a conversion */
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
            strstr(entry->d_name, ".part"))
            outcome = file_remove_tree(old, err);
    }
    closedir(dir);
    return outcome;
}

/* Where it is made. What can be resumed has one place; else each run has one of its own, as a
 * program that an earlier one left running may still write. */
static int place_part(const struct image_maker *maker, const char *path, char **ret,
                      struct error **err)
{
    *ret = maker->resumes ? xasprintf("%s.part", path)
                          : xasprintf("%s.%d.part", path, (int)getpid());
    return maker->resumes ? 0 : drop_old(path, err);
}

static int make_locked(struct image_object *o, const char *path, struct task *task,
                       struct error **err)
{
    const struct image_maker *maker = image_maker_of(o->image);
    auto_free char *part = NULL;
    ino_t inode;

    o->made[0] = '\0';
    if (place_part(maker, path, &part, err) < 0)
        return -1;
    if (maker->make(o, part, task, err) < 0) {
        if (!maker->resumes)
            drop(part);
        return -1;
    }
    inode = inode_of(part);
    if (check_result(o, part, task, err) < 0) {
        drop(part);
        return -1;
    }
    /* One that was converted is another file. */
    if (!inode || inode_of(part) != inode)
        o->made[0] = '\0';
    task_say(task, "writing it out");
    return cache_file_publish(part, path, o->made, err);
}

int image_make(struct image_object *o, struct task *task, struct error **err)
{
    auto_free char *path = image_maker_path(o->recipe);
    auto_free char *folder = path_folder(path);
    auto_close int lock = -1;

    if (o->refresh || !cache_file_is_whole(path)) {
        if (file_make_folders(folder, 0700, err) < 0)
            return -1;
        lock = image_maker_lock(path, task, err);
        if (lock < 0)
            return -1;
        if ((o->refresh || !cache_file_is_whole(path)) && make_locked(o, path, task, err) < 0)
            return -1;
    }
    free(o->source);
    o->source = TAKE(path);
    return 0;
}

int image_identity(struct provision *p, struct site_host *host, const struct image *image,
                   char out[SHA256_TEXT], struct error **err)
{
    const struct image_maker *maker = image_maker_of(image);
    const struct survey_volume *volume;
    struct image_object o = {.provision = p, .host = host, .image = image};
    auto_free char *path = NULL;
    char recipe[SHA256_TEXT];
    int outcome;

    if (image->stored) {
        snprintf(out, SHA256_TEXT, "%s", image->stored);
        return RECIPE_KNOWN;
    }
    if (!maker)
        return digest_cached(image->file, out, err);
    outcome = maker->recipe(&o, recipe, err);
    if (outcome != RECIPE_KNOWN || !maker->moves || !maker->moves(image)) {
        memcpy(out, recipe, SHA256_TEXT);
        return outcome;
    }
    volume = image_find_made(&host->survey.store, recipe);
    if (volume) {
        image_find_digest(volume->name, out);
        return RECIPE_KNOWN;
    }
    path = image_maker_path(recipe);
    return cache_file_is_whole(path) ? digest_cached(path, out, err) : RECIPE_LATER;
}
