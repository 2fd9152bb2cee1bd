/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/digest.h"

/* FIPS 180-2's examples. */
#define OF_EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OF_MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static char path[4096];

static int make_file(void **state)
{
    const char *folder = getenv("TMPDIR");
    FILE *f;

    (void)state;
    snprintf(path, sizeof path, "%s/digest-%d", folder ? folder : "/tmp", (int)getpid());
    f = fopen(path, "w");
    if (!f)
        return -1;
    for (int i = 0; i < 1000000; i++)
        fputc('a', f);
    return fclose(f);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void of_memory(void **state)
{
    uint8_t bytes[SHA256_BYTES];
    char out[SHA256_TEXT];

    (void)state;
    assert_string_equal(sha256_text("", 0, out), OF_EMPTY);
    assert_string_equal(sha256_text("abc", 3, out), OF_ABC);
    sha256("abc", 3, bytes);
    assert_memory_equal(bytes, "\xba\x78\x16\xbf", 4);
}

struct seen {
    uint64_t last;
    int calls;
    uint64_t stop_at;
};

static int see(void *context, uint64_t done)
{
    struct seen *seen = context;

    assert_true(done > seen->last);
    seen->last = done;
    seen->calls++;
    return seen->stop_at && done >= seen->stop_at;
}

static void of_a_file(void **state)
{
    auto_error struct error *err = NULL;
    struct seen seen = {0};
    char out[SHA256_TEXT];

    (void)state;
    assert_int_equal(sha256_file(path, out, NULL, NULL, &err), 0);
    assert_string_equal(out, OF_MILLION_A);
    memset(out, 0, sizeof out);
    assert_int_equal(sha256_file(path, out, see, &seen, &err), 0);
    assert_string_equal(out, OF_MILLION_A);
    assert_int_equal(seen.last, 1000000);
    assert_true(seen.calls >= 1);
}

static void stops_when_told(void **state)
{
    auto_error struct error *err = NULL;
    struct seen seen = {.stop_at = 1};
    char out[SHA256_TEXT] = "before";

    (void)state;
    assert_int_equal(sha256_file(path, out, see, &seen, &err), -1);
    assert_int_equal(err->kind, ERROR_CANCELLED);
    assert_int_equal(seen.calls, 1);
    assert_string_equal(out, "before");
}

static void unreadable_files(void **state)
{
    auto_error struct error *missing = NULL, *folder = NULL;
    char out[SHA256_TEXT];

    (void)state;
    assert_int_equal(sha256_file("/no/such/file", out, NULL, NULL, &missing), -1);
    assert_int_equal(missing->kind, ERROR_SYSTEM);
    assert_int_equal(missing->code, ENOENT);
    assert_string_equal(missing->message,
                        "cannot open '/no/such/file': No such file or directory");
    assert_int_equal(sha256_file("/", out, NULL, NULL, &folder), -1);
    assert_int_equal(folder->code, EISDIR);
}

static const char *derive(const char *cluster, const char *kind, const char *name,
                          char out[UUID_TEXT])
{
    uint8_t uuid[UUID_BYTES];

    uuid_derive(cluster, kind, name, uuid);
    return uuid_format(uuid, out);
}

/* Clusters that run were named by these: the values must never change. */
static void identities_never_change(void **state)
{
    char out[UUID_TEXT];

    (void)state;
    assert_string_equal(derive("lab", "domain", "web-1", out),
                        "ac9e4d45-ae76-593d-947f-42d271f1b34e");
    assert_string_equal(derive("lab", "network", "lan", out),
                        "266e2548-e869-5314-a739-6e5d054b112b");
}

static void identities_differ(void **state)
{
    char first[UUID_TEXT], second[UUID_TEXT];

    (void)state;
    assert_string_not_equal(derive("ab", "c", "d", first), derive("a", "bc", "d", second));
    assert_string_not_equal(derive("a", "bc", "d", first), derive("a", "b", "cd", second));
    assert_string_not_equal(derive("a", "b", "", first), derive("a", "", "b", second));
}

/* The figure is Python's hashlib.pbkdf2_hmac('sha256', b'abc', b'lab', 100000). */
static void slow_digests_never_change(void **state)
{
    char text[SHA256_TEXT], other[SHA256_TEXT];

    (void)state;
    assert_string_equal(sha256_slow_text("abc", "lab", text),
                        "eb071780819ceb377a0176ecf84b36b72d4b2638ff85ca3d1e99840b87ef58e4");
    assert_string_not_equal(text, sha256_slow_text("abc", "other", other));
}

static void version_and_variant(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        char name[16];
        uint8_t uuid[UUID_BYTES];

        snprintf(name, sizeof name, "n%d", i);
        uuid_derive("lab", "domain", name, uuid);
        assert_int_equal(uuid[6] >> 4, 5);
        assert_int_equal(uuid[8] >> 6, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_memory),
        cmocka_unit_test(of_a_file),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(unreadable_files),
        cmocka_unit_test(identities_never_change),
        cmocka_unit_test(identities_differ),
        cmocka_unit_test(version_and_variant),
        cmocka_unit_test(slow_digests_never_change),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
