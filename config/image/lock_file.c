/* SPDX-License-Identifier: Apache-2.0 */
#include "config/image/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/url.h"

#define LOCK_LIMIT (4u << 20)
#define LOCK_VERSION 1

static const struct {
    const char *key;
    size_t digits;
} kinds[] = {{"sha256", 64}, {"sha512", 128}};

char *lock_file_path(const char *file)
{
    const char *slash = strrchr(file, '/');

    if (strcmp(file, "-") == 0)
        return NULL;
    return xasprintf("%.*s" LOCK_FILE_NAME, slash ? (int)(slash - file) + 1 : 0, file);
}

const char *lock_file_digest(const json_t *entry, const char **ret_hex)
{
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        const char *hex = json_string_value(json_object_get(entry, kinds[i].key));

        if (hex && strlen(hex) == kinds[i].digits &&
            strspn(hex, "0123456789abcdef") == kinds[i].digits) {
            *ret_hex = hex;
            return kinds[i].key;
        }
    }
    return NULL;
}

static bool is_entry(const json_t *entry)
{
    const json_t *urls = json_object_get(entry, "urls");
    const char *hex;

    if (!lock_file_digest(entry, &hex) || json_array_size(urls) == 0)
        return false;
    for (size_t i = 0; i < json_array_size(urls); i++) {
        if (!json_is_string(json_array_get(urls, i)))
            return false;
    }
    return true;
}

static int refuse(const char *name, const char *why, struct error **err)
{
    error_set(err, ERROR_CONFIG, "%s cannot be used: %s", name, why);
    return error_hint(err, "take it back from where its changes are kept, or remove it and run "
                           "`virtopo image lock`, which writes what is there today");
}

static int check(const char *name, json_t *root, struct error **err)
{
    json_t *images = json_object_get(root, "images");
    json_int_t version = json_integer_value(json_object_get(root, "version"));
    const char *image;
    json_t *entry;

    if (!json_is_object(images) || version < 1)
        return refuse(name, "it is no lock of virtopo's", err);
    if (version > LOCK_VERSION) {
        error_set(err, ERROR_CONFIG, "%s was written by a newer virtopo", name);
        return error_hint(err, "use that one, or remove the file and run `virtopo image lock`");
    }
    json_object_foreach (images, image, entry) {
        auto_free char *why = xasprintf("the entry of '%s' has no digest or no urls", image);

        if (!is_entry(entry))
            return refuse(name, why, err);
    }
    return 0;
}

int lock_file_parse(const char *name, const char *text, size_t length, json_t **ret,
                    struct error **err)
{
    json_error_t where;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
    int outcome;

    if (!root) {
        auto_free char *why = xasprintf("line %d: %s", where.line, where.text);

        return refuse(name, why, err);
    }
    outcome = check(name, root, err);
    if (outcome == 0)
        *ret = json_incref(json_object_get(root, "images"));
    json_decref(root);
    return outcome;
}

int lock_file_read(const char *path, json_t **ret, struct error **err)
{
    auto_buffer struct buffer text = {0};

    if (access(path, F_OK) != 0) {
        *ret = json_object();
        return 1;
    }
    if (file_read(path, LOCK_LIMIT, &text, err) < 0)
        return -1;
    return lock_file_parse(path, text.data ? text.data : "", text.length, ret, err);
}

char *lock_file_text(const json_t *images)
{
    json_t *root = json_pack("{s:i, s:O}", "version", LOCK_VERSION, "images", images);
    auto_free char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS);

    json_decref(root);
    return xasprintf("%s\n", text);
}

int lock_file_check(const char *path, struct error **err)
{
    struct stat st;

    if (stat(path, &st) == 0 && (st.st_mode & 0222) == 0) {
        error_set(err, ERROR_CONFLICT, "%s is read-only, so it stays as it is", path);
        return error_hint(err, "if it is to change: chmod u+w %s", path);
    }
    if (stat(path, &st) < 0 && lstat(path, &st) == 0)
        return error_set(err, ERROR_CONFLICT, "%s is a symbolic link to what is not there",
                         path);
    return 0;
}

int lock_file_alone(const char *path, struct error **err)
{
    auto_free char *real = realpath(path, NULL);
    auto_free char *folder = path_folder(real ? real : path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return error_errno(err, errno, "cannot open folder %s", folder);
    /* File systems of networks may have no locks for folders: then without. */
    while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
        ;
    return fd;
}

int lock_file_write(const char *path, const json_t *images, struct error **err)
{
    auto_free char *text = lock_file_text(images);
    auto_free char *real = realpath(path, NULL);
    struct stat st;
    mode_t mode = real && stat(real, &st) == 0 ? st.st_mode & 0777 : 0644;

    return lock_file_check(path, err) < 0
               ? -1
               : file_publish(real ? real : path, text, strlen(text), mode, err);
}

static json_t *shown_urls(const struct download *download)
{
    json_t *urls = json_array();
    size_t count = download->url ? 1 : download->urls.count;

    for (size_t i = 0; i < count; i++) {
        auto_free char *url =
            url_shown(download->url ? download->url : download->urls.items[i]);

        json_array_append_new(urls, json_string(url));
    }
    return urls;
}

json_t *lock_file_entry(const struct download *download, const char *kind, const char *hex)
{
    return json_pack("{s:s, s:o}", kind, hex, "urls", shown_urls(download));
}

bool lock_file_fits(const json_t *entry, const struct download *download)
{
    json_t *urls = shown_urls(download);
    bool same = json_equal(urls, json_object_get(entry, "urls"));

    json_decref(urls);
    return same;
}

struct download *lock_file_download(struct image *image)
{
    struct download *download = image->iso.source ? &image->iso.download : &image->download;

    return download_is_given(download) ? download : NULL;
}
