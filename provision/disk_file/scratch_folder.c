/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/scratch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

#define PREFIX "work-"
#define TRIES 10

/* The descriptor, or -1 where somebody else has it, or it is not there. */
static int lock_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat here, there;

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &here) == 0 &&
        stat(path, &there) == 0 && here.st_ino == there.st_ino)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* A cache: what cannot be removed now goes another time. */
static void remove_tree(const char *path)
{
    auto_error struct error *reason = NULL;

    if (file_remove_tree(path, &reason) < 0)
        error_clear(&reason);
}

static void sweep(const char *cache)
{
    DIR *entries = opendir(cache);

    for (const struct dirent *e; entries && (e = readdir(entries));) {
        auto_free char *path = xasprintf("%s/%s", cache, e->d_name);
        auto_close int lock =
            strncmp(e->d_name, PREFIX, strlen(PREFIX)) == 0 ? lock_folder(path) : -1;

        if (lock >= 0)
            remove_tree(path);
    }
    if (entries)
        closedir(entries);
}

int scratch_folder_make(struct scratch_folder *ret, struct error **err)
{
    auto_free char *cache = path_cache();

    *ret = (struct scratch_folder){.lock = -1};
    if (file_make_folders(cache, 0700, err) < 0)
        return -1;
    sweep(cache);
    /* another run's sweep may take it before it is locked */
    for (int i = 0; i < TRIES; i++) {
        auto_free char *path = xasprintf("%s/" PREFIX "XXXXXX", cache);

        if (!mkdtemp(path))
            return error_errno(err, errno, "cannot make a folder in %s", cache);
        ret->lock = lock_folder(path);
        if (ret->lock < 0)
            continue;
        ret->path = TAKE(path);
        return 0;
    }
    return error_set(err, ERROR_FAILED, "cannot keep a folder in %s", cache);
}

void scratch_folder_remove(struct scratch_folder *folder)
{
    if (!folder->path)
        return;
    remove_tree(folder->path);
    close(folder->lock);
    free(folder->path);
    *folder = (struct scratch_folder){.lock = -1};
}
