/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/in_use.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

#define DEFAULT_STORE "/var/lib/virtopo"
/* Where QEMU locks single bytes of an image: for what it does with it, and for what it bears
 * others to do (its block/file-posix.c). */
#define LOCKS_START 100
#define LOCKS_LENGTH 200
#define WRITE_LOCK 101

static int check(const char *path, off_t start, off_t length, struct error **err)
{
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};

    /* what cannot be opened or has no locks is told by whoever needs it */
    if (fd < 0 || fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
        return 0;
    error_set(err, ERROR_BUSY, "%s is in use: a guest, or a tool, has it open", path);
    return error_hint(err, "stop the guest first");
}

int in_use_check(const char *path, struct error **err)
{
    return check(path, LOCKS_START, LOCKS_LENGTH, err);
}

int in_use_check_written(const char *path, struct error **err)
{
    return check(path, WRITE_LOCK, 1, err);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Wherever a store's folder is: in it, finished images have seals and records beside them. */
static bool is_store(const char *folder)
{
    struct stat here, usual;
    DIR *entries = opendir(folder);
    bool found = false;

    for (const struct dirent *e; entries && !found && (e = readdir(entries));)
        found = strncmp(e->d_name, "sha256-", 7) == 0 &&
                (strstr(e->d_name, ".sealed-") || strstr(e->d_name, ".made-"));
    if (entries)
        closedir(entries);
    return found || (stat(folder, &here) == 0 && stat(DEFAULT_STORE, &usual) == 0 &&
                     is_same(&here, &usual));
}

/* The store's folder that this one, without links in it, is or lies below; NULL: none. */
static char *store_above(const char *folder)
{
    char *at = xstrdup(folder);

    while (!is_store(at)) {
        char *above = strcmp(at, "/") != 0 ? path_folder(at) : NULL;

        free(at);
        at = above;
        if (!at)
            return NULL;
    }
    return at;
}

static char *other_name_in(const char *folder, const struct stat *file, int depth)
{
    DIR *entries = opendir(folder);
    char *found = NULL;

    for (const struct dirent *e; entries && !found && (e = readdir(entries));) {
        auto_free char *path = xasprintf("%s/%s", folder, e->d_name);
        struct stat st;

        if (*e->d_name == '.' || lstat(path, &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth > 0)
            found = other_name_in(path, file, depth - 1);
        else if (is_same(&st, file))
            found = TAKE(path);
    }
    if (entries)
        closedir(entries);
    return found;
}

char *in_use_other_name(const char *path, const char *store)
{
    struct stat st;

    return stat(path, &st) == 0 ? other_name_in(store, &st, 1) : NULL;
}

static int refuse_image(const char *path, const char *file, const char *doing,
                        struct error **err)
{
    const char *name = strrchr(file, '/') + 1;

    error_set(err, ERROR_CONFLICT, "cannot %s %s: images of the store never change", doing,
              path);
    return error_hint(err, "make a file of it first: virtopo image export %.12s image.qcow2",
                      strncmp(name, "sha256-", 7) == 0 ? name + 7 : name);
}

static int refuse_disk(const char *path, const char *doing, struct error **err)
{
    error_set(err, ERROR_CONFLICT, "cannot %s %s: it is the disk of a cluster's node", doing,
              path);
    return error_hint(err, "its size is `disk` or `disks` in the cluster's file; `virtopo "
                           "export` makes an image of a node");
}

int in_use_check_ours(const char *path, const char *doing, struct error **err)
{
    auto_free char *other = in_use_other_name(path, DEFAULT_STORE);
    auto_free char *file = other ? TAKE(other) : realpath(path, NULL);
    auto_free char *folder = file ? path_folder(file) : NULL;
    auto_free char *store = folder ? store_above(folder) : NULL;

    if (!store)
        return 0;
    return strcmp(store, folder) == 0 ? refuse_image(path, file, doing, err)
                                      : refuse_disk(path, doing, err);
}

int in_use_check_names(const char *path, const char *doing, struct error **err)
{
    struct stat st;

    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink == 1)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "cannot %s %s: the file has %lu names (hard links), and would change under all "
              "of them",
              doing, path, (unsigned long)st.st_nlink);
    return error_hint(err, "copy it, and change the copy");
}

int in_use_check_output(const char *path, struct error **err)
{
    auto_free char *above = path_folder(path);
    auto_free char *folder = realpath(above, NULL);
    auto_free char *store = folder ? store_above(folder) : NULL;
    auto_free char *other = store ? NULL : in_use_other_name(path, DEFAULT_STORE);

    if (!store && !other)
        return 0;
    if (store)
        error_set(err, ERROR_CONFLICT,
                  "cannot write %s: %s is a host's store, of images and of nodes' disks", path,
                  store);
    else
        error_set(err, ERROR_CONFLICT, "cannot replace %s: it is %s of the host's store", path,
                  other);
    return error_hint(err, "name a file elsewhere; `virtopo image import-disk` brings one "
                           "into the store");
}
