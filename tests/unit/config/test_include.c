/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "loading.h"
#include "util/file.h"

/* A folder with files, removed after each test. */
static char folder[] = "/tmp/virtopo-include-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return file_remove_tree(folder, NULL);
}

static void write_text(const char *name, const char *text)
{
    auto_free char *path = xasprintf("%s/%s", folder, name);
    auto_free char *above = path_folder(path);

    assert_int_equal(file_make_folders(above, 0755, NULL), 0);
    assert_int_equal(file_publish(path, text, strlen(text), 0644, NULL), 0);
}

static void load(struct loading *l, const char *text, const char *const *settings, size_t count)
{
    auto_free char *path = xasprintf("%s/cluster.yaml", folder);
    struct load_options options = {.file = path, .settings = settings, .setting_count = count};
    struct error *err = NULL;
    int result;

    write_text("cluster.yaml", text);
    *l = (struct loading){0};
    result = cluster_load(&options, &l->d, &l->arena, &l->cluster, &err);
    assert_null(err);
    assert_int_equal(result, l->cluster ? 0 : -1);
}

static void load_good(struct loading *l, const char *text)
{
    auto_buffer struct buffer out = {0};

    load(l, text, NULL, 0);
    diagnostics_render(&l->d, false, &out);
    if (l->d.count > 0)
        fail_msg("%s", out.data);
}

static void assert_refused(const char *text, const char *check, const char *message)
{
    auto_loading struct loading l = {0};

    load(&l, text, NULL, 0);
    assert_null(l.cluster);
    assert_string_equal(l.d.items[0].check, check);
    assert_string_equal(l.d.items[0].message, message);
}

static void assert_in_folder(const char *path, const char *name)
{
    auto_free char *expected = xasprintf("%s/%s", folder, name);

    assert_string_equal(path, expected);
}

/* a.yaml < b.yaml < the file; nodes keep the place of their first mention. */
static void order(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *nodes;

    (void)state;
    write_text("a.yaml",
               "nodes:\n  one: { cpus: 1, memory: 1G }\n  two: { cpus: 1 }\n  gone: {}\n");
    write_text("b.yaml", "nodes:\n  two: { cpus: 2, memory: 2G }\n  three: { cpus: 2 }\n");
    load_good(&l, "include: [a.yaml, b.yaml]\n" LOADING_HEAD
                  "defaults: { image: debian12 }\nnodes:\n  four:\n  one: { cpus: 3 }\n"
                  "  three: { cpus: 3 }\n  gone: ~\n");
    nodes = l.cluster->nodes;
    assert_int_equal(l.cluster->node_count, 4);
    assert_string_equal(nodes[0].name, "one");
    assert_string_equal(nodes[1].name, "two");
    assert_string_equal(nodes[2].name, "three");
    assert_string_equal(nodes[3].name, "four");
    assert_true(nodes[0].cpus.count == 3 && nodes[0].memory.size == 1ULL << 30);
    assert_true(nodes[1].cpus.count == 2 && nodes[1].memory.size == 2ULL << 30);
    assert_true(nodes[2].cpus.count == 3 && nodes[3].cpus.count == 1);
}

/* Each path starts where it is written, also those that a variable is a part of. */
static void paths(void **state)
{
    static const char *const settings[] = {"images.c.file=c.raw"};
    auto_loading struct loading l = {0};
    const struct image *b;

    (void)state;
    write_text("x/images.yaml", "include: y/ssh.yaml\nimages:\n  a: { file: ../a.raw }\n"
                                "  b: { script: ./b.sh, inputs: [in/, '${dir}'] }\n  c: {}\n");
    write_text("x/y/ssh.yaml", "ssh: { key: keys/id }\nvars: { dir: some }\n"
                               "nodes: { n: { files: [{ path: /f, from: f.txt }] } }\n");
    write_text("x/y/f.txt", "content\n");
    load(&l, "include: x/images.yaml\ncluster: lab\nnodes: { n: { image: a, ready: none } }\n",
         settings, 1);
    assert_non_null(l.cluster);
    assert_in_folder(cluster_image(l.cluster, "a")->file, "x/../a.raw");
    b = cluster_image(l.cluster, "b");
    assert_in_folder(b->script, "x/b.sh");
    assert_in_folder(b->inputs.items[0], "x/in/");
    assert_in_folder(b->inputs.items[1], "x/some");
    assert_in_folder(cluster_image(l.cluster, "c")->file, "c.raw");
    assert_in_folder(l.cluster->ssh.key, "x/y/keys/id");
    assert_string_equal(((struct guest_file *)l.cluster->nodes[0].files.items)->content,
                        "content\n");
}

/* What is above goes before, also for the names of files to include. */
static void variables(void **state)
{
    static const char *const settings[] = {"last=set"};
    auto_loading struct loading l = {0};

    (void)state;
    write_text("outer.yaml", "vars: { name: wrong, dir: parts, last: ~ }\n"
                             "include: ['${dir}/${name}-${last}.yaml']\n");
    write_text("parts/right-set.yaml", "domain: ${name}.${more}.test\nvars: { more: x }\n");
    load(&l, "include: ${file}\nvars: { name: right, file: outer.yaml }\ncluster: lab\n",
         settings, 1);
    assert_non_null(l.cluster);
    assert_string_equal(l.cluster->domain, "right.x.test");
}

static void twice(void **state)
{
    auto_loading struct loading l = {0};

    (void)state;
    write_text("base.yaml", "vars: { n: 1 }\nnodes: { a: { cpus: 7 } }\n");
    write_text("left.yaml", "include: ./base.yaml\nnodes: { a: { cpus: 8 } }\n");
    write_text("right.yaml", "include: [base.yaml]\nnodes: { a: { memory: 3G } }\n");
    load_good(&l, "include: [left.yaml, right.yaml, base.yaml]\n" LOADING_HEAD
                  "defaults: { image: debian12 }\n");
    assert_int_equal(l.cluster->node_count, 1);
    assert_true(l.cluster->nodes[0].cpus.count == 7 &&
                l.cluster->nodes[0].memory.size == 3ULL << 30);
}

/* The limits of one file hold for all together. */
static void limits(void **state)
{
    auto_buffer struct buffer large = {0}, many = {0};

    (void)state;
    while (large.length < 3u << 20)
        buffer_puts(&large, "# nothing but many words of no use\n");
    write_text("large-1.yaml", large.data);
    write_text("large-2.yaml", large.data);
    assert_refused("include: [large-1.yaml, large-2.yaml]\ncluster: lab\n", "include",
                   "with 'large-2.yaml', the file has more than 4 MiB");
    buffer_puts(&many, "hosts: [");
    for (int i = 0; i < 600000; i++)
        buffer_puts(&many, "a,");
    buffer_puts(&many, "]\n");
    write_text("many-1.yaml", many.data);
    write_text("many-2.yaml", many.data);
    assert_refused("include: [many-1.yaml, many-2.yaml]\ncluster: lab\n", "yaml-size",
                   "the file has more than 1000000 values");
}

static void too_many(void **state)
{
    auto_buffer struct buffer list = {0};

    (void)state;
    for (int i = 0; i < 101; i++) {
        auto_free char *name = xasprintf("f%d.yaml", i);
        auto_free char *text = xasprintf("vars: { v%d: 1 }\n", i);

        write_text(name, text);
        buffer_printf(&list, "%s f%d.yaml", i ? "," : "include: [", i);
    }
    buffer_puts(&list, "]\ncluster: lab\n");
    assert_refused(list.data, "include", "more than 100 files are included");
    for (int i = 0; i < 17; i++) {
        auto_free char *name = xasprintf("f%d.yaml", i);
        auto_free char *text = xasprintf("include: f%d.yaml\n", i + 1);

        write_text(name, text);
    }
    assert_refused("include: f0.yaml\ncluster: lab\n", "include",
                   "files include each other more than 16 deep");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(order), TEST(paths), TEST(variables), TEST(twice), TEST(limits), TEST(too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
