/* SPDX-License-Identifier: Apache-2.0 */
/* Digests from lists, signed and not; what is made of what the file says. */
#include "webserver.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "provision/fetch/download.h"
#include "provision/fetch/signature.h"
#include "util/file.h"

#define DATA "tests/unit/provision/data/signed/"
#define CONTENT "what is signed\n"
#define DIGEST "9d9116edf6bc903031f363e444e1c34b1494e778772dd23b85c7206ff1e19a69"

static void read_data(const char *name, struct buffer *out)
{
    auto_free char *path = xasprintf(DATA "%s", name);
    struct error *err = NULL;

    expect_ok(file_read(path, 1 << 20, out, &err), &err);
}

static int check(const char *keyring, const struct buffer *text, const char *signature,
                 struct buffer *verified, struct error **err)
{
    auto_free char *keys = xasprintf(DATA "%s", keyring);
    auto_buffer struct buffer proof = {0};

    if (signature)
        read_data(signature, &proof);
    return signature_check(keys, text, signature ? &proof : NULL, "LIST", NULL, verified, err);
}

static void signed_lists(void **state)
{
    static const char *const cases[][3] = {{"keys.gpg", "SHA256SUMS", "SHA256SUMS.gpg"},
                                           {"keys.asc", "SHA256SUMS", "SHA256SUMS.asc"},
                                           {"keys.asc", "SHA256SUMS", "SHA256SUMS.gpg"},
                                           {"keys.gpg", "CHECKSUM", NULL}};
    auto_buffer struct buffer plain = {0};

    (void)state;
    read_data("SHA256SUMS", &plain);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_buffer struct buffer text = {0};
        auto_buffer struct buffer verified = {0};
        struct error *err = NULL;

        read_data(cases[i][1], &text);
        expect_ok(check(cases[i][0], &text, cases[i][2], &verified, &err), &err);
        assert_string_equal(verified.data, plain.data);
    }
}

static void forged_lists(void **state)
{
    static const char nothing[] =
        "nothing of it is used: the list, the signature or the keyring "
        "is damaged, forged or another's";
    auto_buffer struct buffer text = {0};
    auto_buffer struct buffer clear = {0};
    auto_buffer struct buffer verified = {0};
    struct error *err = NULL;

    (void)state;
    read_data("SHA256SUMS", &text);
    read_data("CHECKSUM", &clear);
    expect_error(check("other.gpg", &text, "SHA256SUMS.gpg", &verified, &err), &err,
                 "LIST is not signed by a key of " DATA "other.gpg",
                 "another key signed it: get that one from the publisher, by a way that you "
                 "trust");
    expect_error(
        check("keys.gpg", &text, NULL, &verified, &err), &err,
        "LIST is not signed by a key of " DATA "keys.gpg",
        "the list has no signature in it: where there is one beside it, name that with "
        "`signature`");
    text.data[0] = text.data[0] == '0' ? '1' : '0';
    expect_error(check("keys.gpg", &text, "SHA256SUMS.gpg", &verified, &err), &err,
                 "LIST is not signed by a key of " DATA "keys.gpg", nothing);
    *strstr(clear.data, "disk.img") = 'D';
    expect_error(check("keys.gpg", &clear, NULL, &verified, &err), &err,
                 "LIST is not signed by a key of " DATA "keys.gpg", nothing);
    expect_error(check("README.md", &clear, NULL, &verified, &err), &err,
                 "LIST is not signed by a key of " DATA "README.md",
                 "that file has no keys in it: `gpg --export` writes what is wanted");
    assert_int_equal(verified.length, 0);
}

/* What stands around the signed part of a list does not count. */
static void around_the_signed(void **state)
{
    auto_buffer struct buffer text = {0};
    auto_buffer struct buffer verified = {0};
    auto_buffer struct buffer plain = {0};
    auto_error struct error *err = NULL;

    (void)state;
    read_data("SHA256SUMS", &plain);
    read_data("CHECKSUM", &text);
    buffer_puts(&text, "00  forged.img\n");
    if (check("keys.gpg", &text, NULL, &verified, &err) == 0)
        assert_string_equal(verified.data, plain.data);
    else
        assert_int_equal(verified.length, 0);
}

struct served {
    char *url, *checksums, *signature;
    struct download download;
};

static int resolve(const struct download *download, struct checksum *ret, struct error **err)
{
    uint64_t timeout = 0;

    return download_resolve(download, &timeout, NULL, ret, err);
}

static void serve(struct served *s, const char *checksums, const char *signature)
{
    static const char *const names[] = {"SHA256SUMS", "SHA256SUMS.gpg", "CHECKSUM"};

    scratch_text("www/disk.img", CONTENT, 0644);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        auto_free char *name = xasprintf("www/%s", names[i]);
        auto_buffer struct buffer text = {0};

        read_data(names[i], &text);
        scratch_write(name, text.data, text.length, 0644);
    }
    s->url = web_url("https", "ok/disk.img");
    s->checksums = web_expand(checksums);
    s->signature = signature ? web_expand(signature) : NULL;
    s->download = (struct download){.url = s->url,
                                    .checksums = s->checksums,
                                    .signature = s->signature,
                                    .keyring = signature ? DATA "keys.asc" : NULL};
}

static void served_done(struct served *s)
{
    free(s->url);
    free(s->checksums);
    free(s->signature);
}

static void resolves(const char *checksums, const char *signature)
{
    __attribute__((cleanup(served_done))) struct served s = {0};
    auto_free char *path = scratch_path("disk.part");
    auto_buffer struct buffer got = {0};
    struct fetch_result result;
    struct checksum digest;
    struct error *err = NULL;

    serve(&s, checksums, signature);
    expect_ok(resolve(&s.download, &digest, &err), &err);
    assert_string_equal(digest.hex, DIGEST);
    expect_ok(download_get(&s.download, &digest, true, 0, path, NULL, &result, &err), &err);
    expect_ok(file_read(path, 100, &got, &err), &err);
    assert_string_equal(got.data, CONTENT);
}

static void by_lists(void **state)
{
    (void)state;
    resolves("@https/ok/SHA256SUMS", NULL);
    resolves("@https/ok/SHA256SUMS", "@https/ok/SHA256SUMS.gpg");
    resolves("@https/status1/503/SHA256SUMS", "@/www/SHA256SUMS.gpg");
    resolves("@/www/SHA256SUMS", NULL);
}

static void by_a_clear_list(void **state)
{
    __attribute__((cleanup(served_done))) struct served s = {0};
    struct checksum digest;
    struct error *err = NULL;
    auto_free char *message = NULL;

    (void)state;
    serve(&s, "@https/ok/CHECKSUM", NULL);
    s.download.keyring = DATA "keys.gpg";
    expect_ok(resolve(&s.download, &digest, &err), &err);
    assert_string_equal(digest.hex, DIGEST);
    s.download.keyring = DATA "other.gpg";
    message = web_expand("@https/ok/CHECKSUM is not signed by a key of " DATA "other.gpg");
    expect_error(resolve(&s.download, &digest, &err), &err, message,
                 "another key signed it: get that one from the publisher, by a way that you "
                 "trust");
}

static void without_a_list(void **state)
{
    __attribute__((cleanup(served_done))) struct served s = {0};
    struct checksum digest;
    struct error *err = NULL;
    auto_free char *message = NULL;

    (void)state;
    serve(&s, "@https/ok/missing", NULL);
    message = web_expand("@https/ok/missing: the server answers 404 Not Found");
    expect_error(resolve(&s.download, &digest, &err), &err, message,
                 "publishers remove old images: look in the folder for what is there now");
    s.download.checksums = NULL;
    assert_int_equal(resolve(&s.download, &digest, &err), 1);
}

/* The list, its signature and what they are about have one time together. */
static void in_time(void **state)
{
    __attribute__((cleanup(served_done))) struct served s = {0};
    uint64_t timeout = 3000;
    struct checksum digest;
    auto_error struct error *err = NULL;
    struct timespec start, end;
    auto_free char *shown = web_expand("@https/stall/3/SHA256SUMS");

    (void)state;
    serve(&s, "@https/stall/3/SHA256SUMS", NULL);
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(download_resolve(&s.download, &timeout, NULL, &digest, &err), -1);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_non_null(strstr(err->message, shown));
    assert_true(end.tv_sec - start.tv_sec <= 5);
    assert_true(timeout < 1500);
}

/* The digest alone, where there is one: mirrors come and go. Else the addresses. */
static void recipes(void **state)
{
    const char *mirrors[] = {"https://a/x", "https://b/x"};
    struct download one = {.url = "https://a/x", .sha256 = DIGEST};
    struct download same = {.urls = {mirrors, 2}, .sha256 = DIGEST};
    struct download open = {.url = "https://a/x", .insecure = true};
    struct download listed = {.url = "https://a/x", .checksums = "https://a/SUMS"};
    char a[SHA256_TEXT], b[SHA256_TEXT], c[SHA256_TEXT];
    auto_free char *text = download_describe(&same);

    (void)state;
    download_recipe(&one, a);
    download_recipe(&same, b);
    assert_string_equal(a, b);
    download_recipe(&open, b);
    assert_string_not_equal(a, b);
    download_recipe(&listed, c);
    assert_string_not_equal(b, c);
    assert_string_equal(text, "download https://a/x, or from 1 other mirror");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(signed_lists), SCRATCH_TEST(forged_lists), SCRATCH_TEST(around_the_signed),
        WEB_TEST(by_lists),         WEB_TEST(by_a_clear_list),  WEB_TEST(without_a_list),
        WEB_TEST(in_time),          cmocka_unit_test(recipes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
