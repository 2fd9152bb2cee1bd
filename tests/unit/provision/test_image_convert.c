/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/cluster.h"
#include "provision/image/image_convert.h"
#include "provision/image/image_file.h"
#include "util/digest.h"
#include "util/size.h"

#define DISK (4 * MIB)

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

    for (size_t i = 2 * MIB; i < DISK; i++) {
        random = random * 1664525 + 1013904223;
        data[i] = (unsigned char)(random >> 24);
    }
    memcpy(data + 510, "\x55\xaa", 2);
    scratch_write("source", data, DISK, 0644);
}

static struct disk_layer layer_of(const char *name)
{
    struct disk_layer layer = {.path = scratch_path(name)};
    struct image_file file;
    struct error *err = NULL;

    expect_ok(image_file_identify(layer.path, IMAGE_FORMAT_DETECT, &file, &err), &err);
    layer.driver = file.driver;
    layer.capacity = file.capacity;
    layer.bytes = file.bytes;
    return layer;
}

static int convert(const char *from, const char *to, const char *format, bool compress,
                   struct error **err)
{
    struct disk_layer layer = layer_of(from);
    auto_free char *path = TAKE(layer.path);
    auto_free char *target = scratch_path(to);
    struct image_convert c = {
        .layers = &layer, .count = 1, .to = target, .format = format, .compress = compress};

    layer.path = path;
    return image_convert(&c, NULL, err);
}

/* The disk that is in it. */
static void expect_same_disk(const char *name)
{
    struct disk_layer layer = layer_of(name);
    auto_free char *path = TAKE(layer.path);

    RUN("qemu-img", "compare", "-f", "raw", "-F", layer.driver, "source", path);
    assert_int_equal(layer.capacity, DISK);
}

static void every_format(void **state)
{
    static const char *const formats[] = {"qcow2", "raw", "vmdk", "vdi", "vhdx", "vhd"};

    (void)state;
    write_source();
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        struct error *err = NULL;

        expect_ok(convert("source", "there", formats[i], false, &err), &err);
        expect_same_disk("there");
        expect_ok(convert("there", "back", "qcow2", false, &err), &err);
        expect_same_disk("back");
    }
}

static void compressed(void **state)
{
    struct error *err = NULL;

    (void)state;
    write_source();
    expect_ok(convert("source", "x", "qcow2", true, &err), &err);
    expect_same_disk("x");
    expect_ok(convert("source", "x", "vmdk", true, &err), &err);
    expect_same_disk("x");
    expect_error(convert("source", "x", "vdi", true, &err), &err,
                 "a vdi image cannot be compressed", "qcow2 and vmdk can");
    expect_error(convert("source", "x", "iso", false, &err), &err,
                 "'iso' is no format of disk images",
                 "one of qcow2, raw, vmdk, vdi, vhdx, vhd");
}

/* An overlay's backing file is the one that is said, whatever the overlay says; and none when
 * none is. */
static void layers(void **state)
{
    auto_free char *source = NULL, *top = scratch_path("top"), *to = scratch_path("x");
    struct disk_layer stack[2] = {{.path = top, .driver = "qcow2", .capacity = DISK}};
    struct image_convert c = {.layers = stack, .count = 2, .to = to, .format = "qcow2"};
    struct error *err = NULL;

    (void)state;
    write_source();
    source = scratch_path("source");
    stack[1] = (struct disk_layer){.path = source, .driver = "raw", .capacity = DISK};
    RUN("qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw",
        "top", "4M");
    expect_ok(image_convert(&c, NULL, &err), &err);
    expect_same_disk("x");
    c.count = 1;
    expect_ok(image_convert(&c, NULL, &err), &err);
    scratch_write("zeros", "", 0, 0644);
    RUN("truncate", "-s", "4M", "zeros");
    RUN("qemu-img", "compare", "-f", "raw", "-F", "qcow2", "zeros", "x");
}

/* Names that qemu would take for something else. */
static void names(void **state)
{
    struct error *err = NULL;

    (void)state;
    write_source();
    RUN("cp", "source", "a,b=c:d \"e\".raw");
    expect_ok(convert("a,b=c:d \"e\".raw", "json:{}", "qcow2", false, &err), &err);
    expect_same_disk("json:{}");
    assert_int_equal(chdir(scratch), 0);
    {
        struct disk_layer layer = layer_of("source");
        auto_free char *path = TAKE(layer.path);

        expect_ok(image_convert_file(path, "raw", DISK, "nbd:here", NULL, &err), &err);
    }
    assert_int_equal(chdir("/"), 0);
    expect_same_disk("nbd:here");
}

static void trouble(void **state)
{
    struct error *err = NULL;

    (void)state;
    write_source();
    expect_error(convert("source", "no/folder", "qcow2", false, &err), &err,
                 "converting @/source to qcow2: 'qemu-img' failed with exit code 1", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(every_format), SCRATCH_TEST(compressed), SCRATCH_TEST(layers),
        SCRATCH_TEST(names),        SCRATCH_TEST(trouble),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
