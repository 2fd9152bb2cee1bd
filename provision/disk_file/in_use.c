/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/in_use.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
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

/* Wherever a store's folder is: in it, finished images have their seals beside them. */
static bool is_store(const char *folder)
{
    DIR *entries = opendir(folder);
    bool found = false;

    for (const struct dirent *e; entries && !found && (e = readdir(entries));)
        found = strncmp(e->d_name, "sha256-", 7) == 0 && strstr(e->d_name, ".sealed-");
    if (entries)
        closedir(entries);
    return found || strcmp(folder, DEFAULT_STORE) == 0;
}

int in_use_check_ours(const char *path, const char *doing, struct error **err)
{
    auto_free char *file = realpath(path, NULL);
    auto_free char *folder = file ? path_folder(file) : NULL;
    auto_free char *above = folder ? path_folder(folder) : NULL;
    const char *name = file ? strrchr(file, '/') + 1 : "";

    if (!file)
        return 0;
    if (is_store(folder)) {
        error_set(err, ERROR_CONFLICT, "cannot %s %s: images of the store never change", doing,
                  path);
        return error_hint(err,
                          "make a file of it first: virtopo image export %.12s image.qcow2",
                          strncmp(name, "sha256-", 7) == 0 ? name + 7 : name);
    }
    if (!is_store(above))
        return 0;
    error_set(err, ERROR_CONFLICT, "cannot %s %s: it is the disk of a cluster's node", doing,
              path);
    return error_hint(err, "its size is `disk` or `disks` in the cluster's file; `virtopo "
                           "export` makes an image of a node");
}
