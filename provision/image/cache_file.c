/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/cache_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/image/digest_cache.h"
#include "util/file.h"

static char *note_path(const char *path)
{
    auto_free char *folder = path_folder(path);
    auto_free char *cache = path_folder(folder);

    return xasprintf("%s/digests/%s", cache, strrchr(path, '/') + 1);
}

bool cache_file_is_whole(const char *path)
{
    auto_free char *note = note_path(path);
    auto_buffer struct buffer wanted = {0};
    char digest[SHA256_TEXT];
    struct stat st;

    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, R_OK) == 0 &&
           file_read(note, SHA256_TEXT, &wanted, NULL) == 0 && wanted.data &&
           digest_cached(path, digest, NULL) == 0 && strcmp(wanted.data, digest) == 0;
}

static int sync_file(const char *path, struct error **err)
{
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0 || fsync(fd) < 0)
        return error_errno(err, errno, "cannot write %s", path);
    return 0;
}

/* The note first: a file that is there without its own is made again. */
static int write_note(const char *path, const char *digest, struct error **err)
{
    auto_free char *note = note_path(path), *folder = path_folder(note);

    return file_make_folders(folder, 0700, err) < 0
               ? -1
               : file_publish(note, digest, strlen(digest), 0600, err);
}

/* What is no file is in the way. */
static int clear_place(const char *path, struct error **err)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) ? file_remove_tree(path, err) : 0;
}

int cache_file_publish(const char *part, const char *path, const char *digest,
                       struct error **err)
{
    char own[SHA256_TEXT];

    snprintf(own, sizeof own, "%s", digest ? digest : "");
    if (sync_file(part, err) < 0 || (!*own && sha256_file(part, own, NULL, NULL, err) < 0) ||
        write_note(path, own, err) < 0 || clear_place(path, err) < 0)
        return -1;
    if (rename(part, path) < 0)
        return error_errno(err, errno, "cannot move the new file to %s", path);
    unlink(part); /* two names of one file stay, both */
    digest_remember(path, own);
    return 0;
}

int cache_file_remove(const char *path, struct error **err)
{
    auto_free char *note = note_path(path), *came = xasprintf("%s.digest", path);

    unlink(note);
    unlink(came); /* image_url.c's: of what came */
    return file_remove_tree(path, err);
}
