/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <string.h>

#include "provision/build/layer_report.h"

static struct buffer told;

static void note(void *context, const struct report *r)
{
    static const char *const kinds[] = {"hello", "step", "output", "exit", "seal", "sealed"};

    (void)context;
    buffer_printf(&told, "%s", kinds[r->kind]);
    if (r->kind == REPORT_OUTPUT)
        buffer_printf(&told, " '%.*s'\n", (int)r->length, r->text);
    else
        buffer_printf(&told, " %u %u\n", r->number, r->code);
}

static void expect(const char *data, size_t length, size_t chunk, const char *expected)
{
    struct report_reader r = {.nonce = "abc", .got = note};

    told.length = 0;
    for (size_t at = 0; at < length; at += chunk)
        report_feed(&r, data + at, length - at < chunk ? length - at : chunk);
    assert_string_equal(told.length ? told.data : "", expected);
    report_reader_done(&r);
    buffer_done(&told);
}

static void expect_text(const char *text, const char *expected)
{
    for (size_t chunk = 1; chunk < 40; chunk += 7)
        expect(text, strlen(text), chunk, expected);
}

static void all_that_is_told(void **state)
{
    (void)state;
    expect_text("@virtopo abc hello 3\n@virtopo abc step 1\n@virtopo abc o some text \n"
                "@virtopo abc o \n@virtopo abc exit 1 0\n@virtopo abc exit 2 255\n"
                "@virtopo abc seal\n@virtopo abc sealed\n",
                "hello 3 0\nstep 1 0\noutput 'some text '\noutput ''\nexit 1 0\nexit 2 255\n"
                "seal 0 0\nsealed 0 0\n");
}

static void among_a_console(void **state)
{
    (void)state;
    expect_text(
        "[    1.0] kernel\r\nci-info: @virtopo abc step 2\r\r\n\r\n@virtopo abc ex[  2.0] "
        "kernel\nit 2 0\n@virtopo abc exit 2 0\r\n",
        "step 2 0\nexit 2 0\n");
}

static void nothing_else_is_believed(void **state)
{
    (void)state;
    expect_text("@virtopo abcd step 1\n@virtopo ab step 1\n@virtopo abc\n@virtopo abc \n"
                "@virtopo abc step\n@virtopo abc step \n@virtopo abc step x\n"
                "@virtopo abc step -1\n@virtopo abc step 1 2\n@virtopo abc step 10000\n"
                "@virtopo abc exit 1\n@virtopo abc exit 1 \n@virtopo abc exit 1 2 3\n"
                "@virtopo abc exit 1 99999999999999999999\n@virtopo abc sealed now\n"
                "@virtopo abc sealing\n@virtopo abc O text\n@virtopo\n@\n\n",
                "");
    /* a line that was not finished */
    expect_text("@virtopo abc sealed", "");
}

static void lines_without_end(void **state)
{
    auto_buffer struct buffer text = {0};
    auto_buffer struct buffer expected = {0};
    const size_t head = strlen("@virtopo abc o ");

    (void)state;
    buffer_puts(&text, "@virtopo abc o ");
    for (size_t i = 0; i < 3 * REPORT_LINE; i++)
        buffer_puts(&text, "x");
    buffer_puts(&text, "\n@virtopo abc sealed\n");
    buffer_puts(&expected, "output '");
    for (size_t i = head; i < REPORT_LINE; i++)
        buffer_puts(&expected, "x");
    buffer_puts(&expected, "'\nsealed 0 0\n");
    expect(text.data, text.length, 16384, expected.data);
    expect("@virtopo abc o a\0b\n@virtopo abc seal\n", 37, 37, "output 'a'\nseal 0 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_told),
        cmocka_unit_test(among_a_console),
        cmocka_unit_test(nothing_else_is_believed),
        cmocka_unit_test(lines_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
