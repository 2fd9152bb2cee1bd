/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/diagnostic.h"

#define FIFTY "01234567890123456789012345678901234567890123456789"

static struct position at(int line, int column, int end_column)
{
    return (struct position){"lab.yaml", line, column, end_column};
}

static void check_render(struct diagnostics *d, const char *expected)
{
    auto_buffer struct buffer out = {0};

    diagnostics_render(d, false, &out);
    assert_string_equal(out.data, expected);
}

static void quotes_the_line(void **state)
{
    static const char text[] = "cluster: lab\n    memory: 64M\r\nlast";
    auto_diagnostics struct diagnostics d = {0};

    (void)state;
    diagnostics_source(&d, "lab.yaml", text, strlen(text));
    diagnostic_hint(diagnostics_error(&d, at(2, 13, 16), "node-memory",
                                      "memory '%s' is less than 128M", "64M"),
                    "raise nodes.%s.memory", "web");
    diagnostics_warning(&d, at(3, 5, 0), "last-line", "behind the end");
    assert_int_equal(d.count, 2);
    assert_int_equal(d.errors, 1);
    check_render(&d, "lab.yaml:2:13: error: memory '64M' is less than 128M [node-memory]\n"
                     "    2 |     memory: 64M\n"
                     "      |             ^~~\n"
                     "hint: raise nodes.web.memory\n"
                     "lab.yaml:3:5: warning: behind the end [last-line]\n"
                     "    3 | last\n"
                     "      |     ^\n");
}

static void sorts_and_drops_repetitions(void **state)
{
    auto_diagnostics struct diagnostics d = {0};

    (void)state;
    diagnostics_error(&d, at(9, 2, 0), "c", "third");
    diagnostics_error(&d, at(2, 7, 0), "c", "second");
    diagnostics_error(&d, at(9, 2, 0), "c", "third");
    diagnostics_warning(&d, at(2, 3, 0), "c", "first");
    diagnostics_error(&d, at(9, 2, 0), "other", "third");
    diagnostics_error(&d, at(9, 2, 0), "c", "third");
    check_render(&d, "lab.yaml:2:3: warning: first [c]\n"
                     "lab.yaml:2:7: error: second [c]\n"
                     "lab.yaml:9:2: error: third [c]\n"
                     "lab.yaml:9:2: error: third [other]\n");
    assert_int_equal(d.count, 4);
    assert_int_equal(d.errors, 3);
    diagnostics_error(&d, at(1, 1, 0), "c", "later");
    diagnostics_error(&d, at(1, 2, 0), "c", "later");
    assert_int_equal(d.errors, 5);
}

static void positions_may_be_unknown(void **state)
{
    auto_diagnostics struct diagnostics d = {0};

    (void)state;
    diagnostics_source(&d, "lab.yaml", "a: b\n\n", 6);
    diagnostics_error(&d, (struct position){0}, "c", "nowhere");
    diagnostics_error(&d, at(0, 0, 0), "c", "whole file");
    diagnostics_error(&d, at(1, 0, 0), "c", "whole line");
    diagnostics_error(&d, at(2, 1, 9), "c", "empty line");
    diagnostics_error(&d, at(8, 1, 2), "c", "no such line");
    diagnostics_error(&d, (struct position){"other.yaml", 1, 1, 2}, "c", "no source");
    check_render(&d, "error: nowhere [c]\n"
                     "lab.yaml: error: whole file [c]\n"
                     "lab.yaml:1: error: whole line [c]\n"
                     "    1 | a: b\n"
                     "lab.yaml:2:1: error: empty line [c]\n"
                     "    2 |\n"
                     "      | ^\n"
                     "lab.yaml:8:1: error: no such line [c]\n"
                     "other.yaml:1:1: error: no source [c]\n");
}

static void the_caret_keeps_its_column(void **state)
{
    static const char text[] = "\tk\xc3\xa9y: \xff\x1b[31mvalue\n";
    auto_diagnostics struct diagnostics d = {0};

    (void)state;
    diagnostics_source(&d, "lab.yaml", text, strlen(text));
    diagnostics_error(&d, at(1, 2, 6), "c", "key");
    diagnostics_error(&d, at(1, 14, 19), "c", "value");
    diagnostics_error(&d, at(1, 500, 600), "c", "far behind the end");
    check_render(&d, "lab.yaml:1:2: error: key [c]\n"
                     "    1 | \tk\xc3\xa9y: ? [31mvalue\n"
                     "      | \t^~~\n"
                     "lab.yaml:1:14: error: value [c]\n"
                     "    1 | \tk\xc3\xa9y: ? [31mvalue\n"
                     "      | \t           ^~~~~\n"
                     "lab.yaml:1:500: error: far behind the end [c]\n"
                     "    1 | \tk\xc3\xa9y: ? [31mvalue\n"
                     "      | \t                ^\n");
}

static void long_lines_are_cut(void **state)
{
    static const char text[] = FIFTY FIFTY "x" FIFTY FIFTY;
    auto_diagnostics struct diagnostics d = {0};

    (void)state;
    diagnostics_source(&d, "lab.yaml", text, strlen(text));
    diagnostics_error(&d, at(1, 1, 3), "c", "start");
    diagnostics_error(&d, at(1, 101, 102), "c", "middle");
    diagnostics_error(&d, at(1, 201, 202), "c", "end");
    diagnostics_error(&d, at(1, 150, 999), "c", "wide");
    check_render(&d, "lab.yaml:1:1: error: start [c]\n"
                     "    1 | " FIFTY "012345678901234567890123456789...\n"
                     "      | ^~\n"
                     "lab.yaml:1:101: error: middle [c]\n"
                     "    1 | ...0123456789012345678901234567890123456789x"
                     "012345678901234567890123456789012345678...\n"
                     "      |                                            ^\n"
                     "lab.yaml:1:150: error: wide [c]\n"
                     "    1 | ...89" FIFTY "0123456789012345678901234567...\n"
                     "      |                                            "
                     "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
                     "lab.yaml:1:201: error: end [c]\n"
                     "    1 | ...012345678901234567890123456789" FIFTY "\n"
                     "      |                                            "
                     "                                       ^\n");
}

static void foreign_text_is_harmless(void **state)
{
    auto_diagnostics struct diagnostics d = {0};
    struct diagnostic *item;

    (void)state;
    item = diagnostics_error(&d, (struct position){"a\nb", 1, 1, 2}, "c", "%s",
                             "x\033[31my\nz\t\xff");
    diagnostic_hint(item, "first");
    diagnostic_hint(item, "a\rb");
    check_render(&d, "a?b:1:1: error: x?y?z?? [c]\nhint: a?b\n");
}

static void only_so_many_are_shown(void **state)
{
    auto_diagnostics struct diagnostics d = {0};
    auto_buffer struct buffer out = {0};
    size_t lines = 0;

    (void)state;
    for (int i = 0; i < DIAGNOSTICS_SHOWN + 1; i++)
        diagnostics_error(&d, at(i + 1, 1, 0), "c", "bad");
    diagnostics_render(&d, false, &out);
    assert_non_null(strstr(out.data, "\nand 1 more finding, not shown\n"));
    for (const char *p = out.data; (p = strchr(p, '\n')); p++)
        lines++;
    assert_int_equal(lines, DIAGNOSTICS_SHOWN + 1);
    diagnostics_error(&d, at(1000, 1, 0), "c", "bad");
    out.length = 0;
    diagnostics_render(&d, false, &out);
    assert_non_null(strstr(out.data, "\nand 2 more findings, not shown\n"));
}

static void colour(void **state)
{
    auto_diagnostics struct diagnostics d = {0};
    auto_buffer struct buffer out = {0};

    (void)state;
    diagnostics_source(&d, "lab.yaml", "abc", 3);
    diagnostics_error(&d, at(1, 1, 4), "c", "bad");
    diagnostics_render(&d, true, &out);
    assert_string_equal(out.data,
                        "\033[1mlab.yaml:1:1: \033[1;31merror: \033[0m\033[1mbad\033[0m"
                        " [c]\n    1 | abc\n      | \033[1;32m^~~\033[0m\n");
}

static void json(void **state)
{
    auto_diagnostics struct diagnostics d = {0};
    auto_free char *text = NULL;
    json_t *array;

    (void)state;
    diagnostics_warning(&d, (struct position){0}, "two", "nowhere \xff");
    diagnostic_hint(diagnostics_error(&d, at(2, 3, 5), "one", "bad"), "do");
    diagnostics_error(&d, at(3, 7, 0), "three", "one character");
    array = diagnostics_json(&d);
    text = json_dumps(array, JSON_COMPACT);
    json_decref(array);
    assert_string_equal(
        text,
        "[{\"file\":null,\"line\":0,\"column\":0,\"end_column\":0,\"severity\":\"warning\","
        "\"check\":\"two\",\"message\":\"nowhere ?\",\"hint\":null},"
        "{\"file\":\"lab.yaml\",\"line\":2,\"column\":3,\"end_column\":5,"
        "\"severity\":\"error\",\"check\":\"one\",\"message\":\"bad\",\"hint\":\"do\"},"
        "{\"file\":\"lab.yaml\",\"line\":3,\"column\":7,\"end_column\":8,"
        "\"severity\":\"error\",\"check\":\"three\",\"message\":\"one character\","
        "\"hint\":null}]");
}

static void forgets_the_last_ones(void **state)
{
    auto_diagnostics struct diagnostics d = {0};

    (void)state;
    diagnostics_error(&d, at(1, 1, 0), "a", "kept");
    diagnostics_warning(&d, at(2, 1, 0), "b", "dropped");
    diagnostic_hint(diagnostics_error(&d, at(3, 1, 0), "c", "dropped"), "too");
    diagnostics_forget(&d, 5);
    assert_int_equal(d.count, 3);
    diagnostics_forget(&d, 1);
    assert_int_equal(d.count, 1);
    assert_int_equal(d.errors, 1);
    assert_string_equal(d.items[0].message, "kept");
}

static void secrets_are_stars(void **state)
{
    auto_diagnostics struct diagnostics d = {0};
    auto_buffer struct buffer out = {0};
    static const char text[] = "a: { p: s3cret, q: 1 }\nb: s3cret\nc: |\n";

    (void)state;
    diagnostics_source(&d, "lab.yaml", text, strlen(text));
    diagnostics_error(&d, at(1, 17, 18), "one", "bad");
    diagnostics_error(&d, at(2, 1, 2), "two", "bad");
    diagnostics_error(&d, at(3, 1, 2), "three", "bad");
    diagnostics_secret(&d, at(1, 9, 15));
    diagnostics_secret(&d, at(1, 9, 15));
    diagnostics_secret(&d, at(2, 4, 0));  /* its end is not known */
    diagnostics_secret(&d, at(3, 9, 12)); /* beyond the line */
    assert_int_equal(d.secret_count, 3);
    diagnostics_render(&d, false, &out);
    assert_string_equal(out.data, "lab.yaml:1:17: error: bad [one]\n"
                                  "    1 | a: { p: ******, q: 1 }\n"
                                  "      |                 ^\n"
                                  "lab.yaml:2:1: error: bad [two]\n"
                                  "    2 | b: ******\n"
                                  "      | ^\n"
                                  "lab.yaml:3:1: error: bad [three]\n"
                                  "    3 | c: |\n"
                                  "      | ^\n");
}

static void subjects_and_remarks(void **state)
{
    auto_diagnostics struct diagnostics d = {0};

    (void)state;
    d.subject = "web";
    diagnostics_error(&d, at(1, 1, 0), "a", "first");
    d.subject = NULL;
    diagnostics_warning(&d, at(2, 1, 0), "b", "second");
    diagnostics_error(&d, at(3, 1, 0), "c", "third");
    assert_string_equal(d.items[0].subjects[0], "web");
    assert_int_equal(d.items[1].subject_count, 0);
    for (int i = 0; i < 6; i++) {
        d.subject = i < 2 ? "db" : i % 2 ? "even" : "odd";
        assert_true(diagnostics_repeats(&d, &d.items[0].position, "a", "first"));
    }
    assert_false(diagnostics_repeats(&d, &d.items[0].position, "a", "other"));
    assert_false(diagnostics_repeats(&d, &d.items[1].position, "a", "first"));
    assert_int_equal(d.items[0].subject_count, 6);
    assert_string_equal(d.items[0].subjects[2], "odd");
    diagnostic_remark(&d.items[2], "in a\nb");
    diagnostics_remove(&d, 0);
    assert_true(d.count == 2 && d.errors == 1);
    assert_string_equal(d.items[0].message, "second");
    assert_string_equal(d.items[1].message, "third (in a?b)");
}

static void nothing_renders_nothing(void **state)
{
    auto_diagnostics struct diagnostics d = {0};
    auto_buffer struct buffer out = {0};
    json_t *array = diagnostics_json(&d);

    (void)state;
    diagnostics_render(&d, false, &out);
    assert_int_equal(out.length, 0);
    assert_int_equal(json_array_size(array), 0);
    json_decref(array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_the_line),
        cmocka_unit_test(sorts_and_drops_repetitions),
        cmocka_unit_test(forgets_the_last_ones),
        cmocka_unit_test(subjects_and_remarks),
        cmocka_unit_test(secrets_are_stars),
        cmocka_unit_test(positions_may_be_unknown),
        cmocka_unit_test(the_caret_keeps_its_column),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(foreign_text_is_harmless),
        cmocka_unit_test(only_so_many_are_shown),
        cmocka_unit_test(colour),
        cmocka_unit_test(json),
        cmocka_unit_test(nothing_renders_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
