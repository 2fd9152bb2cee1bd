/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/error.h"

static void sets(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(error_set(&err, ERROR_CONFLICT, "domain '%s' is foreign", "n1"), -1);
    assert_int_equal(err->kind, ERROR_CONFLICT);
    assert_int_equal(err->code, 0);
    assert_string_equal(err->message, "domain 'n1' is foreign");
    assert_null(err->hint);
    assert_null(err->detail);
    assert_null(err->cause);
    assert_int_equal(error_set(&err, ERROR_FAILED, "another"), -1);
    assert_string_equal(err->message, "another");
    assert_null(err->cause);
}

static void system_errors(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(error_errno(&err, ENOENT, "cannot open '%s'", "x"), -1);
    assert_int_equal(err->kind, ERROR_SYSTEM);
    assert_int_equal(err->code, ENOENT);
    assert_string_equal(err->message, "cannot open 'x': No such file or directory");
}

static void wraps(void **state)
{
    auto_error struct error *err = NULL;
    auto_free char *text = NULL;

    (void)state;
    error_errno(&err, EACCES, "cannot open 'x'");
    error_hint(&err, "chmod +r %s", "x");
    error_detail(&err, "line one\nline two");
    assert_int_equal(error_wrap(&err, "reading the key"), -1);
    assert_int_equal(error_wrap(&err, "connecting to '%s'", "alpha"), -1);
    text = error_text(err);
    assert_string_equal(
        text, "connecting to 'alpha': reading the key: cannot open 'x': Permission denied");
    assert_int_equal(err->kind, ERROR_SYSTEM);
    assert_int_equal(err->code, EACCES);
    assert_string_equal(err->hint, "chmod +r x");
    assert_string_equal(err->detail, "line one\nline two");
    assert_null(err->cause->hint);
    assert_null(err->cause->cause->cause);
}

static void the_first_hint_stays(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    error_set(&err, ERROR_FAILED, "x");
    error_hint(&err, "first");
    error_hint(&err, "second");
    assert_string_equal(err->hint, "first");
    error_detail(&err, "one");
    error_detail(&err, "two");
    assert_string_equal(err->detail, "two");
}

static void without_a_place(void **state)
{
    struct error *err = NULL, *from = NULL;

    (void)state;
    assert_int_equal(error_set(NULL, ERROR_FAILED, "x"), -1);
    assert_int_equal(error_errno(NULL, EIO, "x"), -1);
    assert_int_equal(error_wrap(NULL, "x"), -1);
    assert_int_equal(error_hint(NULL, "x"), -1);
    assert_int_equal(error_detail(NULL, "x"), -1);
    error_set(&from, ERROR_FAILED, "x");
    assert_int_equal(error_move(NULL, from), -1);
    assert_int_equal(error_wrap(&err, "x"), -1);
    assert_int_equal(error_hint(&err, "x"), -1);
    assert_int_equal(error_detail(&err, "x"), -1);
    assert_null(err);
    error_free(NULL);
}

static void moves(void **state)
{
    auto_error struct error *err = NULL;
    struct error *from = NULL;

    (void)state;
    error_set(&err, ERROR_FAILED, "old");
    error_set(&from, ERROR_BUSY, "new");
    assert_int_equal(error_move(&err, from), -1);
    assert_ptr_equal(err, from);
    assert_int_equal(err->kind, ERROR_BUSY);
}

static void text_is_one_harmless_line(void **state)
{
    auto_error struct error *err = NULL;
    auto_free char *text = NULL;

    (void)state;
    error_set(&err, ERROR_FAILED, "a\nb\033[1m\x7f\xc3\xa9");
    text = error_text(err);
    assert_string_equal(text, "a?b?[1m?\xc3\xa9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets),
        cmocka_unit_test(system_errors),
        cmocka_unit_test(wraps),
        cmocka_unit_test(the_first_hint_stays),
        cmocka_unit_test(without_a_place),
        cmocka_unit_test(moves),
        cmocka_unit_test(text_is_one_harmless_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
