/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/document/document.h"

struct parsed {
    struct diagnostics d;
    struct arena *arena;
    struct document_node *root;
};

static struct parsed parse_bytes(const char *text, size_t length)
{
    struct parsed p = {.arena = arena_new()};

    p.root = document_parse(p.arena, "t.yaml", text, length, &p.d);
    return p;
}

static struct parsed parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static void parsed_done(struct parsed *p)
{
    diagnostics_done(&p->d);
    arena_free(p->arena);
}
#define auto_parsed __attribute__((cleanup(parsed_done)))

static void assert_at(struct position at, int line, int column, int end)
{
    assert_string_equal(at.file, "t.yaml");
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
    assert_int_equal(at.end_column, end);
}

static void assert_refused(const char *text, const char *check, int line, int column)
{
    auto_parsed struct parsed p = parse(text);

    assert_int_equal(p.d.count, 1);
    assert_string_equal(p.d.items[0].check, check);
    assert_int_equal(p.d.items[0].position.line, line);
    assert_int_equal(p.d.items[0].position.column, column);
}

static void positions(void **state)
{
    auto_parsed struct parsed p = parse("# c\na: one\nb:\n  c: [x, 'y z']\n");
    const struct document_node *c;

    (void)state;
    assert_int_equal(p.d.count, 0);
    assert_int_equal(p.root->count, 2);
    assert_string_equal(document_get(p.root, "a")->text, "one");
    assert_at(document_get(p.root, "a")->position, 2, 4, 7);
    assert_at(document_get(p.root, "a")->key_position, 2, 1, 2);
    c = document_get(document_get(p.root, "b"), "c");
    assert_int_equal(c->kind, DOCUMENT_SEQUENCE);
    assert_at(c->position, 4, 6, 7);
    assert_at(c->items[1]->position, 4, 10, 15);
    assert_true(c->items[1]->quoted);
    assert_null(c->items[1]->key);
    assert_null(document_get(p.root, "z"));
    assert_null(document_get(c, "a"));
}

/* Columns count bytes, whatever the characters and line ends before them. */
static void positions_behind_wide_characters(void **state)
{
    auto_parsed struct parsed p = parse(
        "\xef\xbb\xbf{ \"gr\xc3\xb6\xc3\x9f\x65\": 1, b: 2 }\r\n# \xe2\x80\xa8 \xc2\x85\r\n");
    auto_parsed struct parsed q = parse("a: \"\xe2\x80\xa8 \xf0\x9f\x98\x80\"\r\nb: c\r\n");

    (void)state;
    assert_int_equal(p.d.count, 0);
    assert_at(document_get(p.root, "b")->position, 1, 20, 21);
    assert_int_equal(q.d.count, 0);
    assert_at(document_get(q.root, "b")->position, 2, 4, 5);
}

static void nothing_and_null(void **state)
{
    auto_parsed struct parsed p = parse("a:\nb: ~\nc: 'null'\nd: null\ne: \"\"\n");
    auto_parsed struct parsed q = parse("# nothing\n");

    (void)state;
    assert_true(document_get(p.root, "a")->is_null);
    assert_at(document_get(p.root, "a")->position, 1, 1, 2); /* there is nothing to point at */
    assert_true(document_get(p.root, "b")->is_null);
    assert_false(document_get(p.root, "c")->is_null);
    assert_true(document_get(p.root, "d")->is_null);
    assert_false(document_get(p.root, "e")->is_null);
    assert_int_equal(q.root->kind, DOCUMENT_MAPPING);
    assert_int_equal(q.root->count, 0);
    assert_int_equal(q.d.count, 0);
}

static void aliases(void **state)
{
    auto_parsed struct parsed p = parse("a: &x { k: [1] }\nb: *x\nc: [*x, &x two, *x]\n");
    const struct document_node *b = document_get(p.root, "b"), *c = document_get(p.root, "c");

    (void)state;
    assert_int_equal(p.d.count, 0);
    assert_string_equal(b->key, "b");
    assert_at(b->key_position, 2, 1, 2);
    assert_at(b->position, 1, 7, 8);
    assert_string_equal(document_get(b, "k")->items[0]->text, "1");
    assert_string_equal(document_get(p.root, "a")->key, "a");
    assert_null(c->items[0]->key);
    assert_string_equal(c->items[2]->text, "two");
}

static void json(void **state)
{
    auto_parsed struct parsed p =
        parse("{a: [1, -2, 1.5, 1e3, true, FALSE, ~, '1', 0644, 0x1f, yes, .inf, 1.2.3, "
              "99999999999999999999, '', 0, 0.5, +3], b: {c: d}}");
    json_t *value = document_json(p.root);
    char *text = json_dumps(value, JSON_COMPACT);

    (void)state;
    assert_string_equal(text, "{\"a\":[1,-2,1.5,1000.0,true,false,null,\"1\",\"0644\",\"0x1f\","
                              "\"yes\",\".inf\",\"1.2.3\",\"99999999999999999999\",\"\",0,0.5,"
                              "3],\"b\":{\"c\":\"d\"}}");
    free(text);
    json_decref(value);
}

static void kind_names(void **state)
{
    static const char *const names[] = {"a mapping", "a list",  "a number",     "text",
                                        "text",      "nothing", "true or false"};
    auto_parsed struct parsed p = parse("[{}, [], 1.5, '1', x, ~, true]");

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        assert_string_equal(document_kind_name(p.root->items[i]), names[i]);
}

static void refused(void **state)
{
    (void)state;
    assert_refused("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1);
    assert_refused("{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 1, b: 0}",
                   "duplicate-key", 1, 62);
    assert_refused("a: 1\n---\nb: 2\n", "yaml-documents", 2, 1);
    assert_refused("a: !x 1\n", "yaml-tag", 1, 4);
    assert_refused("a: &x [*x]\n", "yaml-alias", 1, 8);
    assert_refused("a: *x\n", "yaml-alias", 1, 4);
    assert_refused("[a]: 1\n", "yaml-key", 1, 1);
    assert_refused("\"a\\n\": 1\n", "yaml-key", 1, 1);
    assert_refused("a: \"\\0\"\n", "yaml-control", 1, 4);
    assert_refused("a: b\n\tc: d\n", "yaml-syntax", 2, 1);
    assert_refused("a: \x01\n", "yaml-encoding", 1, 4);
    assert_refused("a: \xff\n", "yaml-encoding", 1, 4);
}

/* The tree stays usable where only one place is wrong. */
static void goes_on(void **state)
{
    auto_parsed struct parsed p = parse("a: 1\na: 2\n[x]: 3\nb: !y 4\n");

    (void)state;
    assert_int_equal(p.d.errors, 3);
    assert_non_null(p.root);
    assert_string_equal(document_get(p.root, "a")->text, "1");
    assert_string_equal(document_get(p.root, "b")->text, "4");
    assert_int_equal(p.root->count, 2);
}

static void assert_limit(const char *text, size_t length, const char *check)
{
    auto_parsed struct parsed p = parse_bytes(text, length);

    assert_null(p.root);
    assert_int_equal(p.d.count, 1);
    assert_string_equal(p.d.items[0].check, check);
}

static void limits(void **state)
{
    auto_buffer struct buffer bomb = {0}, chain = {0};
    size_t length = DOCUMENT_MAX_BYTES + 1;
    char *large = xcalloc(1, length);

    (void)state;
    memset(large, ' ', length);
    assert_limit(large, length, "yaml-size");
    memset(large, '[', length);
    assert_limit(large, DOCUMENT_MAX_BYTES, "yaml-depth");
    memset(large, '%', length);
    for (size_t i = 0; i < length; i += 2)
        large[i] = '\n';
    assert_limit(large, DOCUMENT_MAX_BYTES, "yaml-syntax");
    free(large);

    buffer_puts(&bomb, "a: &a [x,x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'i'; c++)
        buffer_printf(&bomb, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c - 1,
                      c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
    assert_limit(bomb.data, bomb.length, "yaml-size");

    /* Depth counts through aliases too. */
    buffer_puts(&chain, "a: &a [[[[[[[[[[x]]]]]]]]]]\n");
    for (char c = 'b'; c < 'i'; c++)
        buffer_printf(&chain, "%c: &%c [[[[[[[[[[*%c]]]]]]]]]]\n", c, c, c - 1);
    assert_limit(chain.data, chain.length, "yaml-depth");
}

/* What is proposed as a list item must be read back as just that text. */
static void quotes(void **state)
{
    static const struct {
        const char *text, *quoted;
    } cases[] = {
        {"web", "web"},
        {"systemctl enable --now nginx", "systemctl enable --now nginx"},
        {"a, b", "\"a, b\""},
        {"echo a: b # c", "\"echo a: b # c\""},
        {"- x", "\"- x\""},
        {" x ", "\" x \""},
        {"", "\"\""},
        {"it's", "\"it's\""},
        {"say \"it's\"", "'say \"it''s\"'"},
        {"a\\n", "'a\\n'"},
        {"[x]", "\"[x]\""},
        {"gr\303\274n", "gr\303\274n"},
    };
    auto_arena struct arena *arena = arena_new();
    char long_text[202] = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_diagnostics struct diagnostics d = {0};
        const char *quoted = document_quote(arena, cases[i].text);
        const char *text = arena_printf(arena, "run: [%s]\n", quoted);
        const struct document_node *list =
            document_get(document_parse(arena, "x", text, strlen(text), &d), "run");

        assert_string_equal(quoted, cases[i].quoted);
        assert_int_equal(d.count, 0);
        assert_int_equal(list->count, 1);
        assert_string_equal(list->items[0]->text, cases[i].text);
    }
    memset(long_text, 'x', 201);
    assert_null(document_quote(arena, long_text));
    assert_null(document_quote(arena, "two\nlines"));
    assert_null(document_quote(arena, "\033[1m"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions),
        cmocka_unit_test(positions_behind_wide_characters),
        cmocka_unit_test(nothing_and_null),
        cmocka_unit_test(aliases),
        cmocka_unit_test(json),
        cmocka_unit_test(kind_names),
        cmocka_unit_test(refused),
        cmocka_unit_test(goes_on),
        cmocka_unit_test(limits),
        cmocka_unit_test(quotes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
