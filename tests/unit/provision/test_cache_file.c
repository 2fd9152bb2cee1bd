/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/image/cache_file.h"
#include "provision/image/digest_cache.h"
#include "util/file.h"

static char *finished(const char *content)
{
    auto_free char *part = scratch_path("cache/images/a.img.part");
    char *path = scratch_path("cache/images/a.img");
    struct error *err = NULL;

    scratch_text("cache/images/a.img.part", content, 0600);
    expect_ok(cache_file_publish(part, path, NULL, &err), &err);
    assert_int_equal(access(part, F_OK), -1);
    return path;
}

static void whole(void **state)
{
    auto_free char *path = scratch_path("cache/images/a.img"), *made = NULL;
    struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

    (void)state;
    assert_false(cache_file_is_whole(path));
    made = finished("image");
    assert_true(cache_file_is_whole(path));
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    assert_true(cache_file_is_whole(path));
}

static void changed(void **state)
{
    auto_free char *path = finished("image");

    (void)state;
    scratch_text("cache/images/a.img", "imaGe", 0600);
    assert_false(cache_file_is_whole(path));
    assert_int_equal(truncate(path, 0), 0);
    assert_false(cache_file_is_whole(path));
    assert_int_equal(unlink(path), 0);
    scratch_text("other", "image", 0600);
    assert_int_equal(symlink("../../other", path), 0);
    assert_false(cache_file_is_whole(path));
    assert_int_equal(unlink(path), 0);
    scratch_text("cache/images/a.img/x", "", 0600);
    assert_false(cache_file_is_whole(path));
    free(finished("again"));
    assert_true(cache_file_is_whole(path));
}

/* As after a power cut between note and file. */
static void without_its_note(void **state)
{
    auto_free char *path = finished("image"), *note = scratch_path("cache/digests/a.img");
    struct error *err = NULL;

    (void)state;
    scratch_text("cache/digests/a.img", "", 0600);
    assert_false(cache_file_is_whole(path));
    assert_int_equal(unlink(note), 0);
    assert_false(cache_file_is_whole(path));
    free(finished("image"));
    assert_true(cache_file_is_whole(path));
    expect_ok(cache_file_remove(path, &err), &err);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(note, F_OK), -1);
}

/* A file of which this is a second name. */
static void two_names(void **state)
{
    auto_free char *path = finished("image"), *part = scratch_path("cache/images/b.part");
    auto_free char *other = scratch_path("cache/images/b.img");
    struct error *err = NULL;
    char digest[SHA256_TEXT];

    (void)state;
    sha256_text("image", 5, digest);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(link(path, part), 0);
        expect_ok(cache_file_publish(part, other, digest, &err), &err);
        assert_int_equal(access(part, F_OK), -1);
        assert_true(cache_file_is_whole(other));
        assert_true(cache_file_is_whole(path));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(whole),
        SCRATCH_TEST(changed),
        SCRATCH_TEST(without_its_note),
        SCRATCH_TEST(two_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
