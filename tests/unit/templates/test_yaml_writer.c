/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "templates/yaml_writer.h"

static void expected_text(void **state)
{
    auto_buffer struct buffer out = {0};
    struct error *err = NULL;
    json_t *value =
        json_pack("{s:s, s:s, s:s, s:i, s:f, s:f, s:b, s:n, s:{}, s:[], "
                  "s:[s,s,[i,i],{s:s,s:s}], s:s, s:s,"
                  "s:s}",
                  "plain", "web-1", "mode", "0644", "word", "yes", "number", -3, "real", 0.1,
                  "whole", 2.0, "flag", 1, "nothing", "empty map", "empty list", "list", "a",
                  "10.0.0.1/24", 1, 2, "k", "v", "no", "x: y", "text", "line\n  two\n\ttab\n",
                  "no end", "a\nb", "key: odd", "trailing \n# not a comment\n");

    (void)state;
    expect_ok(yaml_write(value, &out, &err), &err);
    golden_check("values.yaml", out.data);
    json_decref(value);
}

/* The only scalar of a document, and whether a reader would resolve it as plain. */
static void check_string(const char *text, size_t length, bool in_list)
{
    auto_buffer struct buffer out = {0};
    struct error *err = NULL;
    json_t *string = json_stringn(text, length);
    json_t *value = in_list ? json_pack("{s:[{s:o}]}", "files", "content", string)
                            : json_pack("{s:o}", "k", string);
    yaml_parser_t parser;
    yaml_event_t event;
    bool found = false;

    assert_non_null(value);
    expect_ok(yaml_write(value, &out, &err), &err);
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (unsigned char *)out.data, out.length);
    for (bool end = false; !end;) {
        if (!yaml_parser_parse(&parser, &event))
            fail_msg("%s:\n%s", parser.problem, out.data);
        if (event.type == YAML_SCALAR_EVENT && event.data.scalar.length == length &&
            memcmp(event.data.scalar.value, text, length) == 0)
            found = true;
        end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!found)
        fail_msg("came back different:\n%s", out.data);
    json_decref(value);
}

static void strings_come_back(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "\n",
        "\n\n",
        " a",
        "a ",
        "  a\nb\n",
        "\na\n",
        "a\n\n\n",
        "a\n \nb",
        "a \nb",
        "\ta",
        "a\tb\n",
        "a\r\nb\r\n",
        "\x01\n",
        "\x7f",
        "- a",
        "? a",
        "a: b",
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "{a}",
        "[a]",
        "'a'",
        "\"a\"",
        "a'b\"c\\d",
        "---\na",
        "---",
        "...",
        "a\n---\n",
        "\xc3\xa4",
        "\xc2\x85",
        "\xe2\x80\xa8",
        "\xef\xbb\xbfx",
        "\xf0\x9f\x98\x80\n",
        "#!/bin/sh\nset -e\n\nif true; then\n\techo \"a: $b\"\nfi\n",
        "a:",
        ":a",
        ",",
        "a,b",
        "\\n",
        "~",
        "=",
        " \n",
        "\n ",
        "a\n\n b\n",
        "\n\n  a\n"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        check_string(texts[i], strlen(texts[i]), false);
        check_string(texts[i], strlen(texts[i]), true);
    }
    check_string("a\0b", 3, true);
}

/* Every string over a few awkward characters, up to four of them. */
static void short_strings_come_back(void **state)
{
    static const char letters[] = " \n\ta#:-'";
    const size_t base = sizeof letters - 1;

    (void)state;
    for (size_t n = 0; n < base * base * base * base; n++) {
        char text[4];
        size_t rest = n;

        for (size_t i = 0; i < sizeof text; i++, rest /= base)
            text[i] = letters[rest % base];
        check_string(text, sizeof text, n % 2);
    }
}

static void quotes_what_is_not_a_string(void **state)
{
    static const char *const words[] = {
        "null",  "Null", "~",     "true", "FALSE",      "yes",      "No",  "on",  "OFF", "y",
        "N",     "1",    "-1",    "+1",   "0644",       "0x1f",     "0o7", "1e3", ".5",  "1.5",
        "1_000", ".inf", "-.inf", ".NaN", "2026-01-31", "12:30:45", "1:2", "=",   "<<",  ""};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        auto_buffer struct buffer out = {0};
        auto_free char *expected = xasprintf("- \"%s\"\n", words[i]);
        struct error *err = NULL;
        json_t *value = json_pack("[s]", words[i]);

        expect_ok(yaml_write(value, &out, &err), &err);
        assert_string_equal(out.data, expected);
        json_decref(value);
    }
}

static void numbers_stay_numbers(void **state)
{
    static const struct {
        double number;
        const char *text;
    } cases[] = {{0.1, "- 0.1\n"}, {2, "- 2.0\n"}, {1.0 / 3, "- 0.33333333333333331\n"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_buffer struct buffer out = {0};
        struct error *err = NULL;
        json_t *value = json_pack("[f]", cases[i].number);

        expect_ok(yaml_write(value, &out, &err), &err);
        assert_string_equal(out.data, cases[i].text);
        json_decref(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_text),
        cmocka_unit_test(strings_come_back),
        cmocka_unit_test(short_strings_come_back),
        cmocka_unit_test(quotes_what_is_not_a_string),
        cmocka_unit_test(numbers_stay_numbers),
        cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
