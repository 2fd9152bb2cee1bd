/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/image/qcow2.h"
#include "util/process.h"

#define HEADER_BYTES 1024

static bool starts_with(const unsigned char *header, size_t length, size_t offset,
                        const char *magic, size_t magic_length)
{
    return length >= offset + magic_length && memcmp(header + offset, magic, magic_length) == 0;
}

/* Formats that are images, or hold one, but cannot be used as they are. */
static int refuse_others(const char *path, const unsigned char *h, size_t length,
                         struct error **err)
{
    static const struct {
        size_t offset;
        const char *magic;
        size_t length;
        const char *what, *remedy, *result;
    } known[] = {
        {0, "KDMV", 4, "a VMDK image", "qemu-img convert -O qcow2", " image.qcow2"},
        {0, "# Disk Descriptor", 17, "a VMDK image", "qemu-img convert -O qcow2",
         " image.qcow2"},
        {64, "\x7f\x10\xda\xbe", 4, "a VDI image", "qemu-img convert -O qcow2", " image.qcow2"},
        {0, "vhdxfile", 8, "a VHDX image", "qemu-img convert -O qcow2", " image.qcow2"},
        {0, "conectix", 8, "a VHD image", "qemu-img convert -O qcow2", " image.qcow2"},
        {0, "\x1f\x8b", 2, "compressed with gzip", "gunzip", ""},
        {0,
         "\xfd"
         "7zXZ",
         5, "compressed with xz", "unxz", ""},
        {0, "\x28\xb5\x2f\xfd", 4, "compressed with zstd", "unzstd", ""},
        {0, "BZh", 3, "compressed with bzip2", "bunzip2", ""},
        {0, "PK\x03\x04", 4, "a zip archive", "unzip", ""},
        {0, "<!DOCTYPE", 9, "an HTML page, not a disk image", NULL, NULL},
        {0, "<html", 5, "an HTML page, not a disk image", NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        if (!starts_with(h, length, known[i].offset, known[i].magic, known[i].length))
            continue;
        error_set(err, ERROR_CONFIG, "%s: is %s", path, known[i].what);
        if (known[i].remedy) {
            auto_free char *quoted = shell_quote(path);

            error_hint(err, "make a qcow2 or raw image of it first: %s %s%s", known[i].remedy,
                       quoted, known[i].result);
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
static bool looks_like_disk(int fd, const unsigned char *h, size_t length)
{
    return (length >= 512 && h[510] == 0x55 && h[511] == 0xaa) || is_iso(fd);
}

static int inspect(int fd, const char *path, const unsigned char *h, size_t length, int want,
                   struct image_file *ret, struct error **err)
{
    bool qcow2 = starts_with(h, length, 0, "QFI\xfb", 4);

    if (want == IMAGE_FORMAT_QCOW2 && !qcow2) {
        error_set(err, ERROR_CONFIG, "%s: is not a qcow2 image, as `format: qcow2` says", path);
        return error_hint(err, "leave `format` out to have it detected");
    }
    if (want == IMAGE_FORMAT_RAW && qcow2) {
        error_set(err, ERROR_CONFIG, "%s: is a qcow2 image, not `format: raw`", path);
        return error_hint(err, "write `format: qcow2`, or leave it out");
    }
    if (qcow2) {
        ret->format = "qcow2";
        return qcow2_inspect(fd, path, ret->bytes, &ret->capacity, err);
    }
    if (refuse_others(path, h, length, err) < 0)
        return -1;
    if (want == IMAGE_FORMAT_DETECT && !looks_like_disk(fd, h, length)) {
        error_set(err, ERROR_CONFIG, "%s: is no disk image that can be recognised", path);
        return error_hint(err,
                          "if it is a raw disk without a boot sector, write `format: raw`");
    }
    ret->format = "raw";
    /* Disks are whole sectors; qemu rounds up as well. */
    ret->capacity = (ret->bytes + 511) / 512 * 512;
    return 0;
}

int image_file_inspect(const char *path, int want, struct image_file *ret, struct error **err)
{
    unsigned char header[HEADER_BYTES];
    /* a pipe that nobody writes to must not be waited for */
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    ssize_t length;

    if (fd < 0) {
        int reason = errno;

        error_errno(err, reason, "cannot open image %s", path);
        return reason == ENOENT ? error_hint(err, "check the path: it starts at the folder of "
                                                  "the file that names it")
                                : -1;
    }
    if (fstat(fd, &st) < 0)
        return error_errno(err, errno, "cannot look at image %s", path);
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_CONFIG, "image %s is not a regular file", path);
    length = pread(fd, header, sizeof header, 0);
    if (length < 0)
        return error_errno(err, errno, "cannot read image %s", path);
    if (length == 0)
        return error_set(err, ERROR_CONFIG, "image %s is empty", path);
    ret->bytes = (uint64_t)st.st_size;
    return inspect(fd, path, header, (size_t)length, want, ret, err);
}
