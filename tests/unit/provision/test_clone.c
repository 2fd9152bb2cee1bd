/* SPDX-License-Identifier: Apache-2.0 */
/* What a clone needs, and what keeps one from being made. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "provision/copy/clone.h"

#define NODES                                                                                 \
    "networks: { lan: { subnet: 10.20.0.0/24 } }\n"                                           \
    "defaults: { image: tiny, networks: [lan], ready: none }\n"                               \
    "nodes:\n"                                                                                \
    "  db: {}\n"                                                                              \
    "  web: { depends_on: [db], networks: [{ lan: 10.20.0.9 }], disks: [{ name: data, size: " \
    "8M }] }\n"                                                                               \
    "  own: { disks: [{ name: mine, format: raw, source: { file: /srv/mine.img } }] }\n"      \
    "  pci: { devices: { pci: [{ address: \"0000:81:00.3\" }] } }\n"

static int try_clone(struct world *w, const char *text, const char *of, const char *name,
                     struct error **err)
{
    struct provision_options how = {.clone_of = of, .clone_name = name};

    world_load(w, text);
    how.cluster = w->cluster;
    if (provision_open(&how, &w->d, &w->provision, err) < 0 ||
        clone_check_names(&w->provision, err) < 0 ||
        provision_want(&w->provision, &name, 1, err) < 0 || clone_check(&w->provision, err) < 0)
        return -1;
    return provision_plan(&w->provision, &w->plan, err);
}

static void refused(const char *text, const char *of, const char *name, const char *message,
                    const char *hint)
{
    auto_world struct world w;
    auto_error struct error *err = NULL;

    assert_int_equal(try_clone(&w, text, of, name, &err), -1);
    assert_non_null(err);
    assert_string_equal(err->message, message);
    assert_string_equal(err->hint ? err->hint : "", hint);
}

/* Its address is the next free one, and what the original depends on is left alone. */
static void plan(void **state)
{
    auto_world struct world w;
    struct error *err = NULL;
    auto_free char *steps = NULL;
    auto_free char *text = NULL;

    (void)state;
    world_settle(NODES);
    expect_ok(try_clone(&w, NODES, "web", "copy", &err), &err);
    steps = world_steps(&w);
    text = world_plan_text(&w);
    assert_string_equal(steps, "update network lan, create copy copy/copy, create disk "
                               "copy/data, create disk copy/root, create seed copy/seed, "
                               "create node copy");
    assert_non_null(
        strstr(text, " 1 vCPU, 1 GiB, disk 1 MiB on tiny, data 8 MiB, lan 10.20.0."));
    assert_non_null(strstr(text, ", with the disks of web\n"));
    assert_null(strstr(text, "10.20.0.9,"));
}

/* Its keys are the file's, then; a larger disk grows after the copy. */
static void in_the_file(void **state)
{
    auto_world struct world w;
    struct error *err = NULL;
    auto_free char *text = NULL;

    (void)state;
    world_settle(NODES);
    expect_ok(try_clone(&w, NODES "  copy: { memory: 2G, disk: 4M }\n", "web", "copy", &err),
              &err);
    text = world_plan_text(&w);
    assert_non_null(strstr(text, " 1 vCPU, 2 GiB, disk 4 MiB on tiny, lan "));
}

static void names(void **state)
{
    (void)state;
    world_settle(NODES);
    refused(NODES, "wbe", "copy", "there is no node 'wbe' in t.yaml", "did you mean 'web'?");
    refused(NODES, "web", "db", "node 'db' exists already",
            "choose another name for the clone of 'web'; `virtopo status` shows the nodes that "
            "there are");
    refused(NODES, "web", "no_name", "'no_name' cannot be the name of a node",
            "lower case letters, digits and '-' inside, at most 63");
    refused(NODES, "web", "web", "a clone needs a name of its own", "");
    refused(NODES "  new: {}\n", "new", "copy",
            "node 'new' is not made yet: it has no disks to copy", "virtopo up new");
}

static void what_two_cannot_have(void **state)
{
    (void)state;
    world_settle(NODES);
    refused(NODES, "own", "copy",
            "disk 'mine' of node 'own' (/srv/mine.img) is not virtopo's to copy, and no two "
            "nodes can write to it",
            "write nodes.copy without it into the file, then clone again");
    refused(NODES, "pci", "copy",
            "node 'pci' has devices of the host, which no two nodes can have",
            "write nodes.copy without them into the file, then clone again");
}

static void another_image(void **state)
{
    (void)state;
    world_settle(NODES);
    refused(NODES "  copy: { image: other }\n", "web", "copy",
            "the root disk of node 'web' is not on the image that 'copy' is to have: other",
            "`virtopo plan` says what became of the image of 'web'");
}

static void marks(void **state)
{
    (void)state;
    assert_true(clone_is_leftover("copy.cloning.web"));
    assert_true(clone_is_leftover("web.exporting.root.qcow2"));
    assert_false(clone_is_leftover("web.root.qcow2"));
    assert_false(clone_is_leftover("cloning.root.qcow2"));
    assert_false(clone_is_leftover("web.seed-0123.iso"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(plan),          WORLD_TEST(in_the_file),
        WORLD_TEST(names),         WORLD_TEST(what_two_cannot_have),
        WORLD_TEST(another_image), cmocka_unit_test(marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
