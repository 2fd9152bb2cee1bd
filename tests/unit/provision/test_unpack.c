/* SPDX-License-Identifier: Apache-2.0 */
#include "webserver.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/fetch/fetch.h"
#include "provision/fetch/unpack.h"
#include "util/digest.h"
#include "util/file.h"
#include "util/size.h"

#define BYTES (6 * MIB)

static char plain_digest[SHA256_TEXT];

/* Mebibytes of noise, of zeros, of noise, of zeros, … */
static char *make_plain(size_t bytes)
{
    char *data = xcalloc(1, bytes);
    uint64_t seed = 88172645463325252;

    for (size_t i = 0; i < bytes; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        if (i / MIB % 2 == 0)
            data[i] = (char)(seed >> 24);
    }
    return data;
}

static void compress(const char *name, int filter, const char *data, size_t bytes,
                     uint64_t zeros)
{
    auto_free char *path = scratch_path(name);
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    static const char block[MIB];

    assert_int_equal(archive_write_add_filter(archive, filter), ARCHIVE_OK);
    assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_pathname(entry, "data");
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(archive, data, bytes), (la_ssize_t)bytes);
    for (; zeros > 0; zeros -= MIB)
        assert_int_equal(archive_write_data(archive, block, MIB), (la_ssize_t)MIB);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_entry_free(entry);
    archive_write_free(archive);
}

static int open_plain(void **state)
{
    auto_free char *data = make_plain(BYTES);

    if (web_open(state) != 0)
        return -1;
    sha256_text(data, BYTES, plain_digest);
    compress("www/a.gz", ARCHIVE_FILTER_GZIP, data, BYTES, 0);
    compress("www/a.xz", ARCHIVE_FILTER_XZ, data, BYTES, 0);
    compress("www/a.zst", ARCHIVE_FILTER_ZSTD, data, BYTES, 0);
    compress("www/a.bz2", ARCHIVE_FILTER_BZIP2, data, BYTES, 0);
    return 0;
}

/* The unpacked file, sparse where it has zeros. */
static void expect_plain(const char *name)
{
    auto_free char *path = scratch_path(name);
    char digest[SHA256_TEXT];
    struct error *err = NULL;
    struct stat st;

    expect_ok(sha256_file(path, digest, NULL, NULL, &err), &err);
    assert_string_equal(digest, plain_digest);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, BYTES);
    assert_true((uint64_t)st.st_blocks * 512 <= BYTES / 2 + 64 * KIB);
}

static void kinds(void **state)
{
    (void)state;
    assert_string_equal(unpack_kind("\x1f\x8b\x08\0\0\0", 6), "gzip");
    assert_string_equal(unpack_kind("\xfd\x37zXZ\0", 6), "xz");
    assert_string_equal(unpack_kind("\x28\xb5\x2f\xfd\0\0", 6), "zstd");
    assert_string_equal(unpack_kind("BZh91A", 6), "bzip2");
    assert_null(unpack_kind("QFI\xfb\0\0", 6));
    assert_null(unpack_kind("\x1f\x8b", 2));
}

static void files(void **state)
{
    static const char *const names[] = {"www/a.gz", "www/a.xz", "www/a.zst", "www/a.bz2"};
    auto_free char *to = scratch_path("plain");

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        auto_free char *from = scratch_path(names[i]);
        struct error *err = NULL;

        expect_ok(unpack_file(from, to, GIB, NULL, &err), &err);
        expect_plain("plain");
    }
}

static void bad_files(void **state)
{
    auto_free char *from = scratch_path("www/a.gz");
    auto_free char *cut = scratch_path("cut.xz");
    auto_free char *to = scratch_path("plain");
    auto_free char *head = scratch_path("head");
    auto_buffer struct buffer bytes = {0};
    auto_free char *whole = scratch_path("www/a.xz");
    struct error *err = NULL;

    (void)state;
    expect_error(unpack_file(from, to, MIB, NULL, &err), &err,
                 "unpacking @/www/a.gz: unpacked it is larger than 1 MiB",
                 "if that is right, raise the image's `size_limit`");
    assert_int_not_equal(access(to, F_OK), 0);
    expect_ok(file_read(whole, GIB, &bytes, &err), &err);
    scratch_write("cut.xz", bytes.data, bytes.length / 2, 0600);
    expect_error(unpack_file(cut, to, GIB, NULL, &err), &err,
                 "unpacking @/cut.xz: its xz data cannot be unpacked: they end too early",
                 NULL);
    memset(bytes.data + bytes.length / 3, 'x', 1000);
    scratch_write("cut.xz", bytes.data, bytes.length, 0600);
    expect_error(
        unpack_file(cut, to, GIB, NULL, &err), &err,
        "unpacking @/cut.xz: its xz data cannot be unpacked: Lzma library error: Corrupted "
        "input data",
        NULL);
    scratch_text("head", "QFI", 0600);
    expect_error(unpack_file(head, to, GIB, NULL, &err), &err, "@/head is not compressed",
                 NULL);
    assert_int_not_equal(access(to, F_OK), 0);
}

static void bombs(void **state)
{
    auto_free char *from = scratch_path("bomb.zst");
    auto_free char *to = scratch_path("plain");
    struct error *err = NULL;

    (void)state;
    compress("bomb.zst", ARCHIVE_FILTER_ZSTD, "x", 1, 2 * GIB);
    expect_error(
        unpack_file(from, to, 64 * GIB, NULL, &err), &err,
        "unpacking @/bomb.zst: unpacked it is more than 1000 times as large: it is made "
        "to fill disks",
        "unpack it by hand where you trust it, and name the result with `file`");
}

static int get(const char *path, uint64_t limit, struct fetch_result *ret, struct error **err)
{
    auto_free char *url = web_url("https", path);
    auto_free char *part = scratch_path("plain");
    const char *const urls[] = {url};
    struct fetch_request request = {
        .urls = urls, .url_count = 1, .unpack = true, .size_limit = limit, .path = part};

    return fetch_file(&request, NULL, ret, err);
}

/* On the way, also over connections that break: what has come is not unpacked again. */
static void downloads(void **state)
{
    static const char *const paths[] = {"ok/a.gz", "reset/1000000/a.xz", "ok/a.zst",
                                        "norange-reset1/1000000/a.bz2", "drip/300000/a.zst"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
        struct fetch_result result;
        struct error *err = NULL;

        expect_ok(get(paths[i], 0, &result, &err), &err);
        assert_true(result.unpacked);
        expect_plain("plain");
    }
}

static void bad_downloads(void **state)
{
    auto_free char *part = scratch_path("plain");
    struct fetch_result result;
    struct error *err = NULL;
    auto_free char *large = web_expand("@https/ok/a.gz: unpacked it is larger than 4 MiB");
    auto_free char *early = web_expand(
        "@https/cut/1000000/a.xz: its xz data cannot be unpacked: they end too early");

    (void)state;
    expect_error(get("ok/a.gz", 4 * MIB, &result, &err), &err, large,
                 "if that is right, raise the image's `size_limit`");
    expect_error(get("cut/1000000/a.xz", 0, &result, &err), &err, early, NULL);
    assert_int_not_equal(access(part, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),
        cmocka_unit_test_setup_teardown(files, open_plain, web_close),
        cmocka_unit_test_setup_teardown(bad_files, open_plain, web_close),
        SCRATCH_TEST(bombs),
        cmocka_unit_test_setup_teardown(downloads, open_plain, web_close),
        cmocka_unit_test_setup_teardown(bad_downloads, open_plain, web_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
