/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables say of themselves: every key is documented, and every example is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "config/cluster.h"
#include "config/describe/json_schema.h"

static struct arena *arena;
static struct place_list all;

static int start(void **state)
{
    (void)state;
    arena = arena_new();
    all = place_all(arena);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void check_notes(const struct place *place)
{
    const struct field *field = place->field;

    if (!field->words)
        return;
    if (!field->notes)
        fail_msg("%s needs notes: a line about each of its words", place->path);
    for (size_t i = 0; field->words[i]; i++) {
        const char *note = field->notes[i];

        if (!note || !*note || strchr(note, '\n') || note[strlen(note) - 1] == '.')
            fail_msg("%s: the word '%s' needs a note (one line, no full stop)", place->path,
                     field->words[i]);
    }
}

static void rows(void **state)
{
    const struct place *place;

    (void)state;
    place_each (&all, place) {
        const struct field *field = place->field;

        if (!field->summary || !field->example)
            fail_msg("%s needs a summary and an example", place->path);
        if (strchr(field->example, '\n'))
            fail_msg("%s needs an example of one line", place->path);
        if (field->schema && schema_has_short_form(field->schema) &&
            !field->schema->short_form_text)
            fail_msg("%s needs words about its short form", place->path);
        check_notes(place);
    }
}

/* Keys of which a table wants one exist. */
static void one_of(void **state)
{
    const struct place *place;

    (void)state;
    place_each (&all, place) {
        const struct schema *table = place->field->schema;
        char *rest = table && table->one_of ? arena_strdup(arena, table->one_of) : NULL, *word;

        while ((word = strsep(&rest, " "))) {
            if (!schema_field(table, word))
                fail_msg("%s has no '%s' to be one of", place->inside, word);
        }
    }
}

/* Node tables are bound by the loader, one after the other. */
static void bind_root(struct binder *b, const struct document_node *root,
                      const struct place *top)
{
    void *target = arena_alloc(arena, cluster_schema.size);
    const struct document_node *value = root->items[0], *item;

    b->partial = true;
    if (!(top->field->flags & FIELD_DEFERRED) || !top->field->schema) {
        schema_bind(b, &cluster_schema, root, target);
        return;
    }
    target = arena_alloc(arena, top->field->schema->size);
    if (top->field->type == FIELD_STRUCT) {
        schema_bind(b, top->field->schema, value, target);
        return;
    }
    document_each (value, i, item) {
        b->partial = true;
        schema_bind(b, top->field->schema, item, target);
    }
}

static void check_example(const struct place *place)
{
    const char *text = place_example(place, arena);
    auto_diagnostics struct diagnostics d = {0};
    auto_buffer struct buffer findings = {0};
    struct binder b = {.arena = arena, .diagnostics = &d, .folder = "/"};
    const struct document_node *root = document_parse(arena, "t", text, strlen(text), &d);
    const struct place *top = place;

    while (top->parent)
        top = top->parent;
    b.trees = json_array();
    if (root)
        bind_root(&b, root, top);
    json_decref(b.trees);
    if (d.count == 0)
        return;
    diagnostics_render(&d, false, &findings);
    fail_msg("the example of %s is wrong:\n%s\n%s", place->path, text, findings.data);
}

static void examples(void **state)
{
    const struct place *place;

    (void)state;
    place_each (&all, place)
        check_example(place);
}

static void paths(void **state)
{
    const struct place *place, *other;

    (void)state;
    assert_true(all.count >= 90);
    place_each (&all, place) {
        const struct place *found = NULL;

        place_each (&all, other) {
            if (other != place && !strcmp(other->path, place->path))
                fail_msg("%s is there twice", place->path);
        }
        if (place_find(&all, place->key, arena, &found, NULL) < 0 || found != place)
            fail_msg("%s leads to %s", place->key, found ? found->path : "nothing");
        if (place_find(&all, place->path, arena, &found, NULL) < 0 || found != place)
            fail_msg("%s leads to %s", place->path, found ? found->path : "nothing");
    }
}

static void table_places(void **state)
{
    (void)state;
    assert_string_equal(place_of_table(&all, &node_schema)->inside, "nodes.NAME");
    assert_string_equal(place_of_table(&all, &disk_schema)->inside, "nodes.NAME.disks[]");
    assert_string_equal(place_of_table(&all, &network_schema)->inside, "networks.NAME");
    assert_null(place_of_table(&all, &cluster_schema));
}

static void found(void **state)
{
    static const struct {
        const char *typed, *path;
    } cases[] = {
        {"nodes", "nodes"},
        {"node", "nodes"},
        {"nodes.memory", "nodes.NAME.memory"},
        {"nodes.web.memory", "nodes.NAME.memory"},
        {"nodes.NAME", "nodes"},
        {"nodes.*.memory", "nodes.NAME.memory"},
        {"Memory", "nodes.NAME.memory"},
        {"memory", "nodes.NAME.memory"},
        {"defaults.memory", "defaults.memory"},
        {"default.memory", "defaults.memory"},
        {"networks", "networks"},
        {"network.mtu", "networks.NAME.mtu"},
        {"networks.lan.mtu", "networks.NAME.mtu"},
        {"networks.model", "nodes.NAME.networks[].model"},
        {"network.model", "nodes.NAME.networks[].model"},
        {"nodes.networks.mtu", "nodes.NAME.networks[].mtu"},
        {"disk", "nodes.NAME.disk"},
        {"disk.bus", "nodes.NAME.disk.bus"},
        {"disks.bus", "nodes.NAME.disks[].bus"},
        {"disks[0].bus", "nodes.NAME.disks[].bus"},
        {"disks.0.bus", "nodes.NAME.disks[].bus"},
        {"disks[].bus", "nodes.NAME.disks[].bus"},
        {"label", "nodes.NAME.labels"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct place *place = NULL;

        if (place_find(&all, cases[i].typed, arena, &place, NULL) < 0)
            fail_msg("'%s' leads nowhere", cases[i].typed);
        assert_string_equal(place->path, cases[i].path);
    }
}

static void not_found(void **state)
{
    static const struct {
        const char *typed, *message, *hint;
    } cases[] = {
        {"ram", "there is no key 'ram' in the file", "did you mean nodes.memory?"},
        {"nodes.ram", "there is no key 'ram' in nodes.NAME", "did you mean nodes.memory?"},
        {"vms", "there is no key 'vms' in the file", "did you mean nodes?"},
        {"nodes.memroy", "there is no key 'memroy' in nodes.NAME",
         "did you mean nodes.memory?"},
        {"nodes.memroy.size", "there is no key 'memroy' in nodes.NAME",
         "did you mean nodes.memory?"},
        {"disks.nme", "there is no key 'nme' in nodes.NAME.disks[]",
         "did you mean nodes.disks.name?"},
        {"discard", "there is no key 'discard' in the file",
         "did you mean nodes.disk.discard?"},
        {"ssh.qwertz", "there is no key 'qwertz' in ssh", "the keys there are user, key"},
        {"domain.x", "there is no key 'x' in domain",
         "domain is a DNS domain: there are no keys below it"},
        {"", "'' is not the name of a key", "for example nodes.memory, or memory alone"},
        {"a..b", "'a..b' is not the name of a key",
         "for example nodes.memory, or memory alone"},
        {".", "'.' is not the name of a key", "for example nodes.memory, or memory alone"},
        {"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a",
         "'a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a' is not the name of a key",
         "for example nodes.memory, or memory alone"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_error struct error *error = NULL;
        const struct place *place = NULL;

        assert_int_equal(place_find(&all, cases[i].typed, arena, &place, &error), -1);
        assert_int_equal(error->kind, ERROR_USAGE);
        assert_string_equal(error->message, cases[i].message);
        assert_string_equal(error->hint, cases[i].hint);
    }
}

/* The texts that tables have for the JSON Schema are right in themselves; whether it takes what
 * virtopo takes is for the tests of the schema. */
static void check_json(const char *name, const char *yaml)
{
    json_t *schema = json_schema_parse(yaml);

    if (!json_is_object(schema) || json_object_size(schema) == 0)
        fail_msg("%s: this is no JSON Schema in YAML: %s", name, yaml);
    json_decref(schema);
}

static void json_schemas(void **state)
{
    const struct place *place;

    (void)state;
    place_each (&all, place) {
        const struct field *field = place->field;
        const struct schema *below = field->schema;

        if (field->type == FIELD_CUSTOM && !field->json_schema)
            fail_msg("%s needs a json_schema: what it takes", place->path);
        if (field->json_schema)
            check_json(place->path, field->json_schema);
        if (below && below->short_form && !below->short_form_schema)
            fail_msg("%s needs a short_form_schema: what it takes", place->path);
        if (below && below->short_form_schema)
            check_json(place->path, below->short_form_schema);
        if (below && below->scalar_key && !schema_field(below, below->scalar_key))
            fail_msg("%s has no '%s' to be its scalar key", place->inside, below->scalar_key);
    }
}

/* Definitions are called as their tables. */
static void table_names(void **state)
{
    const struct place *place, *other;

    (void)state;
    place_each (&all, place) {
        if (!place->field->schema)
            continue;
        place_each (&all, other) {
            if (other->field->schema && other->field->schema != place->field->schema &&
                !strcmp(other->field->schema->name, place->field->schema->name))
                fail_msg("%s and %s have tables of one name", place->path, other->path);
        }
    }
}

/* The bare sum of it; what it says of files is for the tests of the schema. */
static void whole_schema(void **state)
{
    json_t *whole = json_schema(false), *part = json_schema(true);
    json_t *definitions = json_object_get(whole, "$defs");
    const struct place *place;

    (void)state;
    assert_non_null(json_object_get(json_object_get(whole, "properties"), "nodes"));
    assert_non_null(json_object_get(whole, "else"));
    assert_null(json_object_get(part, "else"));
    place_each (&all, place) {
        char *name =
            arena_strdup(arena, place->field->schema ? place->field->schema->name : "ssh");

        for (char *p = name; (p = strchr(p, ' '));)
            *p = '-';
        if (!json_object_get(definitions, name))
            fail_msg("%s: the schema has no definition '%s'", place->path, name);
    }
    json_decref(whole);
    json_decref(part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),         cmocka_unit_test(one_of),
        cmocka_unit_test(examples),     cmocka_unit_test(paths),
        cmocka_unit_test(found),        cmocka_unit_test(not_found),
        cmocka_unit_test(table_places), cmocka_unit_test(json_schemas),
        cmocka_unit_test(table_names),  cmocka_unit_test(whole_schema),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
