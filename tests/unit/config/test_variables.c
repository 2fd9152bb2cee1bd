/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/compose/reference.h"
#include "loading.h"

#define NODE(value) \
    LOADING_HEAD "nodes: { a: { image: debian12, description: \"" value "\" } }\n"

static void references(void **state)
{
    static const struct {
        const char *text, *name, *fallback;
        size_t length;
    } cases[] = {
        {"${a}", "a", NULL, 4},
        {"${_A9}x}", "_A9", NULL, 6},
        {"${a:-}", "a", "", 6},
        {"${a:-b c}}", "a", "b c", 9},
        {"${a:-${b:-c}}!", "a", "${b:-c}", 13},
        {"${}", NULL, NULL, 0},
        {"${1a}", NULL, NULL, 0},
        {"${a", NULL, NULL, 0},
        {"${a-b}", NULL, NULL, 0},
        {"${a:-${b}", NULL, NULL, 0},
        {"${#a}", NULL, NULL, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct reference r;
        const char *wrong = NULL;
        bool good = reference_read(cases[i].text, strlen(cases[i].text), &r, &wrong);

        assert_int_equal(good, cases[i].name != NULL);
        assert_int_equal(wrong != NULL, !good);
        if (!good)
            continue;
        assert_int_equal(r.length, cases[i].length);
        assert_int_equal(r.name_length, strlen(cases[i].name));
        assert_memory_equal(r.name, cases[i].name, r.name_length);
        assert_int_equal(r.fallback != NULL, cases[i].fallback != NULL);
        if (r.fallback)
            assert_int_equal(r.fallback_length, strlen(cases[i].fallback));
    }
}

static void assert_description(const char *text, const char *expected)
{
    auto_loading struct loading l = {0};

    loading_good(&l, text);
    assert_string_equal(l.cluster->nodes[0].description, expected);
}

/* vars go before the environment, which goes before defaults; an empty value counts as none. */
static void sources(void **state)
{
    (void)state;
    setenv("VIRTOPO_T_A", "env", 1);
    setenv("VIRTOPO_T_E", "", 1);
    unsetenv("VIRTOPO_T_N");
    assert_description(NODE("${VIRTOPO_T_A}"), "env");
    assert_description("vars: { VIRTOPO_T_A: own }\n" NODE("${VIRTOPO_T_A}"), "own");
    assert_description("vars: { VIRTOPO_T_A: ~ }\n" NODE("${VIRTOPO_T_A}"), "env");
    assert_description(NODE("${VIRTOPO_T_N:-d} ${VIRTOPO_T_E:-e} [${VIRTOPO_T_E}]"), "d e []");
    assert_description("vars: { a: '${b}${VIRTOPO_T_A}', b: x }\n" NODE("${a}-${a}"),
                       "xenv-xenv");
    loading_bad(NODE("${VIRTOPO_T_N}"), "unknown-variable", 4, 46);
    setenv("VIRTOPO_T_A", "\xff", 1);
    loading_bad(NODE("${VIRTOPO_T_A}"), "variable-encoding", 4, 46);
}

/* A value of a variable is a value: nothing in it is a reference, nothing in it is YAML. */
static void values_are_values(void **state)
{
    (void)state;
    setenv("VIRTOPO_T_A", "${VIRTOPO_T_A} ] } : # & $${x}", 1);
    assert_description(NODE("${VIRTOPO_T_A}"), "${VIRTOPO_T_A} ] } : # & $${x}");
    assert_description("vars: { a: '$${b}', b: no }\n" NODE("${a}"), "${b}");
}

/* Aliases share what they stand for, and must not be expanded twice. */
static void aliases(void **state)
{
    auto_loading struct loading l = {0};

    (void)state;
    loading_good(&l, "vars: { x: no }\n" LOADING_HEAD
                     "nodes:\n  a: &a { image: debian12, description: '$${x}' }\n  b: *a\n");
    assert_string_equal(l.cluster->nodes[0].description, "${x}");
    assert_string_equal(l.cluster->nodes[1].description, "${x}");
}

/* Typed after it is put in: in the guest's own mapping a number is one, unless it is quoted. */
static void types(void **state)
{
    auto_loading struct loading l = {0};
    char *text;

    (void)state;
    loading_good(&l, "vars: { n: 3, t: '3', b: true, e: }\n" LOADING_HEAD
                     "nodes:\n  a:\n    image: debian12\n    cpus: ${n}\n"
                     "    cloud_init:\n      n: ${n}\n      q: \"${n}\"\n      t: ${t}\n"
                     "      m: ${t}0\n      b: ${b}\n      z: ${e:-}\n      h: ${HOME}\n");
    assert_int_equal(l.cluster->nodes[0].cpus.count, 3);
    text = json_dumps(l.cluster->nodes[0].cloud_init, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, "{\"b\":true,\"h\":\"${HOME}\",\"m\":30,\"n\":3,\"q\":\"3\","
                              "\"t\":\"3\",\"z\":null}");
    free(text);
}

static void settings_of_variables(void **state)
{
    static const char *const settings[] = {"a=first", "vars.b=${HOME} = x", "a=last", "c="};
    auto_loading struct loading l = {0};

    (void)state;
    loading_with(&l, "vars: { a: 1, b: ~, c: gone, d: '${a}' }\n" NODE("${a} ${b} [${c}] ${d}"),
                 settings, ARRAY_SIZE(settings));
    assert_non_null(l.cluster);
    assert_string_equal(l.cluster->nodes[0].description, "last ${HOME} = x [] last");
}

static void settings_of_paths(void **state)
{
    static const char *const settings[] = {
        "nodes.a.count=2",    "cluster=ci",         "nodes.a.labels.x=${HOME}",
        "nodes.a.run=[a, b]", "defaults.memory=2G", "nodes.a.description=~",
        "nodes.b.cpus=4",     "nodes.b.cpus=3",
    };
    auto_loading struct loading l = {0};
    const struct node *a, *b;

    (void)state;
    loading_with(&l,
                 LOADING_HEAD
                 "nodes:\n  a: { image: debian12, description: gone, cpus: '${NOBODY_:-7}' }\n"
                 "  b: { image: debian12 }\n",
                 settings, ARRAY_SIZE(settings));
    assert_non_null(l.cluster);
    assert_string_equal(l.cluster->name, "ci");
    assert_int_equal(l.cluster->node_count, 3);
    a = &l.cluster->nodes[0];
    b = &l.cluster->nodes[2];
    assert_true(a->cpus.count == 7 && b->cpus.count == 3);
    assert_int_equal(a->memory.size, 2ULL << 30);
    assert_string_equal(a->labels.items[0].value, "${HOME}");
    assert_int_equal(a->run.count, 2);
    assert_null(a->description);
}

static void assert_refused(const char *setting, const char *check, const char *message)
{
    auto_loading struct loading l = {0};

    loading_with(&l, "vars: { one: 1 }\n" NODE("${one}"), &setting, 1);
    assert_null(l.cluster);
    assert_int_equal(l.d.count, 1);
    assert_string_equal(l.d.items[0].check, check);
    assert_string_equal(l.d.items[0].message, message);
}

static void bad_settings(void **state)
{
    (void)state;
    assert_refused("oen=2", "set", "--set oen: there is no such variable");
    assert_refused("one", "set", "--set one has no '='");
    assert_refused("=1", "set", "--set =1 names nothing that can be set");
    assert_refused("nodes..a=1", "set", "--set nodes..a=1 names nothing that can be set");
    assert_refused("nodes.b.cpus=1", "set",
                   "--set nodes.b.cpus: there is no 'b' under 'nodes'");
    assert_refused("nodes.a.cpus=", "set", "--set nodes.a.cpus has no value");
    assert_refused("nodes.a.cpus=x", "type", "cpus must be a whole number, not 'x'");
    assert_refused("nodes.a.cpu=1", "unknown-key", "unknown key 'cpu' in node 'a'");
    assert_refused("nodes.a.run=@", "yaml-syntax", "a value cannot start with '@'");
    assert_refused("one=\xff", "variable-encoding", "--set one is not UTF-8 text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references),
        cmocka_unit_test(sources),
        cmocka_unit_test(values_are_values),
        cmocka_unit_test(aliases),
        cmocka_unit_test(types),
        cmocka_unit_test(settings_of_variables),
        cmocka_unit_test(settings_of_paths),
        cmocka_unit_test(bad_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
