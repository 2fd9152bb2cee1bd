/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/buffer.h"

static void appends(void **state)
{
    auto_buffer struct buffer b = {0};

    (void)state;
    buffer_puts(&b, "ab");
    buffer_append(&b, "c\0d", 3);
    buffer_printf(&b, "%d-%s", 7, "x");
    assert_int_equal(b.length, 8);
    assert_memory_equal(b.data, "abc\0d7-x", 9);
}

static void is_terminated_while_growing(void **state)
{
    auto_buffer struct buffer b = {0};

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        buffer_append(&b, "y", 1);
        assert_int_equal(b.length, i + 1);
        assert_true(b.capacity > b.length);
        assert_int_equal(b.data[b.length], '\0');
    }
    assert_int_equal(strspn(b.data, "y"), 1000);
}

static void nothing_is_a_string(void **state)
{
    auto_buffer struct buffer b = {0};

    (void)state;
    buffer_append(&b, NULL, 0);
    assert_non_null(b.data);
    assert_string_equal(b.data, "");
}

static void take_empties(void **state)
{
    auto_buffer struct buffer b = {0};
    char *text;

    (void)state;
    buffer_puts(&b, "hello");
    text = buffer_take(&b);
    assert_string_equal(text, "hello");
    free(text);
    assert_null(b.data);
    assert_int_equal(b.length, 0);
    text = buffer_take(&b);
    assert_string_equal(text, "");
    free(text);
    buffer_puts(&b, "again");
    assert_string_equal(b.data, "again");
}

static void done_twice_is_fine(void **state)
{
    struct buffer b = {0};

    (void)state;
    buffer_puts(&b, "x");
    buffer_done(&b);
    assert_null(b.data);
    buffer_done(&b);
    assert_int_equal(b.capacity, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends),
        cmocka_unit_test(is_terminated_while_growing),
        cmocka_unit_test(nothing_is_a_string),
        cmocka_unit_test(take_empties),
        cmocka_unit_test(done_twice_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
