/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <string.h>

#include "provision/fetch/checksums.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define MD5 "cccccccccccccccccccccccccccccccc"

static void finds(const char *text, enum hash_kind kind, const char *hex)
{
    struct error *err = NULL;
    struct checksum found;

    expect_ok(checksums_find(text, strlen(text), "LIST", "disk.img", &found, &err), &err);
    assert_int_equal(found.kind, kind);
    assert_string_equal(found.hex, hex);
}

static void refuses(const char *text, const char *message, const char *hint)
{
    struct error *err = NULL;
    struct checksum found;

    expect_error(checksums_find(text, strlen(text), "LIST", "disk.img", &found, &err), &err,
                 message, hint);
}

static void gnu(void **state)
{
    (void)state;
    finds(A "  disk.img\n" B "  other.img\n", HASH_SHA256, A);
    finds(B "  other.img\r\n" A " *disk.img\r\n", HASH_SHA256, A);
    finds(A "  disk.img", HASH_SHA256, A);
    finds(A A "  ./disk.img\n", HASH_SHA512, A A);
    finds(A "  images/disk.img\n", HASH_SHA256, A);
    finds("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA  disk.img\n",
          HASH_SHA256, A);
    /* Its own name before that in a folder; the strongest digest. */
    finds(B "  old/disk.img\n" A "  disk.img\n", HASH_SHA256, A);
    finds(A "  disk.img\n" B "  old/disk.img\n", HASH_SHA256, A);
    finds(MD5 "  disk.img\n" A "  disk.img\n" B B "  disk.img\n", HASH_SHA512, B B);
    /* A digest alone. */
    finds(A "\n", HASH_SHA256, A);
}

static void bsd(void **state)
{
    (void)state;
    finds("# disk.img: 123 bytes\nSHA256 (disk.img) = " A "\n", HASH_SHA256, A);
    finds("MD5 (disk.img) = " MD5 "\nSHA512 (disk.img) = " A B "\n", HASH_SHA512, A B);
    finds("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSHA256 (disk.img) = " A
          "\n-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----\n",
          HASH_SHA256, A);
}

static void bad(void **state)
{
    static const char by_name[] =
        "it is looked for by the last part of the image's `url`; an image that was replaced by "
        "a newer one is not in the list any more";
    static const char wanted[] =
        "`checksums` wants the address of a file as sha256sum writes it: "
        "a digest and a name on each line";

    (void)state;
    refuses(A "  other.img\n" B "  xdisk.img\n",
            "LIST has no digest of 'disk.img', though 2 of others", by_name);
    refuses(A "  disk.img\n" B "  disk.img\n", "LIST has two different digests of 'disk.img'",
            "write the right one into the file: sha256: <digest>");
    refuses(MD5 "  disk.img\n",
            "LIST has only an MD5 or SHA-1 digest of 'disk.img', which prove nothing",
            "look for the publisher's list of SHA-256 or SHA-512 digests (SHA256SUMS)");
    refuses("SHA1 (disk.img) = " MD5 "cccccccc\n",
            "LIST has only an MD5 or SHA-1 digest of 'disk.img', which prove nothing",
            "look for the publisher's list of SHA-256 or SHA-512 digests (SHA256SUMS)");
    refuses("<!DOCTYPE html>\n<p>hello</p>\n", "LIST is no list of digests: it is a web page",
            wanted);
    refuses("", "LIST is no list of digests", wanted);
    refuses("what\nis this (disk.img) = nothing\n", "LIST is no list of digests", wanted);
    refuses(A "\n" B "\n", "LIST has no digest of 'disk.img', though 2 of others", by_name);
    refuses("SHA256 (disk.img) = " A "b\n", "LIST is no list of digests", wanted);
}

static void parses(void **state)
{
    struct checksum c;

    (void)state;
    assert_true(checksum_parse(A, HASH_SHA256, &c));
    assert_false(checksum_parse(A, HASH_SHA512, &c));
    assert_false(checksum_parse(A "a", HASH_SHA256, &c));
    assert_false(checksum_parse("", HASH_SHA256, &c));
    assert_false(checksum_parse("g" A, HASH_SHA256, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gnu, scratch_open, scratch_close),
        cmocka_unit_test_setup_teardown(bsd, scratch_open, scratch_close),
        cmocka_unit_test_setup_teardown(bad, scratch_open, scratch_close),
        cmocka_unit_test(parses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
