/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_medium.h"

#include "provision/fetch/download.h"
#include "provision/image/cache_file.h"
#include "provision/image/image_maker.h"
#include "util/file.h"
#include "util/url.h"

/* In the cache by what it is, so that it is fetched once for all images that it installs. */
static char *cached_path(const struct download *download, const struct checksum *digest)
{
    auto_free char *cache = path_cache();
    struct download known = *download;
    char recipe[SHA256_TEXT];

    if (digest) {
        known.sha256 = digest->kind == HASH_SHA256 ? digest->hex : NULL;
        known.sha512 = digest->kind == HASH_SHA512 ? digest->hex : NULL;
    }
    download_recipe(&known, recipe);
    return xasprintf("%s/images/%s.iso", cache, recipe);
}

static int publish(const struct fetch_result *result, const char *part, const char *path,
                   struct error **err)
{
    bool is_its_own = !result->unpacked && result->digest.kind == HASH_SHA256;

    return cache_file_publish(part, path, is_its_own ? result->digest.hex : NULL, err);
}

static int fetch(const struct download *download, const struct checksum *digest,
                 uint64_t timeout, const char *path, struct task *task, struct error **err)
{
    auto_free char *part = xasprintf("%s.part", path);
    struct fetch_result result;

    if (download_get(download, digest, true, timeout, part, task, &result, err) < 0)
        return -1;
    return publish(&result, part, path, err);
}

int install_medium_fetch(const struct image *image, struct task *task, char **ret,
                         struct error **err)
{
    const struct download *download = &image->iso.download;
    struct checksum digest;
    auto_free char *path = NULL, *folder = NULL;
    auto_close int lock = -1;
    uint64_t timeout;
    int unknown;

    *ret = xstrdup_null(image->iso.file);
    if (!download_is_given(download))
        return 0;
    timeout = download->timeout;
    unknown = download_resolve(download, &timeout, task, &digest, err);
    if (unknown < 0)
        return error_wrap(err, "the ISO of image '%s'", image->name);
    path = cached_path(download, unknown ? NULL : &digest);
    folder = path_folder(path);
    if (file_make_folders(folder, 0700, err) < 0)
        return -1;
    lock = image_maker_lock(path, task, err);
    if (lock < 0)
        return -1;
    if ((unknown || !cache_file_is_whole(path)) &&
        fetch(download, unknown ? NULL : &digest, timeout, path, task, err) < 0)
        return error_wrap(err, "the ISO of image '%s'", image->name);
    *ret = TAKE(path);
    return 0;
}

int install_medium_digest(const struct image *image, struct task *task, struct checksum *ret,
                          struct error **err)
{
    const struct download *download = &image->iso.download;
    auto_free char *unknown = cached_path(download, NULL), *known = NULL;
    auto_free char *part = xasprintf("%s.part", unknown), *folder = path_folder(unknown);
    auto_close int lock = -1;
    struct fetch_result result;
    uint64_t timeout = download->timeout;
    int outcome = download_resolve(download, &timeout, task, ret, err);

    if (outcome <= 0)
        return outcome < 0 ? error_wrap(err, "the ISO of image '%s'", image->name) : 0;
    if (file_make_folders(folder, 0700, err) < 0)
        return -1;
    lock = image_maker_lock(unknown, task, err);
    if (lock < 0)
        return -1;
    if (download_get(download, NULL, true, timeout, part, task, &result, err) < 0)
        return error_wrap(err, "the ISO of image '%s'", image->name);
    *ret = result.digest;
    known = cached_path(download, ret);
    return publish(&result, part, known, err);
}

char *install_medium_name(const struct install_medium *medium)
{
    const struct download *download = &medium->download;

    if (medium->file)
        return xstrdup(medium->file);
    if (!download_is_given(download))
        return xasprintf("%s", medium->kernel);
    return url_shown(download->url ? download->url : download->urls.items[0]);
}
