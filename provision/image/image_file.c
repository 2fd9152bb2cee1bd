/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/disk_file/foreign.h"
#include "provision/image/qcow2.h"
#include "util/process.h"

#define HEADER_BYTES 1024

static bool starts_with(const unsigned char *header, size_t length, size_t offset,
                        const char *magic, size_t magic_length)
{
    return length >= offset + magic_length && memcmp(header + offset, magic, magic_length) == 0;
}

/* What holds an image, or none. */
static int refuse_others(const char *path, const unsigned char *h, size_t length,
                         struct error **err)
{
    static const struct {
        size_t offset;
        const char *magic;
        size_t length;
        const char *what, *remedy;
    } known[] = {
        {0, "\x1f\x8b", 2, "compressed with gzip", "gunzip"},
        {0,
         "\xfd"
         "7zXZ",
         5, "compressed with xz", "unxz"},
        {0, "\x28\xb5\x2f\xfd", 4, "compressed with zstd", "unzstd"},
        {0, "BZh", 3, "compressed with bzip2", "bunzip2"},
        {0, "PK\x03\x04", 4, "a zip archive", "unzip"},
        {0, "<!DOCTYPE", 9, "an HTML page, not a disk image", NULL},
        {0, "<html", 5, "an HTML page, not a disk image", NULL},
    };

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        if (!starts_with(h, length, known[i].offset, known[i].magic, known[i].length))
            continue;
        error_set(err, ERROR_CONFIG, "%s: is %s", path, known[i].what);
        if (known[i].remedy) {
            auto_free char *quoted = shell_quote(path);

            error_hint(err, "make a qcow2 or raw image of it first: %s %s", known[i].remedy,
                       quoted);
        }
        return -1;
    }
    return 0;
}

/* The volume descriptor of ISO 9660, in its sector 16. */
static bool is_iso(int fd)
{
    unsigned char descriptor[6];

    return pread(fd, descriptor, sizeof descriptor, 16 * 2048) == sizeof descriptor &&
           memcmp(descriptor, "\001CD001", sizeof descriptor) == 0;
}

/* A boot sector, or a CD-ROM's file system. */
static bool looks_like_disk(const struct image_file *file, const unsigned char *h,
                            size_t length)
{
    return (length >= 512 && h[510] == 0x55 && h[511] == 0xaa) || file->medium;
}

/* By enum image_format. */
static const char *const words[] = {NULL, "qcow2", "raw", "vmdk", "vdi", "vhdx", "vhd"};

int image_file_format(const char *word)
{
    for (size_t i = 1; i < ARRAY_SIZE(words); i++) {
        if (strcmp(words[i], word) == 0)
            return (int)i;
    }
    return IMAGE_FORMAT_DETECT;
}

static int check_wanted(const char *path, const char *found, int want, struct error **err)
{
    if (want == IMAGE_FORMAT_DETECT || strcmp(words[want], found) == 0)
        return 0;
    if (strcmp(found, "raw") == 0) {
        error_set(err, ERROR_CONFIG, "%s: is not a %s image, as `format: %s` says", path,
                  words[want], words[want]);
        return error_hint(err, "leave `format` out to have it detected");
    }
    error_set(err, ERROR_CONFIG, "%s: is a %s image, not `format: %s`", path, found,
              words[want]);
    return error_hint(err, "write `format: %s`, or leave it out", found);
}

static int inspect_foreign(const struct foreign *f, const struct foreign_format *format,
                           struct image_file *ret, struct error **err)
{
    ret->foreign = true;
    ret->format = format->word;
    ret->driver = format->qemu;
    return format->inspect(f, &ret->capacity, err);
}

static int inspect(int fd, const char *path, int want, struct image_file *ret,
                   struct error **err)
{
    struct foreign f;
    const struct foreign_format *format = foreign_find(&f, fd, path, ret->bytes);
    const unsigned char *h = f.header;
    size_t length = ret->bytes < sizeof f.header ? (size_t)ret->bytes : sizeof f.header;

    ret->foreign = ret->medium = false;
    ret->format = ret->driver = starts_with(h, length, 0, "QFI\xfb", 4) ? "qcow2" : "raw";
    if (format)
        ret->format = format->word;
    else if (strcmp(ret->format, "raw") == 0 && refuse_others(path, h, length, err) < 0)
        return -1;
    if (want == IMAGE_FILE_LAYER && strcmp(ret->format, "qcow2") == 0)
        return qcow2_inspect_layer(fd, path, ret->bytes, &ret->capacity, err);
    if (want == IMAGE_FILE_LAYER)
        want = IMAGE_FORMAT_QCOW2;
    if (check_wanted(path, ret->format, want, err) < 0)
        return -1;
    if (format)
        return inspect_foreign(&f, format, ret, err);
    if (strcmp(ret->format, "qcow2") == 0)
        return qcow2_inspect(fd, path, ret->bytes, &ret->capacity, err);
    ret->medium = is_iso(fd);
    if (want == IMAGE_FORMAT_DETECT && !looks_like_disk(ret, h, length)) {
        error_set(err, ERROR_CONFIG, "%s: is no disk image that can be recognised", path);
        return error_hint(err,
                          "if it is a raw disk without a boot sector, write `format: raw`");
    }
    /* Disks are whole sectors; qemu rounds up as well. */
    ret->capacity = (ret->bytes + 511) / 512 * 512;
    return 0;
}

/* The descriptor, or -1. */
static int open_image(const char *path, struct error **err)
{
    /* a pipe that nobody writes to must not be waited for */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd >= 0)
        return fd;
    if (errno != ENOENT)
        return error_errno(err, errno, "cannot open image %s", path);
    error_errno(err, ENOENT, "cannot open image %s", path);
    return error_hint(err, "check the path: it starts at the folder of the file that names it");
}

int image_file_identify(const char *path, int want, struct image_file *ret, struct error **err)
{
    auto_close int fd = open_image(path, err);
    struct stat st;

    if (fd < 0)
        return -1;
    if (fstat(fd, &st) < 0)
        return error_errno(err, errno, "cannot look at image %s", path);
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_CONFIG, "image %s is not a regular file", path);
    if (st.st_size == 0)
        return error_set(err, ERROR_CONFIG, "image %s is empty", path);
    ret->bytes = (uint64_t)st.st_size;
    return inspect(fd, path, want, ret, err);
}

bool image_file_is_foreign(const char *path)
{
    auto_close int fd = open_image(path, NULL);
    struct foreign f;
    struct stat st;

    return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           foreign_find(&f, fd, path, (uint64_t)st.st_size);
}

int image_file_want(const struct image *image)
{
    if (image->from && !image->layer.flatten)
        return IMAGE_FILE_LAYER;
    /* A raw disk is converted, a medium is not. */
    if (image->format == IMAGE_FORMAT_RAW && !image->script)
        return IMAGE_FORMAT_DETECT;
    return image->format > IMAGE_FORMAT_RAW ? IMAGE_FORMAT_QCOW2 : image->format;
}

int image_file_inspect(const char *path, int want, struct image_file *ret, struct error **err)
{
    auto_free char *quoted = shell_quote(path);

    if (image_file_identify(path, want, ret, err) < 0)
        return -1;
    if (!ret->foreign)
        return 0;
    error_set(err, ERROR_CONFIG, "%s: is a %s image", path, ret->format);
    return error_hint(
        err, "make a qcow2 image of it first: virtopo image convert %s image.qcow2", quoted);
}
