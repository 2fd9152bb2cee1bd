/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/memory.h"
#include "util/suggest.h"

static const char *const keys[] = {"memory",   "cpus",  "disk", "disks",
                                   "networks", "image", NULL};

static void nearest(void **state)
{
    (void)state;
    assert_string_equal(suggest_nearest("memroy", keys), "memory");
    assert_string_equal(suggest_nearest("memor", keys), "memory");
    assert_string_equal(suggest_nearest("imagee", keys), "image");
    assert_string_equal(suggest_nearest("cpu", keys), "cpus");
    assert_string_equal(suggest_nearest("network", keys), "networks");
    assert_string_equal(suggest_nearest("MEMORY", keys), "memory");
    assert_string_equal(suggest_nearest("disks", keys), "disks");
}

static void nothing_near(void **state)
{
    static const char *const none[] = {NULL};

    (void)state;
    assert_null(suggest_nearest("volume", keys));
    assert_null(suggest_nearest("x", keys));
    assert_null(suggest_nearest("", keys));
    assert_null(suggest_nearest("memory", none));
}

static void a_third_may_differ(void **state)
{
    static const char *const words[] = {"abcdef", NULL};

    (void)state;
    assert_non_null(suggest_nearest("abcdXY", words));
    assert_null(suggest_nearest("abcXYZ", words));
    assert_non_null(suggest_nearest("abcdefghi", words));
    assert_null(suggest_nearest("abcdefghij", words));
}

static void a_transposition_is_one_edit(void **state)
{
    struct suggest s = suggest_start("iamge");

    (void)state;
    suggest_offer(&s, NULL);
    suggest_offer(&s, "image");
    assert_string_equal(suggest_result(&s), "image");
    assert_int_equal(s.distance, 1);
}

static void the_first_of_equals_wins(void **state)
{
    struct suggest s = suggest_start("node");

    (void)state;
    suggest_offer(&s, "nodes");
    suggest_offer(&s, "mode");
    assert_string_equal(suggest_result(&s), "nodes");
    suggest_offer(&s, "node");
    assert_string_equal(suggest_result(&s), "node");
}

static void long_words(void **state)
{
    auto_free char *word = xcalloc(1, 66), *other = xcalloc(1, 100000);
    struct suggest s;

    (void)state;
    memset(word, 'a', 64);
    memset(other, 'a', 99999);
    s = suggest_start(word);
    suggest_offer(&s, other);
    assert_null(suggest_result(&s));
    suggest_offer(&s, word);
    assert_ptr_equal(suggest_result(&s), word);
    word[64] = 'a';
    s = suggest_start(word);
    suggest_offer(&s, word);
    assert_null(suggest_result(&s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest),
        cmocka_unit_test(nothing_near),
        cmocka_unit_test(a_third_may_differ),
        cmocka_unit_test(a_transposition_is_one_edit),
        cmocka_unit_test(the_first_of_equals_wins),
        cmocka_unit_test(long_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
