/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

#include "provision/build/install_console.h"

struct listener {
    struct install_console console;
    struct buffer lines; /* each with a '|' behind it */
};

static void hear(void *context, const char *line)
{
    buffer_printf(context, "%s|", line);
}

static void start(struct listener *l)
{
    *l = (struct listener){0};
    l->console.line = hear;
    l->console.context = &l->lines;
}

static void done(struct listener *l)
{
    install_console_done(&l->console);
    buffer_done(&l->lines);
}
#define auto_listener __attribute__((cleanup(done)))

static void feed(struct listener *l, const char *text)
{
    install_console_feed(&l->console, text, strlen(text));
}

static void expect_lines(const char *text, const char *expected)
{
    auto_listener struct listener l;

    /* in one piece, and byte by byte */
    start(&l);
    feed(&l, text);
    assert_string_equal(l.lines.data ? l.lines.data : "", expected);
    done(&l);
    start(&l);
    for (const char *at = text; *at; at++)
        install_console_feed(&l.console, at, 1);
    assert_string_equal(l.lines.data ? l.lines.data : "", expected);
}

static void lines(void **state)
{
    (void)state;
    expect_lines("one\r\ntwo  \r\n\r\n \r\nthree", "one|two|");
    expect_lines("ab\b\bxy\n", "xy|");
    expect_lines("\b\b\n", "");
    expect_lines("10%\r20%\r30%\n", "10%|20%|30%|");
    expect_lines("nul\001 and \377\n", "nul and ?|");
}

static void escape_sequences(void **state)
{
    (void)state;
    expect_lines("\033[0;32m  OK  \033[0m Reached\n", "  OK   Reached|");
    /* a screen that is painted: what goes elsewhere is another line */
    expect_lines("left\033[6;52Hright\033[0K\033[2J", "left|right|");
    expect_lines("\033]0;title\atext\n\033(Bmore\n\033Pdcs\033\\end\n", "text|more|end|");
    expect_lines("cut \033[", "");
}

static void the_last_line(void **state)
{
    auto_listener struct listener l;
    auto_free char *none = NULL, *grows = NULL, *whole = NULL, *tail = NULL;

    (void)state;
    start(&l);
    none = install_console_line(&l.console);
    assert_null(none);
    feed(&l, "\r\nfirst\r\nRetrieving files... 10%");
    grows = install_console_line(&l.console);
    assert_string_equal(grows, "Retrieving files... 10%");
    feed(&l, "... 100%\r\n\r\n");
    whole = install_console_line(&l.console);
    assert_string_equal(whole, "Retrieving files... 10%... 100%");
    tail = install_console_tail(&l.console, 1);
    assert_string_equal(tail, "Retrieving files... 10%... 100%\n");
}

static void long_lines_end_with_their_news(void **state)
{
    auto_listener struct listener l;
    auto_free char *line = NULL;

    (void)state;
    start(&l);
    for (int i = 0; i < 1000; i++)
        feed(&l, "… 10%");
    feed(&l, " done");
    line = install_console_line(&l.console);
    assert_true(strlen(line) <= 103);
    assert_memory_equal(line, "…", 3);
    assert_string_equal(line + strlen(line) - 9, " 10% done");
}

static void it_stays_small(void **state)
{
    auto_listener struct listener l;
    auto_free char *tail = NULL;

    (void)state;
    start(&l);
    l.console.line = NULL;
    for (int i = 0; i < 100000; i++) {
        auto_free char *line = xasprintf("line %d\n", i);

        feed(&l, line);
    }
    assert_true(l.console.text.length <= 64 << 10);
    tail = install_console_tail(&l.console, 2);
    assert_string_equal(tail, "line 99998\nline 99999\n");
    /* without a single newline too */
    for (int i = 0; i < 100000; i++)
        feed(&l, "xxxx");
    assert_true(l.console.text.length <= 64 << 10);
}

static void what_the_kernel_says_last(void **state)
{
    auto_listener struct listener l;

    (void)state;
    start(&l);
    feed(&l, "[    1.0] reboot: Power down\n");
    assert_false(l.console.panic || l.console.halted);
    feed(&l, "[    1.0] Kernel panic - not sync");
    assert_null(l.console.panic);
    feed(&l, "ing: Attempted to kill init!\n");
    assert_string_equal(l.console.panic, "Kernel panic - not syncing: Attempted to kill init!");
    feed(&l, "[    2.0] reboot: System halted\r\n");
    assert_true(l.console.halted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),          cmocka_unit_test(escape_sequences),
        cmocka_unit_test(the_last_line),  cmocka_unit_test(long_lines_end_with_their_news),
        cmocka_unit_test(it_stays_small), cmocka_unit_test(what_the_kernel_says_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
