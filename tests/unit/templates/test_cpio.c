/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "model.h"

#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "templates/cpio.h"

static const struct iso_file files[] = {
    {"preseed.cfg", "d-i x/y boolean true\n", 21},
    {"empty", NULL, 0},
    {"deep/file", "abc", 3},
};

static void build(struct buffer *out)
{
    struct error *err = NULL;

    expect_ok(cpio_build(files, ARRAY_SIZE(files), out, &err), &err);
}

/* As the kernel reads it: "newc" headers, names and data padded to four bytes. */
static void as_linux_takes_it(void **state)
{
    auto_buffer struct buffer out = {0};

    (void)state;
    build(&out);
    assert_memory_equal(out.data, "070701", 6);
    assert_memory_equal(out.data + 110, "preseed.cfg", 12);
    assert_memory_equal(out.data + 124, "d-i x/y boolean true\n", 21);
    assert_memory_equal(out.data + 148, "070701", 6);
    assert_int_equal(out.length % 4, 0);
}

static void holds_the_files(void **state)
{
    struct archive *archive = archive_read_new();
    auto_buffer struct buffer out = {0};
    struct archive_entry *entry;
    char data[64];

    (void)state;
    build(&out);
    assert_int_equal(archive_read_support_format_cpio(archive), ARCHIVE_OK);
    assert_int_equal(archive_read_open_memory(archive, out.data, out.length), ARCHIVE_OK);
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        assert_int_equal(archive_read_next_header(archive, &entry), ARCHIVE_OK);
        assert_string_equal(archive_entry_pathname(entry), files[i].name);
        assert_int_equal(archive_entry_perm(entry), 0600);
        assert_int_equal(archive_entry_uid(entry), 0);
        assert_int_equal(archive_read_data(archive, data, sizeof data), files[i].length);
        if (files[i].length)
            assert_memory_equal(data, files[i].data, files[i].length);
    }
    assert_int_equal(archive_read_next_header(archive, &entry), ARCHIVE_EOF);
    archive_read_free(archive);
}

static void same_bytes_again(void **state)
{
    auto_buffer struct buffer first = {0}, again = {0};

    (void)state;
    build(&first);
    build(&again);
    assert_int_equal(first.length, again.length);
    assert_memory_equal(first.data, again.data, first.length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_linux_takes_it),
        cmocka_unit_test(holds_the_files),
        cmocka_unit_test(same_bytes_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
