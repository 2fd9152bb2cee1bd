/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provision/fetch/download.h"
#include "provision/image/cache_file.h"
#include "provision/image/digest_cache.h"
#include "provision/image/image_file.h"
#include "provision/image/image_maker.h"
#include "provision/image/partitions.h"
#include "util/file.h"

static bool is_download(const struct image *image)
{
    return download_is_given(&image->download);
}

/* The format says how the bytes are taken, so it is part of what is made. */
static void recipe_of(const struct image *image, const struct download *download,
                      char out[SHA256_TEXT])
{
    char source[SHA256_TEXT];
    auto_free char *all = NULL;

    download_recipe(download, source);
    all = xasprintf("virtopo image url 1 %s %d", source, image->format);
    sha256_text(all, strlen(all), out);
}

static int url_recipe(const struct image_object *o, char out[SHA256_TEXT], struct error **err)
{
    (void)err;
    recipe_of(o->image, &o->image->download, out);
    return RECIPE_KNOWN;
}

static bool url_moves(const struct image *image)
{
    struct checksum known;

    return !download_known(&image->download, &known);
}

/* The same image with the digest that a list has for it today. */
static void pin(const struct image *image, const struct checksum *digest, uint64_t timeout,
                struct image *ret)
{
    *ret = *image;
    ret->timeout = timeout;
    ret->download.sha256 = digest->kind == HASH_SHA256 ? digest->hex : NULL;
    ret->download.sha512 = digest->kind == HASH_SHA512 ? digest->hex : NULL;
    ret->download.checksums = NULL;
}

/* What came is what is there, unless it was unpacked: it need not be read again. */
static void remember(struct image_object *o, const struct fetch_result *result)
{
    if (!result->unpacked && result->digest.kind == HASH_SHA256)
        memcpy(o->made, result->digest.hex, sizeof o->made);
}

/* Made under the recipe of its digest, where it may be already, and given a second name. */
static int make_pinned(struct image_object *o, const struct checksum *digest, uint64_t timeout,
                       const char *part, struct task *task, struct error **err)
{
    struct image pinned;
    struct image_object made = {.provision = o->provision, .host = o->host, .image = &pinned};
    char recipe[SHA256_TEXT];
    auto_free char *source = NULL;

    pin(o->image, digest, timeout, &pinned);
    recipe_of(&pinned, &pinned.download, recipe);
    made.recipe = recipe;
    if (image_make(&made, task, err) < 0)
        return -1;
    source = made.source;
    if (digest_cached(source, o->made, err) < 0)
        return -1;
    unlink(part);
    return link(source, part) < 0
               ? error_errno(err, errno, "cannot give %s a second name", source)
               : 0;
}

/* What came, beside where it comes to be: for a lock. */
static char *note_path(const char *recipe)
{
    auto_free char *path = image_maker_path(recipe);

    return xasprintf("%s.digest", path);
}

static int read_bytes(void *context, uint64_t offset, void *data, size_t length,
                      struct error **err)
{
    const int *fd = context;

    return pread(*fd, data, length, (off_t)offset) == (ssize_t)length
               ? 0
               : error_set(err, ERROR_FAILED, "it ends too early");
}

/* Servers that close a connection to end a file cannot be told from those that break it off. A
 * raw disk says nowhere how long it is but in its partitions. */
static void warn_of_end(const struct image *image, const char *path, struct task *task)
{
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
    auto_partitions struct partitions p = {0};
    auto_error struct error *damaged = NULL;
    struct image_file file;
    struct disk_reader reader = {.read = read_bytes, .context = &fd};
    uint64_t end = 0;

    if (fd < 0 || image_file_identify(path, image->format, &file, NULL) < 0 ||
        strcmp(file.format, "raw") != 0)
        return;
    reader.size = file.bytes;
    if (partitions_read(&reader, &p, &damaged) == 0)
        end = partitions_end(&p) - p.tail * (p.count > 0);
    if (damaged || end > file.bytes)
        task_note(task, "warning: what came may have been cut off: %s",
                  damaged ? damaged->message : "partitions end behind the end of the disk");
}

/* The note comes before the image, so that there is none without. */
static int make_unknown(struct image_object *o, const char *part, struct task *task,
                        struct error **err)
{
    auto_free char *note = note_path(o->recipe);
    struct fetch_result result;

    if (download_get(&o->image->download, NULL, true, o->image->timeout, part, task, &result,
                     err) < 0)
        return -1;
    remember(o, &result);
    warn_of_end(o->image, part, task);
    return file_publish(note, result.digest.hex, strlen(result.digest.hex), 0600, err);
}

static int make_known(struct image_object *o, const struct checksum *digest, const char *part,
                      struct task *task, struct error **err)
{
    struct fetch_result result;

    if (download_get(&o->image->download, digest, true, o->image->timeout, part, task, &result,
                     err) < 0)
        return -1;
    remember(o, &result);
    return 0;
}

static int url_make(struct image_object *o, const char *part, struct task *task,
                    struct error **err)
{
    const struct image *image = o->image;
    struct checksum digest, known;
    uint64_t timeout = image->timeout;
    int outcome = download_resolve(&image->download, &timeout, task, &digest, err);

    if (outcome == 0 && !download_known(&image->download, &known))
        outcome = make_pinned(o, &digest, timeout, part, task, err);
    else if (outcome == 0)
        outcome = make_known(o, &digest, part, task, err);
    else if (outcome > 0)
        outcome = make_unknown(o, part, task, err);
    return outcome < 0 ? -1 : 0;
}

static char *url_describe(const struct image_object *o)
{
    return download_describe(&o->image->download);
}

static int name_again(const char *source, const char *path, const char *digest,
                      struct error **err)
{
    auto_free char *part = xasprintf("%s.%d.part", path, (int)getpid());

    unlink(part);
    if (link(source, part) < 0)
        return error_errno(err, errno, "cannot give %s a second name", source);
    return cache_file_publish(part, path, digest, err);
}

/* Fetched under the recipe of its addresses, which is none that lasts, then also known by its
 * digest. */
static int look(const struct image *image, struct task *task, struct checksum *ret,
                struct error **err)
{
    struct image_object o = {.image = image, .refresh = true};
    struct image pinned;
    char recipe[SHA256_TEXT], known[SHA256_TEXT];
    auto_free char *note = NULL, *path = NULL, *source = NULL;
    auto_buffer struct buffer text = {0};

    recipe_of(image, &image->download, recipe);
    note = note_path(recipe);
    o.recipe = recipe;
    if (image_make(&o, task, err) < 0)
        return -1;
    source = o.source;
    if (file_read(note, SHA256_TEXT, &text, err) < 0)
        return -1;
    if (!text.data || !checksum_parse(text.data, HASH_SHA256, ret))
        return error_set(err, ERROR_FAILED, "%s is damaged", note);
    pin(image, ret, 0, &pinned);
    recipe_of(&pinned, &pinned.download, known);
    path = image_maker_path(known);
    return cache_file_is_whole(path) ? 0 : name_again(source, path, o.made, err);
}

int image_url_digest(const struct image *image, struct task *task, struct checksum *ret,
                     struct error **err)
{
    uint64_t timeout = image->timeout;
    int outcome = download_resolve(&image->download, &timeout, task, ret, err);

    if (outcome > 0)
        outcome = look(image, task, ret, err);
    return outcome < 0 ? -1 : 0;
}

const struct image_maker image_url_maker = {
    .is_source = is_download,
    .recipe = url_recipe,
    .make = url_make,
    .describe = url_describe,
    .converts_raw = true,
    .resumes = true,
    .moves = url_moves,
};
