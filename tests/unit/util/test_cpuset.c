/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/cpuset.h"
#include "util/memory.h"

static void expect(const char *text, const char *wanted)
{
    auto_error struct error *error = NULL;
    auto_free char *out = NULL;
    struct cpuset set;

    assert_int_equal(cpuset_parse(text, &set, &error), 0);
    out = cpuset_format(&set);
    assert_string_equal(out, wanted);
}

static void expect_bad(const char *text, const char *message)
{
    auto_error struct error *error = NULL;
    struct cpuset set;

    assert_int_equal(cpuset_parse(text, &set, &error), -1);
    assert_string_equal(error->message, message);
}

static void texts(void **state)
{
    (void)state;
    expect("0", "0");
    expect("0-3,8", "0-3,8");
    expect(" 8 , 2-0003, 0 ,1", "0-3,8");
    expect("0-7,^3", "0-2,4-7");
    expect("4095", "4095");
    expect("62-65,63", "62-65");
}

static void bad_texts(void **state)
{
    (void)state;
    expect_bad("", "'' is not a set of numbers from 0 to 4095");
    expect_bad("a", "'a' is not a set of numbers from 0 to 4095");
    expect_bad("1,", "'1,' is not a set of numbers from 0 to 4095");
    expect_bad("1;2", "'1;2' is not a set of numbers from 0 to 4095");
    expect_bad("4096", "'4096' is not a set of numbers from 0 to 4095");
    expect_bad("99999999999999999999",
               "'99999999999999999999' is not a set of numbers from 0 to 4095");
    expect_bad("-1", "'-1' is not a set of numbers from 0 to 4095");
    expect_bad("3-1", "'3-1' has a range that ends before it starts");
    expect_bad("2,^2", "'2,^2' leaves nothing");
}

static void sets(void **state)
{
    struct cpuset a, b;

    (void)state;
    assert_int_equal(cpuset_parse("0-3", &a, NULL), 0);
    assert_int_equal(cpuset_parse("2-5", &b, NULL), 0);
    assert_int_equal(cpuset_count(&a), 4);
    assert_int_equal(cpuset_common(&a, &b), 2);
    assert_int_equal(cpuset_beyond(&a, &b), 0);
    assert_int_equal(cpuset_beyond(&b, &a), 4);
    assert_int_equal(cpuset_parse("9", &b, NULL), 0);
    assert_int_equal(cpuset_common(&a, &b), -1);
    assert_int_equal(cpuset_beyond(&a, &a), -1);
    cpuset_add(&a, 9);
    assert_true(cpuset_has(&a, 9));
    assert_false(cpuset_has(&a, CPUSET_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(bad_texts),
        cmocka_unit_test(sets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
