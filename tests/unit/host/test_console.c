/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/console.h"

static void check(const char *text, size_t lines, const char *expected)
{
    auto_free char *tail = console_last_lines(text, strlen(text), lines);

    assert_string_equal(tail, expected);
}

static void last_lines(void **state)
{
    (void)state;
    check("", 3, "");
    check("\r\n\r\n", 3, "");
    check("one", 3, "one\n");
    check("one\ntwo\nthree\n", 2, "two\nthree\n");
    check("one\ntwo\nthree\n", 1, "three\n");
    check("one\ntwo\nthree", 3, "one\ntwo\nthree\n");
    check("one\ntwo\nthree", 100, "one\ntwo\nthree\n");
    check("one\r\ntwo\r\n\r\nlogin: \r\n\r\n", 3, "two\n\nlogin: \n");
    check("one\ntwo\n", 0, "");
}

/* What a guest writes must not move our user's cursor. */
static void harmless(void **state)
{
    (void)state;
    check("a\x1b[2Jb\x1b]0;title\x07\n", 5, "a?b?\n");
    check("\xff\xfe\n", 5, "??\n");
}

static void none(void **state)
{
    auto_error struct error *err = NULL;
    struct host *host;
    char *tail = NULL;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(console_tail(host, "no-pool", "x.log", 20, &tail, &err), -1);
    assert_int_equal(err->kind, ERROR_NOT_FOUND);
    assert_int_equal(console_tail(host, "default-pool", "x.log", 20, &tail, &err), -1);
    assert_int_equal(err->kind, ERROR_NOT_FOUND);
    assert_string_equal(err->message, "there is no console log 'x.log' in pool 'default-pool'");
    assert_null(tail);
    host_close(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_lines),
        cmocka_unit_test(harmless),
        cmocka_unit_test(none),
    };

    virt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
