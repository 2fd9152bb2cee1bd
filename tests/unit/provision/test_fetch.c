/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads from a server that misbehaves in every way. */
#include "webserver.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/fetch/fetch.h"
#include "util/digest.h"
#include "util/file.h"
#include "util/size.h"

#define DISK_BYTES (3 * MIB + 12345)

static char disk_digest[SHA256_TEXT];

/* The same bytes every time, which do not shrink; begins like no page and no archive. */
static void make_disk(void)
{
    auto_free char *data = xmalloc(DISK_BYTES);
    uint64_t seed = 88172645463325252;

    for (size_t i = 0; i < DISK_BYTES; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        data[i] = (char)(seed >> 24);
    }
    memcpy(data, "QFI\xfb", 4);
    scratch_write("www/disk.img", data, DISK_BYTES, 0644);
    sha256_text(data, DISK_BYTES, disk_digest);
}

static int open_disk(void **state)
{
    if (web_open(state) != 0)
        return -1;
    make_disk();
    return 0;
}

/* What a download is asked for; the addresses are expanded. */
struct wish {
    const char *urls[3];
    const char *digest; /* NULL: the disk's; "": none */
    const char *locked;
    bool allow_http;
    uint64_t size_limit, timeout_ms;
};

static int get(const struct wish *wish, struct fetch_result *ret, struct error **err)
{
    auto_free char *path = scratch_path("disk.part");
    char *urls[3] = {NULL};
    struct checksum digest = {0};
    struct fetch_request request = {.urls = (const char *const *)urls,
                                    .allow_http = wish->allow_http,
                                    .locked = wish->locked,
                                    .unpack = true,
                                    .size_limit = wish->size_limit,
                                    .timeout_ms = wish->timeout_ms,
                                    .path = path};
    int outcome;

    while (request.url_count < 3 && wish->urls[request.url_count]) {
        urls[request.url_count] = web_expand(wish->urls[request.url_count]);
        request.url_count++;
    }
    if (!wish->digest || *wish->digest) {
        assert_true(
            checksum_parse(wish->digest ? wish->digest : disk_digest, HASH_SHA256, &digest));
        request.digest = &digest;
    }
    *ret = (struct fetch_result){0};
    outcome = fetch_file(&request, NULL, ret, err);
    for (size_t i = 0; i < 3; i++)
        free(urls[i]);
    return outcome;
}

static void expect_disk(void)
{
    auto_free char *path = scratch_path("disk.part");
    auto_free char *note = scratch_path("disk.part.from");
    char digest[SHA256_TEXT];
    struct error *err = NULL;

    expect_ok(sha256_file(path, digest, NULL, NULL, &err), &err);
    assert_string_equal(digest, disk_digest);
    assert_int_not_equal(access(note, F_OK), 0);
}

static void gets(const struct wish *wish)
{
    struct fetch_result result;
    struct error *err = NULL;

    expect_ok(get(wish, &result, &err), &err);
    expect_disk();
    assert_string_equal(result.digest.hex, disk_digest);
    assert_int_equal(result.bytes, DISK_BYTES);
    assert_false(result.unpacked);
}

static void expect_gone(void)
{
    auto_free char *path = scratch_path("disk.part");
    auto_free char *note = scratch_path("disk.part.from");

    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_not_equal(access(note, F_OK), 0);
}

static void refuses(const struct wish *wish, const char *message, const char *hint)
{
    auto_free char *wanted = web_expand(message);
    auto_free char *text = NULL;
    struct fetch_result result;
    auto_error struct error *err = NULL;

    assert_int_equal(get(wish, &result, &err), -1);
    text = error_text(err);
    assert_string_equal(text, wanted);
    if (hint)
        assert_string_equal(err->hint ? err->hint : "", hint);
}

/* The requests that reached the server, one a line: "PATH RANGE". */
static void expect_requests(const char *wanted)
{
    auto_buffer struct buffer seen = {0};
    auto_free char *log = NULL;
    char *rest;

    /* The server writes a line when it is done with the request. */
    usleep(200000);
    log = rest = web_log();
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        char path[200], range[80];

        assert_int_equal(sscanf(line, "GET %199s range=%79s", path, range), 2);
        buffer_printf(&seen, "%s %s\n", path, range);
    }
    assert_string_equal(seen.data ? seen.data : "", wanted);
}

static void whole(void **state)
{
    (void)state;
    gets(&(struct wish){{"@https/ok/disk.img"}});
    expect_requests("/ok/disk.img -\n");
}

static void from_a_file(void **state)
{
    (void)state;
    gets(&(struct wish){{"file://@/www/disk.img"}});
    refuses(&(struct wish){{"file://@/www/nothing.img"}},
            "file://@/www/nothing.img: there is no such file, or it cannot be read", NULL);
}

static void protocols(void **state)
{
    (void)state;
    refuses(&(struct wish){{"@http/ok/disk.img"}},
            "@http/ok/disk.img is not taken: only https is",
            "`allow_http: true` also takes http");
    refuses(
        &(struct wish){{"@https/redirect/http/ok/disk.img"}},
        "@https/redirect/http/ok/disk.img redirects to @http/ok/disk.img, which is not "
        "https",
        "`allow_http: true` follows it: what comes can then be changed on its way, and only "
        "the digest shows it");
    refuses(
        &(struct wish){{"@https/redirect/file/etc/passwd"}},
        "@https/redirect/file/etc/passwd redirects to file:///etc/passwd, which is not https",
        "");
    refuses(&(struct wish){{"@https/loop/disk.img"}},
            "@https/loop/disk.img redirects in a circle, or too often", NULL);
    expect_gone();
    gets(&(struct wish){{"@https/redirect/https/ok/disk.img"}});
    gets(&(struct wish){{"@http/ok/disk.img"}, .allow_http = true});
    gets(&(struct wish){{"@https/redirect/http/ok/disk.img"}, .allow_http = true});
    refuses(
        &(struct wish){{"@http/redirect/file/etc/passwd"}, .allow_http = true},
        "@http/redirect/file/etc/passwd redirects to file:///etc/passwd, which is not https",
        "");
}

static void certificates(void **state)
{
    const char *hint = "for an authority of your own: SSL_CERT_FILE=/path/ca.pem virtopo …; a "
                       "clock that is wrong is also a cause";

    (void)state;
    refuses(&(struct wish){{"@other/ok/disk.img"}},
            "@other/ok/disk.img: the server's certificate is not trusted: SSL: no alternative "
            "certificate subject name matches target host name '127.0.0.1'",
            hint);
    unsetenv("CURL_CA_BUNDLE");
    refuses(&(struct wish){{"@https/ok/disk.img"}},
            "@https/ok/disk.img: the server's certificate is not trusted: SSL certificate "
            "problem: unable to get local issuer certificate",
            hint);
    expect_requests("");
    expect_gone();
}

static void answers(void **state)
{
    (void)state;
    refuses(&(struct wish){{"@https/ok/nothing.img"}},
            "@https/ok/nothing.img: the server answers 404 Not Found",
            "publishers remove old images: look in the folder for what is there now");
    refuses(
        &(struct wish){{"@https/html/disk.img"}},
        "@https/html/disk.img: a web page came instead of an image",
        "the address is that of a page about the file, or of a login: name the file itself");
    refuses(&(struct wish){{"@https/empty/disk.img"}},
            "@https/empty/disk.img: an empty file came", NULL);
    refuses(&(struct wish){{"@https/ok/disk.img"}, .size_limit = MIB},
            "@https/ok/disk.img: it is 3 MiB large, more than 1 MiB",
            "if that is right, raise the image's `size_limit`");
    refuses(&(struct wish){{"@https/endless/x"}, .size_limit = 4 * MIB},
            "@https/endless/x: it is larger than 4 MiB",
            "if that is right, raise the image's `size_limit`");
    expect_gone();
    gets(&(struct wish){{"@https/status1/503/disk.img"}});
}

static void digests(void **state)
{
    static const char zeros[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    auto_free char *message = NULL;
    auto_free char *cut = NULL;
    struct fetch_result result;
    auto_error struct error *err = NULL;

    (void)state;
    message =
        xasprintf("@https/ok/disk.img: what came is not what was asked for: its sha256 is "
                  "%s, not %s",
                  disk_digest, zeros);
    refuses(&(struct wish){{"@https/ok/disk.img"}, .digest = zeros}, message,
            "publishers replace their images: compare with their list of digests. If that has "
            "the wanted one, what came is damaged or forged");
    expect_gone();
    free(message);
    message =
        xasprintf("@https/ok/disk.img: what came is not what was asked for: its sha256 is "
                  "%s, not %s, which virtopo.lock has",
                  disk_digest, zeros);
    refuses(&(struct wish){{"@https/ok/disk.img"}, .digest = zeros, .locked = "tiny"}, message,
            "publishers replace their images: `virtopo image lock tiny` takes what is there "
            "today. If their list of digests still has the locked one, what came is damaged or "
            "forged");
    expect_gone();
    /* Cut short without a word about it, or longer than it says. */
    assert_int_equal(get(&(struct wish){{"@https/cut/5000/disk.img"}}, &result, &err), -1);
    cut = error_text(err);
    assert_non_null(strstr(cut, "what came is not what was asked for"));
    error_clear(&err);
    assert_int_equal(get(&(struct wish){{"@https/long/5000/disk.img"}}, &result, &err), -1);
    expect_gone();
    gets(&(struct wish){{"@https/nolength/disk.img"}});
    gets(&(struct wish){{"@https/ok/disk.img"}, .digest = ""});
}

static void resumes(void **state)
{
    (void)state;
    gets(&(struct wish){{"@https/reset/1500000/disk.img"}});
    expect_requests("/reset/1500000/disk.img -\n"
                    "/reset/1500000/disk.img bytes=1500000-\n"
                    "/reset/1500000/disk.img bytes=3000000-\n");
}

static void resumes_by_time(void **state)
{
    (void)state;
    gets(&(struct wish){{"@https/modified/disk.img"}});
    expect_requests("/modified/disk.img -\n");
}

static void starts_over(void **state)
{
    (void)state;
    /* No ranges; another file meanwhile; the range refused; another part. */
    gets(&(struct wish){{"@https/norange-reset1/900000/disk.img"}});
    gets(&(struct wish){{"@https/changing/900000/disk.img"}});
    gets(&(struct wish){{"@https/refuse/900000/disk.img"}});
    gets(&(struct wish){{"@https/wrongpart/900000/disk.img"}});
    expect_requests("/norange-reset1/900000/disk.img -\n"
                    "/norange-reset1/900000/disk.img bytes=900000-\n"
                    "/changing/900000/disk.img -\n"
                    "/changing/900000/disk.img bytes=900000-\n"
                    "/refuse/900000/disk.img -\n"
                    "/refuse/900000/disk.img bytes=900000-\n"
                    "/refuse/900000/disk.img -\n"
                    "/wrongpart/900000/disk.img -\n"
                    "/wrongpart/900000/disk.img bytes=900000-\n"
                    "/wrongpart/900000/disk.img -\n");
}

static void gives_up(void **state)
{
    (void)state;
    refuses(&(struct wish){{"@https/status/503/disk.img"}},
            "tried 5 times: @https/status/503/disk.img: the server answers 503 Service "
            "Unavailable",
            NULL);
    expect_gone();
}

/* More comes each time than there is: the rest of it is asked for, and is not there. */
static void promises_too_much(void **state)
{
    struct fetch_result result;
    auto_error struct error *err = NULL;
    auto_free char *text = NULL;

    (void)state;
    assert_int_equal(get(&(struct wish){{"@https/short/100/disk.img"}}, &result, &err), -1);
    text = error_text(err);
    assert_non_null(strstr(text, "/short/100/disk.img: "));
    assert_int_equal(strncmp(text, "tried 5 times: ", 15), 0);
}

static void from_an_earlier_run(void **state)
{
    auto_free char *part = scratch_path("disk.part");
    auto_free char *wanted = NULL;
    struct stat st;

    (void)state;
    refuses(&(struct wish){{"@https/stall1/2000000/disk.img"}, .timeout_ms = 1000},
            "@https/stall1/2000000/disk.img was not there in time", NULL);
    assert_int_equal(stat(part, &st), 0);
    /* All that the server gave, unless this machine is very busy. */
    assert_in_range(st.st_size, 1, 2000000);
    wanted = xasprintf("/stall1/2000000/disk.img bytes=%lld-\n", (long long)st.st_size);
    /* The mirror that gave the beginning is the first to be asked for the rest. */
    gets(&(struct wish){{"@https/ok/disk.img", "@https/stall1/2000000/disk.img"}});
    expect_requests(wanted);
}

static void from_a_damaged_part(void **state)
{
    auto_free char *part = scratch_path("disk.part");
    FILE *f;

    (void)state;
    refuses(&(struct wish){{"@https/stall1/2000000/disk.img"}, .timeout_ms = 1000},
            "@https/stall1/2000000/disk.img was not there in time", NULL);
    f = fopen(part, "r+");
    assert_non_null(f);
    fseek(f, 1000, SEEK_SET);
    fputs("damage", f);
    fclose(f);
    gets(&(struct wish){{"@https/stall1/2000000/disk.img"}});
}

/* Without a digest nothing would tell what a power failure left from what came. */
static void nothing_unproven_is_gone_on_with(void **state)
{
    (void)state;
    refuses(
        &(struct wish){{"@https/stall1/2000000/disk.img"}, .digest = "", .timeout_ms = 1000},
        "@https/stall1/2000000/disk.img was not there in time", NULL);
    expect_gone();
    refuses(&(struct wish){{"@https/stall/2000000/disk.img"}, .timeout_ms = 1000},
            "@https/stall/2000000/disk.img was not there in time", NULL);
    gets(&(struct wish){{"@https/ok/disk.img"}, .digest = ""});
}

static void mirrors(void **state)
{
    auto_error struct error *err = NULL;
    struct fetch_result result;
    auto_free char *detail = NULL;

    (void)state;
    gets(&(struct wish){
        {"@https/ok/nothing.img", "@https/html/disk.img", "@https/ok/disk.img"}});
    assert_int_equal(
        get(&(struct wish){{"@https/ok/nothing.img", "@https/status/403/disk.img"}}, &result,
            &err),
        -1);
    assert_string_equal(err->message, "none of 2 mirrors gave it");
    detail = web_expand("@https/ok/nothing.img: the server answers 404 Not Found\n"
                        "@https/status/403/disk.img: the server answers 403 Forbidden");
    assert_string_equal(err->detail, detail);
    expect_gone();
}

static void secrets(void **state)
{
    auto_free char *url = web_url("https", "ok/nothing.img?token=s3cret#x");
    auto_free char *with_login = xasprintf("https://me:s3cret@%s", url + strlen("https://"));
    auto_free char *wanted =
        web_expand("@https/ok/nothing.img?…: the server answers 404 Not Found");
    auto_free char *part = scratch_path("disk.part");
    const char *const urls[] = {with_login};
    struct fetch_request request = {.urls = urls, .url_count = 1, .path = part};
    struct fetch_result result;
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(fetch_file(&request, NULL, &result, &err), -1);
    assert_string_equal(err->message, wanted);
}

int main(void)
{
#define FETCH_TEST(test) cmocka_unit_test_setup_teardown(test, open_disk, web_close)
    const struct CMUnitTest tests[] = {
        FETCH_TEST(whole),
        FETCH_TEST(from_a_file),
        FETCH_TEST(protocols),
        FETCH_TEST(certificates),
        FETCH_TEST(answers),
        FETCH_TEST(digests),
        FETCH_TEST(resumes),
        FETCH_TEST(resumes_by_time),
        FETCH_TEST(starts_over),
        FETCH_TEST(gives_up),
        FETCH_TEST(promises_too_much),
        FETCH_TEST(from_an_earlier_run),
        FETCH_TEST(from_a_damaged_part),
        FETCH_TEST(nothing_unproven_is_gone_on_with),
        FETCH_TEST(mirrors),
        FETCH_TEST(secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
