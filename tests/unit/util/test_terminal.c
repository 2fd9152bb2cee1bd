/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/terminal.h"

/* The slave end of a new pseudo terminal. */
static FILE *open_terminal(int *master)
{
    int slave;

    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master < 0 || grantpt(*master) < 0 || unlockpt(*master) < 0)
        fail_msg("no pseudo terminal");
    slave = open(ptsname(*master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(slave >= 0);
    return fdopen(slave, "r+");
}

static void a_file_is_no_terminal(void **state)
{
    auto_fclose FILE *f = fopen("/dev/null", "w");

    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_false(terminal_is_live(f));
    assert_false(terminal_color(f, COLOR_AUTO));
    assert_true(terminal_color(f, COLOR_ALWAYS));
    assert_false(terminal_color(f, COLOR_NEVER));
    assert_int_equal(terminal_width(f), 80);
}

static void a_terminal(void **state)
{
    auto_close int master = -1;
    auto_fclose FILE *f = open_terminal(&master);
    struct winsize size = {.ws_row = 24, .ws_col = 132};

    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_true(terminal_is_live(f));
    assert_true(terminal_color(f, COLOR_AUTO));
    assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
    assert_int_equal(terminal_width(f), 132);
    size.ws_col = 0;
    assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
    assert_int_equal(terminal_width(f), 80);
    setenv("NO_COLOR", "", 1);
    assert_true(terminal_color(f, COLOR_AUTO));
    setenv("NO_COLOR", "1", 1);
    assert_false(terminal_color(f, COLOR_AUTO));
    assert_true(terminal_color(f, COLOR_ALWAYS));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_false(terminal_color(f, COLOR_AUTO));
    assert_false(terminal_is_live(f));
    unsetenv("TERM");
    assert_false(terminal_is_live(f));
}

static void character_set(void **state)
{
    (void)state;
    setenv("LC_ALL", "C.UTF-8", 1);
    assert_true(terminal_utf8());
    setenv("LC_ALL", "C", 1);
    assert_false(terminal_utf8());
    setenv("LC_ALL", "no_SUCH.locale", 1);
    assert_false(terminal_utf8());
}

struct foreign {
    const char *text;
    const char *shown;
};

static void foreign_text(void **state)
{
    static const struct foreign cases[] = {
        {"", ""},
        {"plain ~ text", "plain ~ text"},
        {"a\n\tb", "a\n\tb"},
        {"a\r\nb\rc\r", "a\nb?c?"},
        {"bell\a back\b del\x7f", "bell? back? del?"},
        {"\033[31mred\033[0m", "?red?"},
        {"\033[2J\033[1;1Hx", "??x"},
        {"\033]0;title\a!", "?!"},
        {"\033]8;;http://x\033\\link", "?link"},
        {"\033P1q\033\\z", "?z"},
        {"\033]0;unfinished\nnext", "?]0;unfinished\nnext"},
        {"\033[31", "?[31"},
        {"\033", "?"},
        {"\033c", "?c"},
        {"k\xc3\xa9y \xe2\x82\xac \xf0\x9f\x98\x80",
         "k\xc3\xa9y \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\xc2\x9b"
         "31m",
         "??31m"},
        {"\xff\xfe", "??"},
        {"\xc0\xaf", "??"},
        {"\xe0\x80\xaf", "???"},
        {"\xed\xa0\x80", "???"},
        {"\xf4\x90\x80\x80", "????"},
        {"\xf0\x80\x80\xaf", "????"},
        {"cut \xe2\x82", "cut ??"},
        {"a\xe2\x80\xae"
         "b",
         "a???b"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_buffer struct buffer out = {0};

        buffer_puts(&out, "<");
        terminal_append_safe(&out, cases[i].text, strlen(cases[i].text));
        assert_string_equal(out.data + 1, cases[i].shown);
    }
}

static void a_nul_is_a_control(void **state)
{
    auto_buffer struct buffer out = {0};

    (void)state;
    terminal_append_safe(&out, "a\0b", 3);
    assert_string_equal(out.data, "a?b");
}

static void one_line(void **state)
{
    auto_free char *line = terminal_safe_line("a\nb\tc\r\nd\033[1m");

    (void)state;
    assert_string_equal(line, "a?b?c?d?");
}

static void characters(void **state)
{
    uint32_t c = 0;

    (void)state;
    assert_int_equal(terminal_character("\xe2\x82\xac!", 4, &c), 3);
    assert_int_equal(c, 0x20ac);
    assert_int_equal(terminal_character("\xe2\x82\xac", 2, &c), 0);
    assert_int_equal(terminal_character("x", 1, &c), 1);
    assert_int_equal(terminal_character("x", 0, &c), 0);
    assert_int_equal(terminal_character("\n", 1, &c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_no_terminal),
        cmocka_unit_test(a_terminal),
        cmocka_unit_test(character_set),
        cmocka_unit_test(foreign_text),
        cmocka_unit_test(a_nul_is_a_control),
        cmocka_unit_test(one_line),
        cmocka_unit_test(characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
