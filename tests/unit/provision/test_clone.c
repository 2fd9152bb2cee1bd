/* SPDX-License-Identifier: Apache-2.0 */
/* What a clone needs, and what keeps one from being made. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/copy/clone.h"
#include "provision/copy/disk_copy.h"
#include "util/size.h"

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

static void smaller_disks(void **state)
{
    const char *hint = "disks only grow: set its size to 8M or more";

    (void)state;
    world_settle(NODES "  big: { disk: 8M }\n");
    refused(NODES "  big: { disk: 8M }\n  copy: { disk: 4M }\n", "big", "copy",
            "disk 'root' of node 'copy' is to have 4M, and what it is to be a copy of has 8M",
            hint);
    refused(NODES "  big: { disk: 8M }\n  copy: { disks: [{ name: data, size: 4M }] }\n", "web",
            "copy",
            "disk 'data' of node 'copy' is to have 4M, and what it is to be a copy of has 8M",
            hint);
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

/* As `clone` leaves it; the test driver copies no disks. */
static void settle_clone(const char *text, const char *of, const char *name)
{
    auto_world struct world w;
    struct provision_options how = {.clone_of = of, .clone_name = name};
    struct error *err = NULL;

    world_load(&w, text);
    how.cluster = w.cluster;
    expect_ok(provision_open(&how, &w.d, &w.provision, &err), &err);
    expect_ok(provision_want(&w.provision, &name, 1, &err), &err);
    expect_ok(provision_plan(&w.provision, &w.plan, &err), &err);
    world_apply(&w);
}

/* What a run leaves that was killed while it held the guest, and what a user left. */
static int state_after_end(bool held)
{
    auto_world struct world w;
    auto_domain virDomainPtr domain = virDomainLookupByName(keeper, "lab_web");
    char uuid[UUID_TEXT];
    int state;

    identity_domain_uuid("lab", "web", uuid);
    assert_int_equal(virDomainSuspend(domain), 0);
    if (held)
        assert_int_equal(
            virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, "<held/>", "virtopo-held",
                                 "https://virtopo.dev/xmlns/held/1", VIR_DOMAIN_AFFECT_LIVE),
            0);
    world_plan(&w, NODES, NULL);
    disk_copy_end(keeper, survey_domain(&w.provision.site.hosts[0].survey, uuid), "/none");
    assert_int_equal(virDomainGetState(domain, &state, NULL, 0), 0);
    return state;
}

static void killed_while_held(void **state)
{
    (void)state;
    world_settle(NODES);
    assert_int_equal(state_after_end(true), VIR_DOMAIN_RUNNING);
    assert_int_equal(state_after_end(false), VIR_DOMAIN_PAUSED);
}

#define ONE(keys)                                           \
    "networks: { lan: { subnet: 10.20.0.0/24 } }\n"         \
    "defaults: { networks: [lan], ready: none }\n"          \
    "nodes: { x: { image: tiny, disk: 4M" keys " }, db: { " \
    "image: other } }\n"

static void steps_are(const char *text, const char *expected)
{
    auto_world struct world w;
    auto_free char *steps = NULL;

    world_plan(&w, text, NULL);
    steps = world_steps(&w);
    assert_string_equal(steps, expected);
}

/* The file's image is another one: the node is made anew on it, its clone is not. */
static void stays_on_its_image(void **state)
{
    (void)state;
    world_settle(ONE(""));
    settle_clone(ONE(""), "x", "x2");
    steps_are(ONE(""), "");
    scratch_disk("tiny.raw", MIB, 'z');
    expect_plan_of(ONE(""), "x2", "No changes.\n");
    steps_are(ONE(""), "create image tiny, destroy node x, destroy disk x/root, create disk "
                       "x/root, create seed x/seed, create node x");
    settle_clone(ONE(""), "x2", "x3");
    expect_plan_of(ONE(""), "x3", "No changes.\n");
}

/* What only a first boot could bring stays out, also of its tag; the rest follows the file. */
static void keeps_what_is_for_good(void **state)
{
    const char *changed = ONE(", files: [{ path: /a, content: b }], memory: 2G");

    (void)state;
    world_settle(ONE(""));
    settle_clone(ONE(""), "x", "x2");
    expect_plan_of(changed, "x2",
                   "~   node x2  memory 1 GiB -> 2 GiB  restart\nPlan: 1 to change.\n");
    {
        auto_world struct world w;

        world_plan(&w, changed, "x2");
        world_apply(&w);
    }
    expect_plan_of(changed, "x2", "No changes.\n");
    expect_plan_of(ONE(", memory: 2G"), "x2", "No changes.\n");
}

#define WITHOUT_X(nodes)                            \
    "networks: { lan: { subnet: 10.20.0.0/24 } }\n" \
    "defaults: { networks: [lan], ready: none }\n"  \
    "nodes: { db: { image: other }" nodes " }\n"

/* The node that it was made from leaves the file: its entries stay, its address is taken. */
static void original_is_gone(void **state)
{
    auto_world struct world w;

    (void)state;
    world_settle(ONE(""));
    settle_clone(ONE(""), "x", "x2");
    expect_plan(WITHOUT_X(""), "~   network lan  address of x removed (10.20.0.2)  live\n"
                               "-   node    x    not in the file any more, loses disk root\n"
                               "Plan: 1 to change, 1 to remove.\n");
    world_plan(&w, WITHOUT_X(""), NULL);
    assert_int_equal(w.cluster->orphan_count, 1);
    expect_plan_of(WITHOUT_X(", q: { image: other }"), "q",
                   "~   network lan  address of q added (10.20.0.5)  live\n"
                   "+   node    q    1 vCPU, 1 GiB, disk 2 MiB on other, lan 10.20.0.5\n"
                   "Plan: 1 to add, 1 to change.\n");
    expect_plan(WITHOUT_X(", q: { image: other, networks: [{ lan: 10.20.0.4 }] }"),
                "t.yaml:5:62: error: address 10.20.0.4 on network 'lan' is not free for 'q': "
                "node 'x2' has it, a clone of 'x' that is not in the file [address-taken]\n"
                "    5 | ...s: { db: { image: other }, q: { image: other, networks: [{ lan: "
                "10.20.0.4 }] } }\n"
                "      |                                                             ^\n"
                "hint: choose another address; or remove the clone (virsh destroy lab_x2; "
                "virsh undefine lab_x2)\n");
    expect_plan("nodes: { db: { image: other, ready: none } }\n",
                "error: network 'lan' is not in the file any more, and node 'x2' is on it: a "
                "clone of 'x', which are not in the file either\n"
                "hint: write the network into the file again, or remove the clone (virsh "
                "destroy lab_x2; virsh undefine lab_x2)\n");
    refused(WITHOUT_X(""), "x2", "x5",
            "node 'x2' is a clone of 'x', and neither is in t.yaml: what a clone of it would "
            "be is not known",
            "write it into the file first; `virtopo import lab_x2` says how");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(plan),
        WORLD_TEST(in_the_file),
        WORLD_TEST(names),
        WORLD_TEST(what_two_cannot_have),
        WORLD_TEST(another_image),
        WORLD_TEST(smaller_disks),
        WORLD_TEST(stays_on_its_image),
        WORLD_TEST(keeps_what_is_for_good),
        WORLD_TEST(original_is_gone),
        WORLD_TEST(killed_while_held),
        cmocka_unit_test(marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
