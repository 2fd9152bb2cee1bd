/* SPDX-License-Identifier: Apache-2.0 */
#include "host/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct source {
    int fd;
    const char *path;
    uint64_t done;
    const struct transfer_watch *watch;
    int read_errno;
    bool cancelled;
};

static int report(struct source *s)
{
    if (s->watch && s->watch->progress && s->watch->progress(s->watch->context, s->done))
        s->cancelled = true;
    return s->cancelled ? -1 : 0;
}

static int source_read(virStreamPtr stream, char *data, size_t length, void *opaque)
{
    struct source *s = opaque;
    ssize_t got;

    (void)stream;
    do {
        got = read(s->fd, data, length);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        s->read_errno = errno;
        return -1;
    }
    s->done += (uint64_t)got;
    return report(s) < 0 ? -1 : (int)got;
}

/* virStreamSparseSendAll's question: are we in data, and for how long? */
static int source_hole(virStreamPtr stream, int *in_data, long long *length, void *opaque)
{
    struct source *s = opaque;
    off_t here = lseek(s->fd, 0, SEEK_CUR);
    off_t end = lseek(s->fd, 0, SEEK_END);
    off_t data, next;

    (void)stream;
    if (here < 0 || end < 0)
        goto failed;
    data = lseek(s->fd, here, SEEK_DATA);
    if (data < 0 && errno != ENXIO)
        goto failed;
    if (data < 0 || here == end) { /* a hole up to the end, or the end itself */
        *in_data = 0;
        *length = end - here;
    } else if (data > here) {
        *in_data = 0;
        *length = data - here;
    } else {
        next = lseek(s->fd, here, SEEK_HOLE);
        if (next < 0)
            goto failed;
        *in_data = 1;
        *length = next - here;
    }
    if (lseek(s->fd, here, SEEK_SET) < 0)
        goto failed;
    return 0;
failed:
    s->read_errno = errno;
    return -1;
}

static int source_skip(virStreamPtr stream, long long length, void *opaque)
{
    struct source *s = opaque;

    (void)stream;
    if (lseek(s->fd, length, SEEK_CUR) < 0) {
        s->read_errno = errno;
        return -1;
    }
    s->done += (uint64_t)length;
    return report(s);
}

static int upload_failed(struct source *s, const char *volume, struct error **err)
{
    if (s->cancelled)
        return error_set(err, ERROR_CANCELLED, "copying to volume '%s': stopped", volume);
    if (s->read_errno)
        return error_errno(err, s->read_errno, "cannot read %s", s->path);
    return error_virt(err, "copying to volume '%s'", volume);
}

int transfer_upload_file(virConnectPtr connection, virStorageVolPtr volume, const char *path,
                         bool sparse, const struct transfer_watch *watch, struct error **err)
{
    auto_stream virStreamPtr stream = NULL;
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct source s = {.fd = fd, .path = path, .watch = watch};
    const char *name = virStorageVolGetName(volume);
    struct stat st;
    int outcome;

    if (fd < 0 || fstat(fd, &st) < 0)
        return error_errno(err, errno, "cannot open %s", path);
    stream = virStreamNew(connection, 0);
    if (!stream || virStorageVolUpload(volume, stream, 0, (unsigned long long)st.st_size,
                                       sparse ? VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM : 0) < 0)
        return error_virt(err, "copying to volume '%s'", name);
    outcome = sparse ? virStreamSparseSendAll(stream, source_read, source_hole, source_skip, &s)
                     : virStreamSendAll(stream, source_read, &s);
    if (outcome < 0)
        return upload_failed(&s, name, err);
    if (virStreamFinish(stream) < 0)
        return error_virt(err, "copying to volume '%s'", name);
    return 0;
}

int transfer_upload(virConnectPtr connection, virStorageVolPtr volume, const void *data,
                    size_t length, struct error **err)
{
    auto_stream virStreamPtr stream = virStreamNew(connection, 0);
    const char *name = virStorageVolGetName(volume);
    const char *at = data;

    if (!stream || virStorageVolUpload(volume, stream, 0, length, 0) < 0)
        return error_virt(err, "writing volume '%s'", name);
    while (length) {
        int sent = virStreamSend(stream, at, length);

        if (sent < 0) {
            error_virt(err, "writing volume '%s'", name);
            virStreamAbort(stream);
            return -1;
        }
        at += sent;
        length -= (size_t)sent;
    }
    if (virStreamFinish(stream) < 0)
        return error_virt(err, "writing volume '%s'", name);
    return 0;
}

struct target {
    int fd;
    uint64_t done;
    const struct transfer_watch *watch;
    int write_errno;
    bool cancelled;
};

static int target_report(struct target *t)
{
    if (t->watch && t->watch->progress && t->watch->progress(t->watch->context, t->done))
        t->cancelled = true;
    return t->cancelled ? -1 : 0;
}

static int target_write(virStreamPtr stream, const char *data, size_t length, void *opaque)
{
    struct target *t = opaque;
    ssize_t put;

    (void)stream;
    do {
        put = write(t->fd, data, length);
    } while (put < 0 && errno == EINTR);
    if (put < 0) {
        t->write_errno = errno;
        return -1;
    }
    t->done += (uint64_t)put;
    return target_report(t) < 0 ? -1 : (int)put;
}

/* Also at the end, where only the file's length tells of it. */
static int target_skip(virStreamPtr stream, long long length, void *opaque)
{
    struct target *t = opaque;
    off_t here = lseek(t->fd, length, SEEK_CUR);

    (void)stream;
    if (here < 0 || ftruncate(t->fd, here) < 0) {
        t->write_errno = errno;
        return -1;
    }
    t->done += (uint64_t)length;
    return target_report(t);
}

int transfer_download_file(virConnectPtr connection, virStorageVolPtr volume, const char *path,
                           const struct transfer_watch *watch, struct error **err)
{
    auto_stream virStreamPtr stream = NULL;
    auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct target t = {.fd = fd, .watch = watch};
    const char *name = virStorageVolGetName(volume);

    if (fd < 0)
        return error_errno(err, errno, "cannot write %s", path);
    stream = virStreamNew(connection, 0);
    if (!stream ||
        virStorageVolDownload(volume, stream, 0, 0, VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM) < 0)
        return error_virt(err, "copying volume '%s'", name);
    if (virStreamSparseRecvAll(stream, target_write, target_skip, &t) < 0) {
        if (t.cancelled)
            return error_set(err, ERROR_CANCELLED, "copying volume '%s': stopped", name);
        if (t.write_errno)
            return error_errno(err, t.write_errno, "cannot write %s", path);
        return error_virt(err, "copying volume '%s'", name);
    }
    if (virStreamFinish(stream) < 0)
        return error_virt(err, "copying volume '%s'", name);
    return 0;
}

int transfer_download_tail(virConnectPtr connection, virStorageVolPtr volume, size_t limit,
                           struct buffer *out, struct error **err)
{
    auto_stream virStreamPtr stream = virStreamNew(connection, 0);
    const char *name = virStorageVolGetName(volume);
    virStorageVolInfo info;
    unsigned long long start, size;

    /* The capacity would be what the content claims, should it look like a disk image. */
    if (!stream || virStorageVolGetInfoFlags(volume, &info, VIR_STORAGE_VOL_GET_PHYSICAL) < 0)
        return error_virt(err, "reading volume '%s'", name);
    size = info.allocation; /* the length of the file, asked for so */
    start = size > limit ? size - limit : 0;
    if (size == 0)
        return 0;
    if (virStorageVolDownload(volume, stream, start, size - start, 0) < 0)
        return error_virt(err, "reading volume '%s'", name);
    for (;;) {
        char chunk[16384];
        int got = virStreamRecv(stream, chunk, sizeof chunk);

        if (got < 0) {
            error_virt(err, "reading volume '%s'", name);
            virStreamAbort(stream);
            return -1;
        }
        if (got == 0)
            break;
        buffer_append(out, chunk, (size_t)got);
    }
    virStreamFinish(stream);
    return 0;
}
