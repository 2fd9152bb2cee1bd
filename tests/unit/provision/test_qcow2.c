/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <endian.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "provision/image/qcow2.h"
#include "util/file.h"
#include "util/process.h"
#include "util/size.h"

#define AGAIN "download or copy it again"

/* ---- images by hand ---- */

/* Clusters of 4 KiB: the header, the refcount table, level 1, level 2, data. Level 2 covers 2
 * MiB, or half of it with extended entries. */
#define CLUSTER UINT64_C(4096)
#define L1_PLACE (2 * CLUSTER)
#define L2_PLACE (3 * CLUSTER)
#define DATA_PLACE (4 * CLUSTER)
#define GOOD_BYTES (5 * CLUSTER)

struct patch {
    size_t offset;
    uint64_t value;
    bool half; /* 32 bits */
};

static void put(unsigned char *data, struct patch patch)
{
    uint64_t whole = htobe64(patch.value);
    uint32_t half = htobe32((uint32_t)patch.value);

    if (patch.half)
        memcpy(data + patch.offset, &half, sizeof half);
    else
        memcpy(data + patch.offset, &whole, sizeof whole);
}

/* A good image of 1 MiB whose first cluster is data, then the patch. */
static void write_image(size_t length, struct patch patch)
{
    static const struct patch good[] = {
        {4, 3, true},
        {20, 12, true},
        {24, MIB, false},
        {36, 1, true},
        {40, L1_PLACE, false},
        {48, CLUSTER, false},
        {56, 1, true},
        {96, 4, true},
        {100, 104, true},
        {L1_PLACE, UINT64_C(1) << 63 | L2_PLACE, false},
        {L2_PLACE, UINT64_C(1) << 63 | DATA_PLACE, false},
    };
    unsigned char data[GOOD_BYTES] = "QFI\xfb";

    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        put(data, good[i]);
    if (patch.offset)
        put(data, patch);
    scratch_write("x", data, length, 0644);
}

static int inspect(const char *name, uint64_t *ret_capacity, struct error **err)
{
    auto_free char *path = scratch_path(name);
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    return qcow2_inspect(fd, path, (uint64_t)st.st_size, ret_capacity, err);
}

static void expect_whole(const char *name, uint64_t capacity)
{
    struct error *err = NULL;
    uint64_t found = 0;

    expect_ok(inspect(name, &found, &err), &err);
    assert_int_equal(found, capacity);
}

static void expect_refused(const char *message, const char *hint)
{
    struct error *err = NULL;
    uint64_t capacity = 42;
    int result = inspect("x", &capacity, &err);

    if (err)
        assert_int_equal(err->kind, ERROR_CONFIG);
    expect_error(result, &err, message, hint);
    assert_int_equal(capacity, 42);
}

static void expect_cut_off(uint64_t byte, uint64_t length)
{
    auto_free char *message = xasprintf("@/x: the image is cut off: it refers to data at byte "
                                        "%llu, and the file has %llu",
                                        (unsigned long long)byte, (unsigned long long)length);

    expect_refused(message, AGAIN);
}

static void whole(void **state)
{
    (void)state;
    write_image(GOOD_BYTES, (struct patch){0});
    expect_whole("x", MIB);
    /* the last cluster may be shorter than one */
    write_image(DATA_PLACE + 1, (struct patch){0});
    expect_whole("x", MIB);
    /* what reads as zeros needs no data, wherever it points to */
    write_image(GOOD_BYTES, (struct patch){L2_PLACE + 8, GOOD_BYTES | 1, false});
    expect_whole("x", MIB);
    /* no data at all */
    write_image(L1_PLACE + 8, (struct patch){L1_PLACE, 0, false});
    expect_whole("x", MIB);
}

static void bad_header(void **state)
{
    static const struct {
        struct patch patch;
        const char *reason;
    } cases[] = {
        {{4, 1, true}, "its header is of an unknown version"},
        {{20, 8, true}, "its header has an impossible cluster size"},
        {{20, 22, true}, "its header has an impossible cluster size"},
        {{20, 0, true}, "its header has an impossible cluster size"},
        {{20, UINT32_MAX, true}, "its header has an impossible cluster size"},
        {{36, 0, true}, "its table does not fit its size"},
        {{36, 4 * MIB + 1, true}, "its table does not fit its size"},
        {{36, UINT32_MAX, true}, "its table does not fit its size"},
        {{24, 2 * MIB + 1, false}, "its table does not fit its size"},
        {{40, 0, false}, "its header has no place for its tables"},
        {{40, L1_PLACE + 8, false}, "its header has no place for its tables"},
        {{48, 0, false}, "its header has no place for its tables"},
        {{48, CLUSTER + 512, false}, "its header has no place for its tables"},
        {{56, 0, true}, "its header has no place for its tables"},
        {{56, 8 * MIB / CLUSTER + 1, true}, "its header has no place for its tables"},
        {{100, 0xffffff00, true}, "its header has an impossible length"},
        {{100, 96, true}, "its header has an impossible length"},
        {{100, CLUSTER + 8, true}, "its header has an impossible length"},
        {{96, 7, true}, "its header has impossible reference counts"},
        {{60, 65000, true}, "its header has no place for its snapshots"},
        {{L1_PLACE, L2_PLACE + 512, false}, "a table is not where one can be"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_free char *message = xasprintf("@/x: a damaged qcow2 image (%s)", cases[i].reason);

        write_image(GOOD_BYTES, cases[i].patch);
        expect_refused(message, AGAIN);
    }
    write_image(GOOD_BYTES, (struct patch){72, 1 << 5, false});
    expect_refused("@/x: the image needs features that are not known (0x20)", NULL);
    write_image(103, (struct patch){0});
    expect_refused("@/x: a damaged qcow2 image (its header is cut off)", AGAIN);
}

static void cut_off_tables(void **state)
{
    static const uint64_t far = UINT64_C(0xfffffffffff000);

    (void)state;
    write_image(CLUSTER, (struct patch){0});
    expect_cut_off(CLUSTER, CLUSTER);
    write_image(L1_PLACE, (struct patch){0});
    expect_cut_off(L1_PLACE, L1_PLACE);
    write_image(L1_PLACE + 7, (struct patch){0});
    expect_cut_off(L1_PLACE + 7, L1_PLACE + 7);
    write_image(L2_PLACE, (struct patch){0});
    expect_cut_off(L2_PLACE, L2_PLACE);
    write_image(DATA_PLACE - 1, (struct patch){0});
    expect_cut_off(DATA_PLACE - 1, DATA_PLACE - 1);
    write_image(DATA_PLACE, (struct patch){0});
    expect_cut_off(DATA_PLACE, DATA_PLACE);
    /* the last entry of all */
    write_image(GOOD_BYTES, (struct patch){DATA_PLACE - 8, GOOD_BYTES, false});
    expect_cut_off(GOOD_BYTES, GOOD_BYTES);
    /* offsets that would overflow a sum */
    write_image(GOOD_BYTES, (struct patch){40, UINT64_MAX - CLUSTER + 1, false});
    expect_cut_off(UINT64_MAX - CLUSTER + 1, GOOD_BYTES);
    write_image(GOOD_BYTES, (struct patch){48, UINT64_MAX - CLUSTER + 1, false});
    expect_cut_off(UINT64_MAX - CLUSTER + 1, GOOD_BYTES);
    write_image(GOOD_BYTES, (struct patch){L1_PLACE, far, false});
    expect_cut_off(far, GOOD_BYTES);
    write_image(GOOD_BYTES, (struct patch){36, 4 * MIB, true});
    expect_cut_off(L1_PLACE + 32 * MIB - 1, GOOD_BYTES);
}

/* Of a compressed cluster, clusters of 4 KiB: 58 bits say where, 4 how many sectors more. */
static void compressed_by_hand(void **state)
{
    const uint64_t entry = UINT64_C(1) << 62;

    (void)state;
    write_image(GOOD_BYTES, (struct patch){L2_PLACE, entry | (GOOD_BYTES - 1), false});
    expect_whole("x", MIB);
    write_image(GOOD_BYTES, (struct patch){L2_PLACE, entry | GOOD_BYTES, false});
    expect_cut_off(GOOD_BYTES, GOOD_BYTES);
    write_image(GOOD_BYTES,
                (struct patch){L2_PLACE, entry | UINT64_C(7) << 58 | DATA_PLACE, false});
    expect_whole("x", MIB);
    write_image(GOOD_BYTES,
                (struct patch){L2_PLACE, entry | UINT64_C(8) << 58 | DATA_PLACE, false});
    expect_cut_off(GOOD_BYTES, GOOD_BYTES);
}

/* A file of holes with the largest tables there can be: its size and content cost nothing. */
static void hostile(void **state)
{
    auto_free char *path = scratch_path("x");
    const uint64_t length = UINT64_C(1) << 40;
    auto_free unsigned char *l1 = xcalloc(4 * MIB, 8);
    struct timespec start, end;
    uint64_t capacity;
    struct error *err = NULL;
    int fd;

    (void)state;
    write_image(GOOD_BYTES, (struct patch){36, 4 * MIB, true});
    for (size_t i = 0; i < 4 * MIB; i++)
        put(l1, (struct patch){i * 8, 64 * MIB + i * CLUSTER, false});
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, l1, 32 * MIB, (off_t)L1_PLACE), 32 * MIB);
    assert_int_equal(ftruncate(fd, (off_t)length), 0);
    close(fd);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    expect_ok(inspect("x", &capacity, &err), &err);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    /* a sanitizer's slowness included; every table read would be minutes */
    assert_true(end.tv_sec - start.tv_sec < 5);
}

/* ---- images by qemu-img ---- */

static void run(const char *const *argv)
{
    struct error *err = NULL;
    struct process_options how = {.folder = scratch, .timeout_ms = 60000};

    expect_ok(process_run(argv, &how, NULL, &err), &err);
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

/* 3 MiB that no compression makes small, with a hole of 1 MiB and more of it behind. */
static void write_source(void)
{
    auto_free unsigned char *data = xcalloc(1, 5 * MIB);
    uint32_t random = 1;

    for (size_t i = 0; i < 5 * MIB; i++) {
        random = random * 1664525 + 1013904223;
        if (i / MIB != 3)
            data[i] = (unsigned char)(random >> 24);
    }
    scratch_write("source", data, 5 * MIB, 0644);
}

static uint64_t size_of(const char *name)
{
    auto_free char *path = scratch_path(name);
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return (uint64_t)st.st_size;
}

/* Whole it is good, and cut anywhere it is not. */
static void expect_cuts_seen(void)
{
    auto_free char *path = scratch_path("x");
    const uint64_t length = size_of("x");
    static const char beginning[] = "the image is cut off: it refers to data at byte ";

    expect_whole("x", 5 * MIB);
    for (int eighth = 7; eighth >= 0; eighth--) {
        uint64_t capacity, kept = eighth ? length / 8 * (uint64_t)eighth : 4096;
        auto_error struct error *err = NULL;

        assert_int_equal(truncate(path, (off_t)kept), 0);
        assert_int_equal(inspect("x", &capacity, &err), -1);
        assert_int_equal(err->kind, ERROR_CONFIG);
        assert_non_null(strstr(err->message, beginning));
        assert_string_equal(err->hint, AGAIN);
    }
}

static void made_by_qemu(void **state)
{
    static const char *const options[] = {
        "compat=1.1",
        "compat=0.10",
        "cluster_size=512",
        "cluster_size=2M",
        "extended_l2=on,cluster_size=64k",
        "preallocation=metadata",
        "lazy_refcounts=on",
    };

    (void)state;
    write_source();
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        RUN("qemu-img", "convert", "-O", "qcow2", "-o", options[i], "source", "x");
        expect_cuts_seen();
    }
    RUN("qemu-img", "convert", "-c", "-O", "qcow2", "source", "x");
    expect_cuts_seen();
    RUN("qemu-img", "convert", "-c", "-O", "qcow2", "-o", "compression_type=zstd", "source",
        "x");
    expect_cuts_seen();
}

/* What no cut can hurt, and what a guest's writes leave, stays good. */
static void stays_good(void **state)
{
    static const char *const options[] = {"compat=1.1", "preallocation=metadata",
                                          "extended_l2=on,cluster_size=64k",
                                          "preallocation=falloc", "cluster_size=512"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        RUN("qemu-img", "create", "-q", "-f", "qcow2", "-o", options[i], "x", "30000000");
        expect_whole("x", 30000128);
        RUN("qemu-io", "-f", "qcow2", "-c", "write -P 7 10000000 700", "-c",
            "write -P 8 29999000 1000", "-c", "write -z 1M 2M", "-c", "discard 10M 1M", "x");
        expect_whole("x", 30000128);
        RUN("qemu-img", "snapshot", "-c", "before", "x");
        RUN("qemu-img", "resize", "-q", "x", "40000000");
        expect_whole("x", 40000000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(whole),          SCRATCH_TEST(bad_header),
        SCRATCH_TEST(cut_off_tables), SCRATCH_TEST(compressed_by_hand),
        SCRATCH_TEST(hostile),        SCRATCH_TEST(made_by_qemu),
        SCRATCH_TEST(stays_good),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
