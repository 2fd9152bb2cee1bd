/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/digest.h"
#include "util/hasher.h"

static void pieces(void **state)
{
    struct hasher *hasher = hasher_new(HASH_SHA256);
    char text[HASH_TEXT], whole[SHA256_TEXT];

    (void)state;
    hasher_add(hasher, "ab", 2);
    hasher_add(hasher, "", 0);
    hasher_add(hasher, "c", 1);
    assert_string_equal(hasher_text(hasher, text), sha256_text("abc", 3, whole));
    /* As new. */
    assert_string_equal(hasher_text(hasher, text), sha256_text("", 0, whole));
    hasher_free(hasher);
}

static void longer(void **state)
{
    struct hasher *hasher = hasher_new(HASH_SHA512);
    char text[HASH_TEXT];

    (void)state;
    hasher_add(hasher, "abc", 3);
    assert_string_equal(hasher_text(hasher, text),
                        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    hasher_free(hasher);
    hasher_free(NULL);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(hash_name(HASH_SHA256), "sha256");
    assert_string_equal(hash_name(HASH_SHA512), "sha512");
    assert_int_equal(hash_digits(HASH_SHA256), 64);
    assert_int_equal(hash_digits(HASH_SHA512), HASH_TEXT - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces),
        cmocka_unit_test(longer),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
