/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/leftover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/build/workshop.h"
#include "provision/image/cache_file.h"
#include "provision/image/image_record.h"
#include "provision/image/image_seal.h"
#include "provision/store.h"
#include "util/file.h"
#include "util/size.h"

struct leftover {
    struct site_host *host;        /* NULL: a file of the cache */
    char *file;                    /* that file's path */
    char *volume;                  /* of the store */
    struct workshop_leftover work; /* of a build; no name: none */
    const char *what;              /* for people */
    uint64_t bytes;
};

static struct leftover *add(struct resource_set *set, const char *host, const char *name,
                            const char *what, uint64_t bytes)
{
    struct resource *r = resource_set_add(set, &leftover_kind, host, name);
    struct leftover *o = xcalloc(1, sizeof *o);
    char size[SIZE_TEXT];

    o->what = what;
    o->bytes = bytes;
    r->data = o;
    r->present = true;
    r->note = xasprintf("%s, %s", what, size_format(bytes, size));
    return o;
}

static int add_work(struct resource_set *set, struct site_host *host, struct error **err)
{
    struct workshop_leftovers found = {0};

    if (workshop_leftovers(host, &found, err) < 0) {
        workshop_leftovers_done(&found);
        return -1;
    }
    for (size_t i = 0; i < found.count; i++) {
        struct workshop_leftover *item = &found.items[i];
        auto_free char *name =
            item->guest ? xasprintf("guest %.12s", item->name) : xstrdup(item->name);
        struct leftover *o =
            add(set, host_name(host->host), name,
                item->guest ? "guest of a build" : "disk of a build", item->bytes);

        o->host = host;
        o->work = (struct workshop_leftover){
            .name = xstrdup(item->name), .bytes = item->bytes, .guest = item->guest};
    }
    workshop_leftovers_done(&found);
    return 0;
}

/* The image that a seal or a record belongs to; NULL for what is neither. */
static char *image_of_note(const char *volume)
{
    const char *seal = strstr(volume, ".sealed-");

    return seal ? xstrndup(volume, (size_t)(seal - volume)) : image_record_image(volume);
}

int leftover_add_host(struct resource_set *set, struct site_host *host, struct error **err)
{
    const struct survey_pool *store = &host->survey.store;

    for (size_t i = 0; i < store->volume_count; i++) {
        const char *name = store->volumes[i].name;
        auto_free char *image = image_of_note(name);
        struct leftover *o;

        if (!image || !image_seal_is_image(image) || survey_pool_volume(store, image))
            continue;
        o = add(set, host_name(host->host), name, "of an image that is gone", 0);
        o->host = host;
        o->volume = xstrdup(name);
    }
    return add_work(set, host, err);
}

static char *cache_folder(void)
{
    auto_free char *cache = path_cache();

    return xasprintf("%s/images", cache);
}

static bool is_locked(const char *folder, const char *name, const char *suffix)
{
    size_t length = strcspn(name, ".");
    auto_free char *path = xasprintf("%s/%.*s%s.lock", folder, (int)length, name, suffix);
    auto_close int fd = open(path, O_RDWR | O_CLOEXEC);

    return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0;
}

/* Whether somebody is at work on it: who makes an image, or fetches an ISO, holds a lock on
 * PATH.lock. */
static bool is_busy(const char *folder, const char *name)
{
    return is_locked(folder, name, ".img") || is_locked(folder, name, ".iso");
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* Calls `visit` for each file of the cache with what it is: a finished image or ISO, or a part.
 */
static int each_file(void (*visit)(void *context, const char *path, const char *name,
                                   bool is_finished, uint64_t bytes),
                     void *context, struct error **err)
{
    auto_free char *folder = cache_folder();
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (!dir)
        return errno == ENOENT ? 0 : error_errno(err, errno, "cannot read %s", folder);
    while ((entry = readdir(dir))) {
        auto_free char *path = xasprintf("%s/%s", folder, entry->d_name);
        bool is_finished = ends_with(entry->d_name, ".img") || ends_with(entry->d_name, ".iso");
        struct stat st;

        /* A program may have made a folder of the image that it should make. */
        bool is_folder = ends_with(entry->d_name, ".part");

        if (lstat(path, &st) < 0 || !(S_ISREG(st.st_mode) || is_folder) ||
            ends_with(entry->d_name, ".lock") || ends_with(entry->d_name, ".digest") ||
            is_busy(folder, entry->d_name))
            continue;
        visit(context, path, entry->d_name, is_finished, (uint64_t)st.st_blocks * 512);
    }
    closedir(dir);
    return 0;
}

struct cache_walk {
    struct resource_set *set;
    bool all;
    uint64_t bytes;
};

static void visit_add(void *context, const char *path, const char *name, bool is_finished,
                      uint64_t bytes)
{
    struct cache_walk *walk = context;

    if (is_finished && !walk->all)
        return;
    add(walk->set, "cache", name,
        is_finished ? "copy in the cache" : "download or build that was cut off", bytes)
        ->file = xstrdup(path);
}

static void visit_count(void *context, const char *path, const char *name, bool is_finished,
                        uint64_t bytes)
{
    struct cache_walk *walk = context;

    (void)path;
    (void)name;
    walk->bytes += is_finished ? bytes : 0;
}

int leftover_add_cache(struct resource_set *set, bool all, struct error **err)
{
    struct cache_walk walk = {.set = set, .all = all};

    return each_file(visit_add, &walk, err);
}

uint64_t leftover_cache_bytes(void)
{
    struct cache_walk walk = {0};

    return each_file(visit_count, &walk, NULL) < 0 ? 0 : walk.bytes;
}

uint64_t leftover_bytes(const struct resource *r)
{
    const struct leftover *o = r->data;

    return o->bytes;
}

static int leftover_destroy(void *context, struct resource *r, struct task *task,
                            struct error **err)
{
    struct leftover *o = r->data;
    struct workshop_leftovers work = {.items = &o->work, .count = 1};

    (void)context;
    (void)task;
    if (o->file)
        return cache_file_remove(o->file, err);
    if (o->work.name)
        return workshop_sweep(o->host, &work, err);
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_pool virStoragePoolPtr pool = NULL;

    return store_open(call.connection, &o->host->survey.store, &pool, err) < 0
               ? -1
               : store_delete(pool, o->volume, err);
}

static void leftover_done(struct resource *r)
{
    struct leftover *o = r->data;

    if (!o)
        return;
    free(o->file);
    free(o->volume);
    free(o->work.name);
    free(o);
}

const struct resource_kind leftover_kind = {
    .name = "leftover",
    .rank = 11,
    .destroy = leftover_destroy,
    .done = leftover_done,
};
