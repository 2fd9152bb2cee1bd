/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <endian.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/image/image_file.h"
#include "util/size.h"

/* The fields of qemu's docs/interop/qcow2.txt that matter here. */
struct header {
    uint32_t version;
    uint64_t backing, size, incompatible;
    uint32_t crypt;
    size_t length; /* of the file; 0: all of it */
};

#define GOOD .version = 3, .size = 2 * GIB
#define CLUSTER 65536
#define ALL (3 * CLUSTER + MIB) /* header, reference counts, the largest table */

static void put32(char *at, uint32_t value)
{
    value = htobe32(value);
    memcpy(at, &value, sizeof value);
}

static void put64(char *at, uint64_t value)
{
    value = htobe64(value);
    memcpy(at, &value, sizeof value);
}

/* An image of nothing but holes. */
static void write_qcow2(const char *name, struct header h)
{
    auto_free char *data = xcalloc(1, ALL);
    uint64_t entries = h.size / (512 * MIB) + 1;

    memcpy(data, "QFI\xfb", 4);
    put32(data + 4, h.version);
    put64(data + 8, h.backing);
    put32(data + 20, 16); /* clusters of 64 KiB */
    put64(data + 24, h.size);
    put32(data + 32, h.crypt);
    put32(data + 36, entries > 131072 ? 131072 : (uint32_t)entries);
    put64(data + 40, 2 * CLUSTER); /* the table */
    put64(data + 48, CLUSTER);     /* reference counts */
    put32(data + 56, 1);
    put64(data + 72, h.incompatible);
    put32(data + 100, 104);
    scratch_write(name, data, h.length ? h.length : ALL, 0644);
}

static int inspect(const char *name, int want, struct image_file *ret, struct error **err)
{
    auto_free char *path = scratch_path(name);

    return image_file_inspect(path, want, ret, err);
}

static void expect_image(const char *name, int want, const char *format, uint64_t capacity,
                         uint64_t bytes)
{
    struct image_file file = {0};
    struct error *err = NULL;

    expect_ok(inspect(name, want, &file, &err), &err);
    assert_string_equal(file.format, format);
    assert_int_equal(file.capacity, capacity);
    assert_int_equal(file.bytes, bytes);
}

static void expect_refused(const char *name, int want, enum error_kind kind,
                           const char *message, const char *hint)
{
    struct image_file file;
    struct error *err = NULL;
    int result = inspect(name, want, &file, &err);

    if (err)
        assert_int_equal(err->kind, kind);
    expect_error(result, &err, message, hint);
}

static void good_qcow2(void **state)
{
    (void)state;
    write_qcow2("v3", (struct header){GOOD});
    expect_image("v3", IMAGE_FORMAT_DETECT, "qcow2", 2 * GIB, ALL);
    expect_image("v3", IMAGE_FORMAT_QCOW2, "qcow2", 2 * GIB, ALL);
    write_qcow2("v2", (struct header){.version = 2, .size = GIB});
    expect_image("v2", IMAGE_FORMAT_DETECT, "qcow2", GIB, ALL);
    /* what version 2 has there is no flag */
    write_qcow2("v2", (struct header){.version = 2, .size = GIB, .incompatible = 7});
    expect_image("v2", IMAGE_FORMAT_DETECT, "qcow2", GIB, ALL);
    /* dirty: qemu repairs that itself */
    write_qcow2("dirty", (struct header){GOOD, .incompatible = 1});
    expect_image("dirty", IMAGE_FORMAT_DETECT, "qcow2", 2 * GIB, ALL);
    write_qcow2("largest", (struct header){.version = 3, .size = 64 * 1024 * GIB});
    expect_image("largest", IMAGE_FORMAT_DETECT, "qcow2", 64 * 1024 * GIB, ALL);
}

static void other_files(void **state)
{
    (void)state;
    write_qcow2("a b", (struct header){GOOD, .backing = 1});
    expect_refused("a b", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "@/a b: the image has a backing file, so it is not a whole disk",
                   "flatten it first: qemu-img convert -O qcow2 '@/a b' whole.qcow2");
    write_qcow2("data", (struct header){GOOD, .incompatible = 4});
    expect_refused("data", IMAGE_FORMAT_QCOW2, ERROR_CONFIG,
                   "@/data: the image keeps its data in another file, which is not taken",
                   NULL);
}

static void damaged_qcow2(void **state)
{
    (void)state;
    write_qcow2("corrupt", (struct header){GOOD, .incompatible = 2});
    expect_refused("corrupt", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "@/corrupt: the image is marked as corrupt",
                   "qemu-img check -r all @/corrupt");
    write_qcow2("encrypted", (struct header){GOOD, .crypt = 2});
    expect_refused("encrypted", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "@/encrypted: encrypted images are not taken", NULL);
    write_qcow2("huge", (struct header){.version = 3, .size = 64 * 1024 * GIB + 1});
    expect_refused("huge", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "@/huge: its header claims a disk of 70368744177665 bytes", NULL);
    write_qcow2("most", (struct header){.version = 3, .size = UINT64_MAX});
    expect_refused("most", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "@/most: its header claims a disk of 18446744073709551615 bytes", NULL);
    write_qcow2("none", (struct header){.version = 3});
    expect_refused("none", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "@/none: its header claims a disk of 0 bytes", NULL);
}

static void cut_off_headers(void **state)
{
    static const size_t lengths[] = {4, 7, 8, 71, 103};
    static const uint32_t versions[] = {0, 1, 4, UINT32_MAX};
    const char *hint = "download or copy it again";

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
        write_qcow2("cut", (struct header){GOOD, .length = lengths[i]});
        expect_refused("cut", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                       "@/cut: a damaged qcow2 image (its header is cut off)", hint);
    }
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        write_qcow2("other", (struct header){.version = versions[i], .size = 2 * GIB});
        expect_refused("other", IMAGE_FORMAT_QCOW2, ERROR_CONFIG,
                       "@/other: a damaged qcow2 image (its header is of an unknown version)",
                       hint);
    }
}

static void needs_unpacking(void **state)
{
    static const struct {
        const char *magic;
        size_t offset;
        const char *message, *hint;
    } cases[] = {
        {"\x1f\x8b\x08", 0, "@/x: is compressed with gzip",
         "make a qcow2 or raw image of it first: gunzip @/x"},
        {"\xfd"
         "7zXZ",
         0, "@/x: is compressed with xz", "make a qcow2 or raw image of it first: unxz @/x"},
        {"\x28\xb5\x2f\xfd", 0, "@/x: is compressed with zstd",
         "make a qcow2 or raw image of it first: unzstd @/x"},
        {"BZh91AY", 0, "@/x: is compressed with bzip2",
         "make a qcow2 or raw image of it first: bunzip2 @/x"},
        {"PK\x03\x04", 0, "@/x: is a zip archive",
         "make a qcow2 or raw image of it first: unzip @/x"},
        {"<!DOCTYPE html>", 0, "@/x: is an HTML page, not a disk image", NULL},
        {"<html>", 0, "@/x: is an HTML page, not a disk image", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char data[1024] = {0};

        memcpy(data + cases[i].offset, cases[i].magic, strlen(cases[i].magic));
        memcpy(data + 510, "\x55\xaa", 2);
        scratch_write("x", data, sizeof data, 0644);
        expect_refused("x", IMAGE_FORMAT_DETECT, ERROR_CONFIG, cases[i].message, cases[i].hint);
        expect_refused("x", IMAGE_FORMAT_RAW, ERROR_CONFIG, cases[i].message, cases[i].hint);
        /* no more than its magic number */
        scratch_write("x", data, cases[i].offset + strlen(cases[i].magic), 0644);
        expect_refused("x", IMAGE_FORMAT_DETECT, ERROR_CONFIG, cases[i].message, cases[i].hint);
    }
}

static void raw_disks(void **state)
{
    (void)state;
    scratch_disk("disk", MIB, 0);
    expect_image("disk", IMAGE_FORMAT_DETECT, "raw", MIB, MIB);
    expect_image("disk", IMAGE_FORMAT_RAW, "raw", MIB, MIB);
    scratch_disk("sector", 512, 0);
    expect_image("sector", IMAGE_FORMAT_DETECT, "raw", 512, 512);
    scratch_disk("odd", 513, 0);
    expect_image("odd", IMAGE_FORMAT_DETECT, "raw", 1024, 513);
    scratch_text("plain", "no boot sector", 0644);
    expect_image("plain", IMAGE_FORMAT_RAW, "raw", 512, 14);
    expect_refused("plain", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "@/plain: is no disk image that can be recognised",
                   "if it is a raw disk without a boot sector, write `format: raw`");
}

static void wrong_format(void **state)
{
    (void)state;
    scratch_disk("disk", MIB, 0);
    write_qcow2("cow", (struct header){GOOD});
    expect_refused("disk", IMAGE_FORMAT_QCOW2, ERROR_CONFIG,
                   "@/disk: is not a qcow2 image, as `format: qcow2` says",
                   "leave `format` out to have it detected");
    expect_refused("cow", IMAGE_FORMAT_RAW, ERROR_CONFIG,
                   "@/cow: is a qcow2 image, not `format: raw`",
                   "write `format: qcow2`, or leave it out");
}

static void no_image_at_all(void **state)
{
    auto_free char *folder = scratch_path("folder");
    auto_free char *fifo = scratch_path("fifo");

    (void)state;
    scratch_text("empty", "", 0644);
    expect_refused("empty", IMAGE_FORMAT_DETECT, ERROR_CONFIG, "image @/empty is empty", NULL);
    expect_refused("missing", IMAGE_FORMAT_DETECT, ERROR_SYSTEM,
                   "cannot open image @/missing: No such file or directory",
                   "check the path: it starts at the folder of the file that names it");
    assert_int_equal(mkdir(folder, 0700), 0);
    expect_refused("folder", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "image @/folder is not a regular file", NULL);
    expect_refused("empty/x", IMAGE_FORMAT_DETECT, ERROR_SYSTEM,
                   "cannot open image @/empty/x: Not a directory", NULL);
    /* nobody writes to it: it must not be waited for */
    assert_int_equal(mkfifo(fifo, 0600), 0);
    alarm(10);
    expect_refused("fifo", IMAGE_FORMAT_DETECT, ERROR_CONFIG,
                   "image @/fifo is not a regular file", NULL);
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(good_qcow2),      SCRATCH_TEST(other_files),
        SCRATCH_TEST(damaged_qcow2),   SCRATCH_TEST(cut_off_headers),
        SCRATCH_TEST(needs_unpacking), SCRATCH_TEST(raw_disks),
        SCRATCH_TEST(wrong_format),    SCRATCH_TEST(no_image_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
