/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/disk_file/in_use.h"

static int refuse_existing(const char *path, struct error **err)
{
    error_set(err, ERROR_CONFLICT, "%s is there already", path);
    return error_hint(err, "name another file, or overwrite it with --force");
}

static int check_place(const struct output *o, struct error **err)
{
    struct stat st;

    if (in_use_check_output(o->path, err) < 0)
        return -1;
    if (lstat(o->path, &st) < 0)
        return errno == ENOENT ? 0 : error_errno(err, errno, "cannot look at %s", o->path);
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_CONFLICT, "%s is there already, and no regular file",
                         o->path);
    if (!o->replace)
        return refuse_existing(o->path, err);
    return in_use_check(o->path, err);
}

/* The descriptor with its lock, or -1 and errno. */
static int lock_file(const char *path, int flags)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0666);

    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    errno = EWOULDBLOCK;
    return -1;
}

/* A part that nobody holds is what a run that was killed left. Its qemu-img may still write to
 * it: the new one is another file. */
static int take_part(struct output *o, struct error **err)
{
    int leftover = lock_file(o->part, 0), reason;

    if (leftover >= 0)
        unlink(o->part);
    else if (errno != ENOENT && errno != EWOULDBLOCK)
        return error_errno(err, errno, "cannot write %s", o->part);
    if (leftover >= 0 || errno == ENOENT)
        o->lock = lock_file(o->part, O_CREAT | O_EXCL);
    reason = errno;
    if (leftover >= 0)
        close(leftover);
    if (o->lock >= 0)
        return 0;
    if (reason == EWOULDBLOCK || reason == EEXIST)
        return error_set(err, ERROR_BUSY, "another virtopo is writing %s", o->path);
    return error_errno(err, reason, "cannot write %s", o->part);
}

int output_begin(struct output *o, const char *path, bool replace, struct error **err)
{
    *o = (struct output){.path = xstrdup(path),
                         .part = xasprintf("%s.virtopo-part", path),
                         .lock = -1,
                         .replace = replace};
    return check_place(o, err) < 0 ? -1 : take_part(o, err);
}

/* File systems without a rename that spares what is there have a moment between look and
 * rename. */
static int put_there(const struct output *o, struct error **err)
{
    if (!o->replace) {
        if (renameat2(AT_FDCWD, o->part, AT_FDCWD, o->path, RENAME_NOREPLACE) == 0)
            return 0;
        if (errno == EEXIST || (errno == EINVAL && access(o->path, F_OK) == 0))
            return refuse_existing(o->path, err);
        if (errno != EINVAL)
            return error_errno(err, errno, "cannot move the new file to %s", o->path);
    }
    if (rename(o->part, o->path) < 0)
        return error_errno(err, errno, "cannot move the new file to %s", o->path);
    return 0;
}

int output_publish(struct output *o, const char *like, struct error **err)
{
    struct stat st;

    if (like && stat(like, &st) == 0) {
        if (fchown(o->lock, st.st_uid, st.st_gid) < 0 && errno != EPERM)
            return error_errno(err, errno, "cannot change the owner of %s", o->part);
        if (fchmod(o->lock, st.st_mode & 07777) < 0)
            return error_errno(err, errno, "cannot change the mode of %s", o->part);
    }
    /* Of what is replaced there is no other copy, should the power go; what is new is made of
     * something that is still there, as with cp. */
    if (o->replace && fsync(o->lock) < 0)
        return error_errno(err, errno, "cannot write %s", o->part);
    if (check_place(o, err) < 0 || put_there(o, err) < 0)
        return -1;
    close(o->lock);
    o->lock = -1;
    return 0;
}

void output_done(struct output *o)
{
    if (o->lock >= 0) {
        unlink(o->part);
        close(o->lock);
    }
    free(o->path);
    free(o->part);
    *o = (struct output){.lock = -1};
}
