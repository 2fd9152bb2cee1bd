/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/image/digest_cache.h"

#define CACHE "xdg-cache/virtopo/digests.json"

static void expect_digest(const char *name, const char *content)
{
    auto_free char *path = scratch_path(name);
    char expected[SHA256_TEXT], digest[SHA256_TEXT];
    struct error *err = NULL;

    expect_ok(digest_cached(path, digest, &err), &err);
    assert_string_equal(digest, sha256_text(content, strlen(content), expected));
}

/* Puts another digest into the cache: what is believed without reading the file again. */
static void forge(const char *digest)
{
    auto_free char *text = scratch_read(CACHE);
    json_t *cache = json_loads(text, 0, NULL);
    auto_free char *forged = NULL;
    const char *key;
    json_t *value;
    void *next;

    assert_non_null(cache);
    assert_int_equal(json_object_size(cache), 1);
    json_object_foreach_safe(cache, next, key, value)
        json_object_set_new(cache, key, json_string(digest));
    forged = json_dumps(cache, 0);
    scratch_text(CACHE, forged, 0600);
    json_decref(cache);
}

static void hit(void **state)
{
    char forged[SHA256_TEXT], digest[SHA256_TEXT];
    auto_free char *path = scratch_path("a");
    struct error *err = NULL;

    (void)state;
    scratch_text("a", "one", 0644);
    expect_digest("a", "one");
    memset(forged, 'f', SHA256_TEXT - 1);
    forged[SHA256_TEXT - 1] = '\0';
    forge(forged);
    expect_ok(digest_cached(path, digest, &err), &err);
    assert_string_equal(digest, forged);
}

static void odd_entries_do_not_count(void **state)
{
    (void)state;
    scratch_text("a", "one", 0644);
    expect_digest("a", "one");
    forge("short");
    expect_digest("a", "one");
}

static void changed_file(void **state)
{
    auto_free char *path = scratch_path("a");
    const struct timespec same[2] = {{1000, 0}, {1000, 0}};

    (void)state;
    scratch_text("a", "one", 0644);
    assert_int_equal(utimensat(AT_FDCWD, path, same, 0), 0);
    expect_digest("a", "one");
    /* the same size and modification time, and another inode */
    scratch_text("a", "two", 0644);
    assert_int_equal(utimensat(AT_FDCWD, path, same, 0), 0);
    expect_digest("a", "two");
    scratch_text("a", "longer", 0644);
    expect_digest("a", "longer");
}

/* Written in place with its time put back: the change of its state cannot be put back. */
static void changed_in_place(void **state)
{
    auto_free char *path = scratch_path("a");
    const struct timespec same[2] = {{1000, 0}, {1000, 0}};
    int fd;

    (void)state;
    scratch_text("a", "one", 0644);
    assert_int_equal(utimensat(AT_FDCWD, path, same, 0), 0);
    expect_digest("a", "one");
    usleep(20000); /* the clock of a file system ticks slowly */
    fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, "two", 3, 0), 3);
    close(fd);
    assert_int_equal(utimensat(AT_FDCWD, path, same, 0), 0);
    expect_digest("a", "two");
}

static void broken_cache(void **state)
{
    static const char *const broken[] = {"", "{", "[]", "\"text\"", "{\"a\": [1]}", "null"};

    (void)state;
    scratch_text("a", "one", 0644);
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        auto_free char *text = NULL;

        scratch_text(CACHE, broken[i], 0600);
        expect_digest("a", "one");
        text = scratch_read(CACHE);
        assert_non_null(strstr(text,
                               "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff"
                               "431ed"));
    }
}

static void cache_that_cannot_be_written(void **state)
{
    (void)state;
    scratch_text("a", "one", 0644);
    scratch_text("xdg-cache", "a file where the folder should be", 0600);
    expect_digest("a", "one");
    expect_digest("a", "one");
}

static void missing_file(void **state)
{
    auto_free char *path = scratch_path("nothing");
    char digest[SHA256_TEXT];
    struct error *err = NULL;

    (void)state;
    expect_error(digest_cached(path, digest, &err), &err,
                 "cannot look at @/nothing: No such file or directory", NULL);
}

static void several_files(void **state)
{
    auto_free char *text = NULL;
    json_t *cache;

    (void)state;
    scratch_text("a", "one", 0644);
    scratch_text("b", "two", 0644);
    expect_digest("a", "one");
    expect_digest("b", "two");
    expect_digest("a", "one");
    text = scratch_read(CACHE);
    cache = json_loads(text, 0, NULL);
    assert_int_equal(json_object_size(cache), 2);
    json_decref(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(hit),          SCRATCH_TEST(odd_entries_do_not_count),
        SCRATCH_TEST(changed_file), SCRATCH_TEST(changed_in_place),
        SCRATCH_TEST(broken_cache), SCRATCH_TEST(cache_that_cannot_be_written),
        SCRATCH_TEST(missing_file), SCRATCH_TEST(several_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
