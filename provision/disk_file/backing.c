/* SPDX-License-Identifier: Apache-2.0 */
/* By qemu's docs/interop/qcow2.txt; all numbers are big endian. */
#include "provision/disk_file/backing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/disk_file/foreign.h"
#include "util/bytes.h"

#define HEADER 65536 /* of the file; more than a header and its extensions take */
#define SHORTEST 104
#define NAME_LIMIT 1023
#define FEATURES_TAKEN UINT64_C(0x19) /* dirty, compression, subclusters */
#define EXTENSION_FORMAT 0xe2792aca

static int damaged(const char *path, const char *what, struct error **err)
{
    error_set(err, ERROR_CONFIG, "%s: a damaged qcow2 image (%s)", path, what);
    return error_hint(err, "download or copy it again");
}

static char *format_of(const unsigned char *h, size_t length)
{
    size_t at = be32_at(h, 4) == 3 ? be32_at(h, 100) : 72;

    while (at + 8 <= length && be32_at(h, at) != 0) {
        uint32_t size = be32_at(h, at + 4);

        if (size > length - at - 8)
            return NULL;
        if (be32_at(h, at) == EXTENSION_FORMAT)
            return xstrndup((const char *)h + at + 8, size);
        at += 8 + ((size_t)size + 7) / 8 * 8;
    }
    return NULL;
}

static int read_name(const char *path, const unsigned char *h, size_t length,
                     struct backing *ret, struct error **err)
{
    uint64_t offset = be64_at(h, 8);
    uint32_t size = be32_at(h, 16);

    if (offset == 0)
        return 0;
    if (size == 0 || size > NAME_LIMIT || size > length || offset > length - size ||
        memchr(h + offset, 0, size))
        return damaged(path, "the name of its backing file is none", err);
    ret->name = xstrndup((const char *)h + offset, size);
    ret->format = format_of(h, offset < length ? (size_t)offset : length);
    return 0;
}

static int read_header(const char *path, const unsigned char *h, size_t length,
                       struct backing *ret, struct error **err)
{
    uint64_t features = be32_at(h, 4) == 3 ? be64_at(h, 72) : 0;

    if (length < SHORTEST)
        return damaged(path, "its header is cut off", err);
    if (be32_at(h, 4) != 2 && be32_at(h, 4) != 3)
        return damaged(path, "its header is of an unknown version", err);
    if ((features & ~FEATURES_TAKEN) || be32_at(h, 32))
        return error_set(err, ERROR_CONFIG,
                         "%s: the image is encrypted, corrupt, or keeps its data in another "
                         "file, which is not taken",
                         path);
    ret->capacity = be64_at(h, 24);
    ret->snapshots = be32_at(h, 60);
    if (ret->capacity == 0 || ret->capacity > DISK_CAPACITY_LIMIT)
        return error_set(err, ERROR_CONFIG, "%s: its header claims a disk of %llu bytes", path,
                         (unsigned long long)ret->capacity);
    return read_name(path, h, length, ret, err);
}

int backing_read(const char *path, struct backing *ret, struct error **err)
{
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    auto_free unsigned char *h = xcalloc(1, HEADER);
    struct stat st;
    ssize_t got;

    *ret = (struct backing){0};
    if (fd < 0 || fstat(fd, &st) < 0)
        return error_errno(err, errno, "cannot open image %s", path);
    got = S_ISREG(st.st_mode) ? pread(fd, h, HEADER, 0) : 0;
    if (got < 4 || memcmp(h, "QFI\xfb", 4) != 0)
        return 0;
    ret->bytes = (uint64_t)st.st_size;
    if (read_header(path, h, (size_t)got, ret, err) == 0)
        return 1;
    backing_done(ret);
    return -1;
}

void backing_done(struct backing *b)
{
    free(b->name);
    free(b->format);
    *b = (struct backing){0};
}
