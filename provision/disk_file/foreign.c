/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/foreign.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "util/size.h"

#define BLOCK_BYTES (64 * KIB)
#define TABLE_LIMIT (64 * MIB)

static const struct foreign_format *const formats[] = {&foreign_vmdk, &foreign_vdi,
                                                       &foreign_vhdx, &foreign_vhd};

const struct foreign_format *foreign_find(struct foreign *f, int fd, const char *path,
                                          uint64_t bytes)
{
    *f = (struct foreign){.fd = fd, .path = path, .bytes = bytes};
    if (pread(fd, f->header, sizeof f->header, 0) < 0)
        return NULL;
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        if (!formats[i]->recognise(f))
            continue;
        f->kind = formats[i]->kind;
        return formats[i];
    }
    return NULL;
}

const struct foreign_format *foreign_named(const char *word)
{
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        if (strcmp(formats[i]->word, word) == 0)
            return formats[i];
    }
    return NULL;
}

int foreign_damaged(const struct foreign *f, const char *what, struct error **err)
{
    error_set(err, ERROR_CONFIG, "%s: a damaged %s image (%s)", f->path, f->kind, what);
    return error_hint(err, "download or copy it again");
}

int foreign_cut_off(const struct foreign *f, uint64_t byte, struct error **err)
{
    error_set(err, ERROR_CONFIG,
              "%s: the image is cut off: it refers to data at byte %llu, and the file has %llu",
              f->path, (unsigned long long)byte, (unsigned long long)f->bytes);
    return error_hint(err, "download or copy it again");
}

int foreign_refused(const struct foreign *f, const char *what, const char *hint,
                    struct error **err)
{
    error_set(err, ERROR_CONFIG, "%s: the %s image %s", f->path, f->kind, what);
    return hint ? error_hint(err, "%s", hint) : -1;
}

int foreign_read(const struct foreign *f, uint64_t offset, void *data, size_t length,
                 struct error **err)
{
    if (offset >= f->bytes || length > f->bytes - offset)
        return foreign_cut_off(f, offset + length - 1, err);
    for (size_t done = 0; done < length;) {
        ssize_t n = pread(f->fd, (char *)data + done, length - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, errno, "cannot read image %s", f->path);
        if (n == 0)
            return foreign_cut_off(f, offset + done, err);
        done += (size_t)n;
    }
    return 0;
}

int foreign_capacity(const struct foreign *f, uint64_t capacity, struct error **err)
{
    if (capacity == 0 || capacity > DISK_CAPACITY_LIMIT)
        return error_set(err, ERROR_CONFIG, "%s: its header claims a disk of %llu bytes",
                         f->path, (unsigned long long)capacity);
    return 0;
}

int foreign_table(const struct foreign *f, uint64_t offset, uint64_t count, size_t size,
                  uint64_t (*place)(const void *context, const unsigned char *entry),
                  const void *context, struct error **err)
{
    unsigned char block[BLOCK_BYTES];
    uint64_t length;

    /* Together no more than 64 bits, whatever the header says. */
    if (count > UINT32_MAX)
        return foreign_damaged(f, "its table is too large", err);
    length = count * size;
    if (length && (offset >= f->bytes || length > f->bytes - offset))
        return foreign_cut_off(f, offset + length - 1, err);
    length = length < TABLE_LIMIT ? length : TABLE_LIMIT;
    for (uint64_t done = 0; done < length;) {
        size_t part = length - done < sizeof block ? (size_t)(length - done) : sizeof block;

        if (foreign_read(f, offset + done, block, part, err) < 0)
            return -1;
        for (size_t at = 0; at + size <= part; at += size) {
            uint64_t byte = place(context, block + at);

            if (byte >= f->bytes)
                return foreign_cut_off(f, byte, err);
        }
        done += part;
    }
    return 0;
}
