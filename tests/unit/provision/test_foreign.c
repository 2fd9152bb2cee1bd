/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <endian.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/image/image_file.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/process.h"
#include "util/size.h"

#define AGAIN "download or copy it again"
#define DISK (8 * MIB)

static void run(const char *const *argv)
{
    struct error *err = NULL;
    struct process_options how = {.folder = scratch, .timeout_ms = 60000};

    expect_ok(process_run(argv, &how, NULL, &err), &err);
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void write_source(void)
{
    auto_free unsigned char *data = xcalloc(1, DISK);
    uint32_t random = 1;

    for (size_t i = 5 * MIB; i < DISK; i++) {
        random = random * 1664525 + 1013904223;
        data[i] = (unsigned char)(random >> 24);
    }
    scratch_write("source", data, DISK, 0644);
}

static int identify(const char *name, int want, struct image_file *ret, struct error **err)
{
    auto_free char *path = scratch_path(name);

    return image_file_identify(path, want, ret, err);
}

static void expect_foreign(const char *format, const char *driver, uint64_t capacity)
{
    struct image_file file = {0};
    struct error *err = NULL;

    expect_ok(identify("x", IMAGE_FORMAT_DETECT, &file, &err), &err);
    assert_true(file.foreign);
    assert_string_equal(file.format, format);
    assert_string_equal(file.driver, driver);
    assert_int_equal(file.capacity, capacity);
}

static void expect_refused(const char *message, const char *hint)
{
    struct image_file file;
    struct error *err = NULL;
    int result = identify("x", IMAGE_FORMAT_DETECT, &file, &err);

    if (err)
        assert_int_equal(err->kind, ERROR_CONFIG);
    expect_error(result, &err, message, hint);
}

/* The file x, to be changed in place. */
static void patch(size_t offset, const void *data, size_t length)
{
    auto_free char *path = scratch_path("x");
    FILE *f = fopen(path, "r+");

    assert_non_null(f);
    assert_int_equal(fseek(f, (long)offset, SEEK_SET), 0);
    assert_int_equal(fwrite(data, 1, length, f), length);
    fclose(f);
}

static void patch_be32(size_t offset, uint32_t value)
{
    value = htobe32(value);
    patch(offset, &value, sizeof value);
}

static void patch_le32(size_t offset, uint32_t value)
{
    value = htole32(value);
    patch(offset, &value, sizeof value);
}

static void patch_le64(size_t offset, uint64_t value)
{
    value = htole64(value);
    patch(offset, &value, sizeof value);
}

/* Cut anywhere, but within what its last block leaves empty, it is not taken for whole. */
static void expect_cuts_seen(void)
{
    auto_free char *path = scratch_path("x");
    struct stat st;
    off_t places[6];

    assert_int_equal(stat(path, &st), 0);
    places[0] = st.st_size - 2 * (off_t)MIB;
    places[1] = st.st_size / 2;
    places[2] = 70000;
    places[3] = 1500;
    places[4] = 600;
    places[5] = 100;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        struct image_file file;
        struct error *err = NULL;

        assert_int_equal(truncate(path, places[i]), 0);
        assert_int_equal(identify("x", IMAGE_FORMAT_DETECT, &file, &err), -1);
        assert_true(strstr(err->message, "cut off") || strstr(err->message, "damaged"));
        error_free(err);
    }
}

static void made_by_qemu(void **state)
{
    static const struct {
        const char *format, *driver, *options;
    } cases[] = {
        {"vmdk", "vmdk", "subformat=monolithicSparse"},
        {"vmdk", "vmdk", "subformat=streamOptimized"},
        {"vdi", "vdi", "static=off"},
        {"vdi", "vdi", "static=on"},
        {"vhdx", "vhdx", "subformat=dynamic"},
        {"vhdx", "vhdx", "subformat=fixed"},
        {"vhd", "vpc", "subformat=dynamic,force_size=on"},
    };

    (void)state;
    write_source();
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        RUN("qemu-img", "convert", "-O", cases[i].driver, "-o", cases[i].options, "source",
            "x");
        expect_foreign(cases[i].format, cases[i].driver, DISK);
        expect_cuts_seen();
    }
    /* nothing but the disk and a footer: cut, it is a raw disk */
    RUN("qemu-img", "convert", "-O", "vpc", "-o", "subformat=fixed,force_size=on", "source",
        "x");
    expect_foreign("vhd", "vpc", DISK);
    patch(DISK + 20, "x", 1);
    expect_refused("@/x: is no disk image that can be recognised",
                   "if it is a raw disk without a boot sector, write `format: raw`");
}

static void said_otherwise(void **state)
{
    struct image_file file;
    struct error *err = NULL;
    auto_free char *path = scratch_path("x");

    (void)state;
    RUN("qemu-img", "create", "-q", "-f", "vdi", "x", "8M");
    expect_error(identify("x", IMAGE_FORMAT_RAW, &file, &err), &err,
                 "@/x: is a vdi image, not `format: raw`",
                 "write `format: vdi`, or leave it out");
    expect_error(image_file_inspect(path, IMAGE_FORMAT_DETECT, &file, &err), &err,
                 "@/x: is a vdi image",
                 "make a qcow2 image of it first: virtopo image convert @/x image.qcow2");
}

/* ---- what would have qemu open other files, or nonsense ---- */

#define WHOLE_VMDK "make a whole one of it: vmware-vdiskmanager -r IN.vmdk -t 0 OUT.vmdk"
#define ONE_VMDK "make one file of them: vmware-vdiskmanager -r IN.vmdk -t 0 OUT.vmdk"
#define DIFFERENCE "is the difference to another one, so it is not a whole disk"

static void make_vmdk(void)
{
    RUN("qemu-img", "create", "-q", "-f", "vmdk", "x", "8M");
}

static void vmdk_other_files(void **state)
{
    (void)state;
    scratch_text("x", "# Disk DescriptorFile\nRW 100 FLAT \"/etc/shadow\" 0\n", 0644);
    expect_refused("@/x: the VMDK image is made of several files, which it names", ONE_VMDK);
    make_vmdk();
    patch_le64(12, 0); /* the size is then that of the descriptor's extents */
    expect_refused("@/x: the VMDK image is made of several files, which it names", ONE_VMDK);
    make_vmdk();
    patch(600, "createType=\"twoGbMaxExtentSparse\"\n", 34);
    patch(512,
          "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
          "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
          "\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
          88);
    expect_refused("@/x: the VMDK image is made of several files, which it names", ONE_VMDK);
    RUN("qemu-img", "create", "-q", "-f", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", "x",
        "8M");
    expect_refused("@/x: the VMDK image is made of several files, which it names", ONE_VMDK);
    RUN("mv", "x-s001", "x");
    expect_refused("@/x: the VMDK image is one part of a disk in several files",
                   "make one file of all: vmware-vdiskmanager -r IN.vmdk -t 0 OUT.vmdk, where "
                   "IN.vmdk is the small file that names the parts");
}

static void vmdk_parent(void **state)
{
    (void)state;
    make_vmdk();
    RUN("mv", "x", "base.vmdk");
    RUN("qemu-img", "create", "-q", "-f", "vmdk", "-b", "base.vmdk", "-F", "vmdk", "x");
    expect_refused("@/x: the VMDK image " DIFFERENCE, WHOLE_VMDK);
    /* outside of the descriptor, where qemu looks all the same */
    make_vmdk();
    patch(512 + 20 * 512 - 40, "parentFileNameHint=\"/etc/shadow\"", 32);
    expect_refused("@/x: the VMDK image " DIFFERENCE, WHOLE_VMDK);
}

static void vmdk_damaged(void **state)
{
    (void)state;
    make_vmdk();
    patch_le64(12, UINT64_C(1) << 55);
    expect_refused("@/x: its header claims a disk of 18446744073709551615 bytes", NULL);
    patch_le64(12, (UINT64_C(1) << 37) + 1);
    expect_refused("@/x: its header claims a disk of 70368744178176 bytes", NULL);
    make_vmdk();
    patch_le64(20, 0);
    expect_refused("@/x: a damaged VMDK image (its header does not fit its size)", AGAIN);
    make_vmdk();
    patch_le64(36, UINT64_MAX);
    expect_refused("@/x: a damaged VMDK image (its descriptor is too large)", AGAIN);
    make_vmdk();
    patch_le64(56, UINT64_MAX);
    expect_refused("@/x: a damaged VMDK image (the file is cut off)", AGAIN);
    scratch_text("x", "COWD", 0644);
    expect_refused("@/x: the VMDK image is of an old version that is not taken",
                   "make a newer one of it: vmkfstools -i IN.vmdk OUT.vmdk");
}

static void vdi_refused(void **state)
{
    static const char make_whole[] = "make a whole one of it: VBoxManage clonemedium";

    (void)state;
    RUN("qemu-img", "create", "-q", "-f", "vdi", "x", "8M");
    patch_le32(76, 4);
    expect_refused("@/x: the VDI image " DIFFERENCE, make_whole);
    patch_le32(76, 1);
    patch(440, "parent", 6);
    expect_refused("@/x: the VDI image " DIFFERENCE, make_whole);
    RUN("qemu-img", "create", "-q", "-f", "vdi", "x", "8M");
    patch_le32(68, 7);
    expect_refused("@/x: the VDI image is of an unknown version", NULL);
    patch_le32(68, 0x00010001);
    patch_le32(376, 4096);
    expect_refused("@/x: the VDI image has blocks of an unknown size", NULL);
    patch_le32(376, MIB);
    patch_le64(368, 9 * MIB);
    expect_refused("@/x: a damaged VDI image (its header does not fit its size)", AGAIN);
    patch_le64(368, UINT64_MAX);
    expect_refused("@/x: its header claims a disk of 18446744073709551615 bytes", NULL);
}

static void vhdx_refused(void **state)
{
    (void)state;
    RUN("qemu-img", "create", "-q", "-f", "vhdx", "x", "8M");
    patch(64 * KIB + 48, "log", 3);
    patch(128 * KIB + 48, "log", 3);
    expect_refused("@/x: the VHDX image was not closed: what was written last is in its log, "
                   "not in its place",
                   "open it once with the program that wrote it");
    RUN("qemu-img", "create", "-q", "-f", "vhdx", "x", "8M");
    patch(64 * KIB, "deaf", 4);
    patch(128 * KIB, "deaf", 4);
    expect_refused("@/x: a damaged VHDX image (it has no header)", AGAIN);
    RUN("qemu-img", "create", "-q", "-f", "vhdx", "x", "8M");
    patch(192 * KIB, "none", 4);
    patch(256 * KIB, "none", 4);
    expect_refused("@/x: a damaged VHDX image (it has no tables)", AGAIN);
}

/* The metadata's place is found by what is in it: the parameters' id. */
static void vhdx_parent(void **state)
{
    auto_free char *path = scratch_path("x");
    auto_buffer struct buffer all = {0};
    struct error *err = NULL;
    const char *found;

    (void)state;
    RUN("qemu-img", "create", "-q", "-f", "vhdx", "x", "8M");
    expect_ok(file_read(path, GIB, &all, &err), &err);
    found = memmem(all.data, all.length, "metadata", 8);
    assert_non_null(found);
    /* the second item: now it is a parent's place */
    patch((size_t)(found - all.data) + 64,
          "\x2d\x5f\xd3\xa8\x0b\xb3\x4d\x45\xab\xf7\xd3\xd8\x48\x34\xab\x0c", 16);
    expect_refused("@/x: the VHDX image " DIFFERENCE, "make a whole one of it: Convert-VHD");
}

static void vhd_refused(void **state)
{
    auto_buffer struct buffer all = {0};
    auto_free char *path = scratch_path("x");
    struct error *err = NULL;

    (void)state;
    RUN("qemu-img", "create", "-q", "-f", "vpc", "x", "8M");
    expect_ok(file_read(path, GIB, &all, &err), &err);
    patch_be32(60, 4);
    expect_refused("@/x: a damaged VHD image (its header's checksum is wrong)", AGAIN);
    patch_be32(64, be32toh(*(const uint32_t *)(const void *)(all.data + 64)) - 1);
    expect_refused("@/x: the VHD image " DIFFERENCE, "make a whole one of it: Convert-VHD");
    patch_be32(60, 5);
    patch_be32(64, be32toh(*(const uint32_t *)(const void *)(all.data + 64)) - 2);
    expect_refused("@/x: the VHD image is of an unknown type", NULL);
    scratch_write("x", all.data, all.length - 512, 0644);
    expect_refused("@/x: a damaged VHD image (its end is missing)", AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(made_by_qemu),     SCRATCH_TEST(said_otherwise),
        SCRATCH_TEST(vmdk_other_files), SCRATCH_TEST(vmdk_parent),
        SCRATCH_TEST(vmdk_damaged),     SCRATCH_TEST(vdi_refused),
        SCRATCH_TEST(vhdx_refused),     SCRATCH_TEST(vhdx_parent),
        SCRATCH_TEST(vhd_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
