/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <archive.h>
#include <archive_entry.h>

#include "templates/iso.h"

/* The clock that libarchive reads: a program's own definition goes before libc's. */
static time_t now = 1700000000;
static int times_asked;

time_t time(time_t *ret)
{
    times_asked++;
    if (ret)
        *ret = now;
    return now;
}

static const struct iso_file seed_files[] = {
    {"user-data", "#cloud-config\nhostname: x\n", 26},
    {"meta-data", "instance-id: a\n", 15},
    {"network-config", "version: 2\n", 11},
    {"empty", NULL, 0},
};

static void build(const struct iso_file *files, size_t count, struct buffer *out)
{
    struct error *err = NULL;

    expect_ok(iso_build("cidata", files, count, out, &err), &err);
}

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static void same_bytes_at_any_time_and_place(void **state)
{
    static const char *const zones[] = {"UTC", "Asia/Kathmandu", "America/St_Johns", "XXX+11"};
    auto_buffer struct buffer first = {0};

    (void)state;
    build(seed_files, ARRAY_SIZE(seed_files), &first);
    assert_int_equal(first.length % 2048, 0);
    assert_true(first.length < 80 * 1024);
    for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
        auto_buffer struct buffer again = {0};

        set_zone(zones[i]);
        now += 40000000; /* more than a year, at another hour */
        times_asked = 0;
        build(seed_files, ARRAY_SIZE(seed_files), &again);
        assert_true(times_asked > 0);
        assert_int_equal(again.length, first.length);
        assert_memory_equal(again.data, first.data, first.length);
    }
    set_zone("UTC");
}

static struct archive *open_image(const struct buffer *image, const char *without)
{
    struct archive *reader = archive_read_new();

    assert_int_equal(archive_read_support_format_iso9660(reader), ARCHIVE_OK);
    if (without)
        assert_int_equal(archive_read_set_format_option(reader, "iso9660", without, NULL),
                         ARCHIVE_OK);
    assert_int_equal(archive_read_open_memory(reader, image->data, image->length), ARCHIVE_OK);
    return reader;
}

/* Once by the Joliet names, once by those of Rock Ridge. */
static void names_and_contents_read_back(void **state)
{
    static const char *const without[] = {"rockridge", "joliet", NULL};
    auto_buffer struct buffer image = {0};

    (void)state;
    build(seed_files, ARRAY_SIZE(seed_files), &image);
    for (size_t i = 0; i < ARRAY_SIZE(without); i++) {
        struct archive *reader = open_image(&image, without[i]);
        struct archive_entry *entry;
        size_t found = 0;

        while (archive_read_next_header(reader, &entry) == ARCHIVE_OK) {
            assert_int_equal(archive_entry_mtime(entry), 946684800);
            for (size_t f = 0; f < ARRAY_SIZE(seed_files); f++) {
                char content[64] = "";

                if (strcmp(archive_entry_pathname(entry), seed_files[f].name) != 0)
                    continue;
                assert_int_equal(archive_read_data(reader, content, sizeof content),
                                 seed_files[f].length);
                assert_memory_equal(content, seed_files[f].data ? seed_files[f].data : "",
                                    seed_files[f].length);
                found++;
            }
        }
        assert_int_equal(found, ARRAY_SIZE(seed_files));
        archive_read_free(reader);
    }
}

static void volume_id_is_there(void **state)
{
    auto_buffer struct buffer image = {0};

    (void)state;
    build(seed_files, 1, &image);
    assert_memory_equal(image.data + 16 * 2048 + 1, "CD001", 5);
    assert_memory_equal(image.data + 16 * 2048 + 40, "CIDATA ", 7);
    assert_memory_equal(image.data + 16 * 2048 + 813, "2000010100000000\0", 17);
    assert_memory_equal(image.data + 17 * 2048 + 40, "\0c\0i\0d\0a\0t\0a", 12);
}

/* More records than a sector holds, and a file over several. */
static void many_and_large_files(void **state)
{
    static char large[100000];
    auto_buffer struct buffer image = {0}, again = {0};
    struct iso_file files[61];
    char names[61][24];
    struct archive *reader;
    struct archive_entry *entry;
    size_t found = 0;

    (void)state;
    memset(large, 'x', sizeof large);
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        snprintf(names[i], sizeof names[i], "file-with-number-%zu", i);
        files[i] = (struct iso_file){names[i], large, i == 7 ? sizeof large : i};
    }
    build(files, ARRAY_SIZE(files), &image);
    now += 100000;
    build(files, ARRAY_SIZE(files), &again);
    assert_memory_equal(image.data, again.data, image.length);
    reader = open_image(&image, "joliet");
    while (archive_read_next_header(reader, &entry) == ARCHIVE_OK) {
        assert_int_equal(archive_entry_mtime(entry), 946684800);
        found++;
    }
    assert_int_equal(found, ARRAY_SIZE(files) + 1); /* and the root */
    archive_read_free(reader);
}

static void bad_volume_id(void **state)
{
    auto_buffer struct buffer image = {0};
    struct error *err = NULL;

    (void)state;
    expect_error(
        iso_build("much-longer-than-thirty-two-characters", seed_files, 1, &image, &err), &err,
        "cannot make an ISO image");
    assert_int_equal(image.length, 0);
}

static void seed_holds_the_three_files(void **state)
{
    auto_buffer struct buffer image = {0}, user = {0};
    struct error *err = NULL;
    struct archive *reader;
    struct archive_entry *entry;
    struct model m;
    char content[4096];

    (void)state;
    model_init(&m);
    expect_ok(seed_iso(&m.seed, &image, &err), &err);
    expect_ok(seed_user_data(&m.seed, &user, &err), &err);
    reader = open_image(&image, NULL);
    while (archive_read_next_header(reader, &entry) == ARCHIVE_OK &&
           strcmp(archive_entry_pathname(entry), "user-data") != 0)
        continue;
    assert_int_equal(archive_read_data(reader, content, sizeof content), user.length);
    assert_memory_equal(content, user.data, user.length);
    archive_read_free(reader);
    model_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes_at_any_time_and_place),
        cmocka_unit_test(names_and_contents_read_back),
        cmocka_unit_test(volume_id_is_there),
        cmocka_unit_test(many_and_large_files),
        cmocka_unit_test(bad_volume_id),
        cmocka_unit_test(seed_holds_the_three_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
