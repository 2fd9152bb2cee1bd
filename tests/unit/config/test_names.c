/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/names.h"

static void finds_what_was_added(void **state)
{
    auto_names struct names names = {0};
    int a, b;

    (void)state;
    assert_null(names_find(&names, "a"));
    assert_null(names_add(&names, "a", &a));
    assert_ptr_equal(names_add(&names, "a", &b), &a);
    assert_ptr_equal(names_find(&names, "a"), &a);
    assert_null(names_find(&names, "b"));
    assert_null(names_find(&names, ""));
    names_set(&names, "a", &b);
    assert_ptr_equal(names_find(&names, "a"), &b);
}

static void grows(void **state)
{
    static char texts[5000][16];
    auto_names struct names names = {0};

    (void)state;
    for (int i = 0; i < 5000; i++) {
        snprintf(texts[i], sizeof texts[i], "n%d", i);
        assert_null(names_add(&names, texts[i], texts[i]));
    }
    for (int i = 0; i < 5000; i++)
        assert_ptr_equal(names_find(&names, texts[i]), texts[i]);
    assert_null(names_find(&names, "n5000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_added),
        cmocka_unit_test(grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
