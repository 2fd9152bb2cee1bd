/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/digest_cache.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/file.h"

#define CACHE_LIMIT (4u << 20)

static char *identity_of(const struct stat *st)
{
    return xasprintf("%llx:%llx:%llx:%llx.%lx:%llx.%lx", (unsigned long long)st->st_dev,
                     (unsigned long long)st->st_ino, (unsigned long long)st->st_size,
                     (unsigned long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
                     (unsigned long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

static json_t *load(const char *path)
{
    auto_buffer struct buffer text = {0};
    json_t *cache = NULL;

    if (file_read(path, CACHE_LIMIT, &text, NULL) == 0 && text.data)
        cache = json_loadb(text.data, text.length, 0, NULL);
    if (!json_is_object(cache)) {
        json_decref(cache);
        cache = json_object();
    }
    return cache;
}

/* A cache that cannot be written costs time, not correctness. */
static void store(const char *folder, const char *path, json_t *cache)
{
    auto_free char *text = json_dumps(cache, JSON_INDENT(1) | JSON_SORT_KEYS);

    if (text && strlen(text) < CACHE_LIMIT && file_make_folders(folder, 0700, NULL) == 0 &&
        file_publish(path, text, strlen(text), 0600, NULL) < 0)
        return;
}

void digest_remember(const char *path, const char *digest)
{
    auto_free char *folder = path_cache();
    auto_free char *file = xasprintf("%s/digests.json", folder);
    auto_free char *identity = NULL;
    struct stat st;
    json_t *cache;

    if (stat(path, &st) < 0)
        return;
    identity = identity_of(&st);
    cache = load(file);
    json_object_set_new(cache, identity, json_string(digest));
    store(folder, file, cache);
    json_decref(cache);
}

int digest_cached(const char *path, char out[SHA256_TEXT], struct error **err)
{
    auto_free char *folder = path_cache();
    auto_free char *file = xasprintf("%s/digests.json", folder);
    auto_free char *identity = NULL;
    const char *known;
    struct stat st;
    json_t *cache;
    int outcome = 0;

    if (stat(path, &st) < 0)
        return error_errno(err, errno, "cannot look at %s", path);
    identity = identity_of(&st);
    cache = load(file);
    known = json_string_value(json_object_get(cache, identity));
    if (known && strlen(known) == SHA256_TEXT - 1) {
        memcpy(out, known, SHA256_TEXT);
    } else {
        outcome = sha256_file(path, out, NULL, NULL, err);
        if (outcome == 0) {
            json_object_set_new(cache, identity, json_string(out));
            store(folder, file, cache);
        }
    }
    json_decref(cache);
    return outcome;
}
