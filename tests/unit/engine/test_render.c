/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"

static void expect(struct resource_set *set, bool details, const char *expected)
{
    auto_plan struct plan plan = {0};
    auto_buffer struct buffer out = {0};

    fake_plan(set, &plan);
    plan_render(&plan, NULL, false, details, &out);
    assert_string_equal(out.data, expected);
}

static void test_no_changes(void **state)
{
    auto_resource_set struct resource_set set = {0};

    (void)state;
    fake_add(&set, &fake_node, "a", true, true);
    expect(&set, false, "No changes.\n");
    expect(&set, true, "No changes.\n");
}

/* All kinds of lines, their order, their columns. */
static void test_lines(void **state)
{
    auto_resource_set struct resource_set set = {0};
    struct resource *web, *db, *old, *disk;

    (void)state;
    fake_add(&set, &fake_node, "web-4", false, true);
    web = fake_add(&set, &fake_node, "web-1", true, false);
    FAKE(web)->describe = "2 vCPU, 4 GiB, disk 40 GiB on debian12";
    fake_part(&set, &fake_disk, web, "root", true, false);
    old = fake_add(&set, &fake_node, "old", true, true);
    fake_change(old, CHANGE_RECREATE, "image", "debian11", "debian12");
    disk = fake_part(&set, &fake_disk, old, "root", true, true);
    FAKE(disk)->replace = true;
    db = fake_add(&set, &fake_node, "db", true, true);
    fake_change(db, CHANGE_LIVE, "memory", "4 GiB", "8 GiB");
    FAKE(db)->note = "changed outside of virtopo";
    disk = fake_part(&set, &fake_seed, db, "seed", true, true);
    fake_change(disk, CHANGE_RESTART, "run", "1 command", "2 commands");
    FAKE(fake_add(&set, &fake_network, "lan", true, false))->describe = "nat 10.20.0.0/24";
    FAKE(fake_add(&set, &fake_image, "debian12", true, false))->describe = "412 MiB";
    fake_add(&set, &fake_image, "bare", true, false);
    expect(
        &set, false,
        "+   network lan       nat 10.20.0.0/24\n"
        "+   image   bare\n"
        "+   image   debian12  412 MiB\n"
        "+   node    web-1     2 vCPU, 4 GiB, disk 40 GiB on debian12\n"
        "~   node    db        memory 4 GiB -> 8 GiB        live, changed outside of virtopo\n"
        "~   node    db        run 1 command -> 2 commands  restart\n"
        "-/+ node    old       image debian11 -> debian12   recreate, loses disk root\n"
        "-   node    web-4     not in the file any more\n"
        "Plan: 4 to add, 1 to change, 1 to replace, 1 to remove.\n");
}

static void test_coming_and_going(void **state)
{
    auto_resource_set struct resource_set set = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    struct resource *data = fake_part(&set, &fake_disk, db, "data", true, false);
    struct resource *log = fake_part(&set, &fake_disk, db, "log", false, true);

    (void)state;
    fake_change(db, CHANGE_LIVE, "label role", NULL, "db");
    FAKE(data)->describe = "100 GiB";
    FAKE(log)->describe = "5 GiB";
    expect(&set, false,
           "~   node db  label role added (db)      live\n"
           "~   node db  disk data added (100 GiB)  live\n"
           "~   node db  disk log removed (5 GiB)   data-loss\n"
           "Plan: 1 to change.\n");
}

/* A part that its kind says nothing of is left to its owner's words, if there are any. */
static void test_silent_part(void **state)
{
    auto_resource_set struct resource_set set = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);

    (void)state;
    fake_part(&set, &fake_seed, db, "seed", true, false);
    expect(&set, false, "~   node db  seed seed added  live\nPlan: 1 to change.\n");
    fake_change(db, CHANGE_LIVE, "files", NULL, NULL);
    expect(&set, false, "~   node db  files  live\nPlan: 1 to change.\n");
}

/* A replacement that a part brings about shows the part's reason. */
static void test_replaced_by_part(void **state)
{
    auto_resource_set struct resource_set set = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    struct resource *root = fake_part(&set, &fake_disk, db, "root", true, true);

    (void)state;
    FAKE(root)->replace = true;
    fake_change(root, CHANGE_DATA_LOSS, "disk", "20 GiB", "10 GiB");
    expect(&set, false,
           "-/+ node db  disk 20 GiB -> 10 GiB  recreate, loses disk root\n"
           "Plan: 1 to replace.\n");
}

/* What a removed node has left behind is removed under its name. */
static void test_leftover_part(void **state)
{
    auto_resource_set struct resource_set set = {.unwanted_note = "goes with the cluster"};
    struct resource *db = fake_add(&set, &fake_node, "db", false, false);

    (void)state;
    fake_part(&set, &fake_disk, db, "root", false, true);
    expect(&set, false,
           "-   node db  goes with the cluster, loses disk root\nPlan: 1 to remove.\n");
}

/* Steps that nothing visible stands for are shown all the same. */
static void test_only_internal(void **state)
{
    auto_resource_set struct resource_set set = {0};

    (void)state;
    fake_add(&set, &fake_disk, "stray", false, true);
    expect(&set, false, "-   disk stray  not in the file any more\nPlan: 1 step.\n");
}

static void test_details(void **state)
{
    auto_resource_set struct resource_set set = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, false);

    (void)state;
    fake_part(&set, &fake_disk, db, "root", true, false);
    expect(&set, true,
           "+   node db\n"
           "+   disk db/root\n"
           "Steps:\n"
           "   1  create disk db/root\n"
           "   2  create node db  after 1\n"
           "Plan: 1 to add.\n");
}

static void test_hosts_and_foreign_text(void **state)
{
    auto_resource_set struct resource_set set = {0};
    struct resource *far = resource_set_add(&set, &fake_network, "beta", "lan");

    (void)state;
    far->wanted = true;
    far->data = xcalloc(1, sizeof(struct fake));
    FAKE(far)->describe = "a\033[31mb\nc";
    fake_add(&set, &fake_network, "lan", true, false);
    expect(&set, false,
           "+   network lan  beta   a?b?c\n"
           "+   network lan  local\n"
           "Plan: 2 to add.\n");
}

static void test_color(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    auto_buffer struct buffer out = {0};

    (void)state;
    fake_change(fake_add(&set, &fake_node, "db", true, true), CHANGE_RESTART, "cpus", "1", "2");
    fake_plan(&set, &plan);
    plan_render(&plan, NULL, true, false, &out);
    assert_string_equal(out.data,
                        "\033[33m~\033[0m   node db  cpus 1 -> 2  \033[33mrestart\033[0m\n"
                        "\033[1mPlan:\033[0m 1 to change.\n");
}

static void test_json(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    json_t *json;
    char *text;

    (void)state;
    fake_change(db, CHANGE_LIVE, "memory", "1", "\xff");
    FAKE(fake_add(&set, &fake_image, "i", true, false))->describe = "new";
    fake_plan(&set, &plan);
    json = plan_json(&plan, NULL);
    text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(
        text, "{\"changes\":[{\"action\":\"create\",\"kind\":\"image\",\"name\":\"i\",\"host\":"
              "\"local\",\"summary\":\"new\",\"changes\":[],\"note\":null},"
              "{\"action\":\"update\",\"kind\":\"node\",\"name\":\"db\",\"host\":\"local\","
              "\"summary\":null,\"changes\":[{\"what\":\"memory\",\"from\":\"1\",\"to\":\"?\","
              "\"class\":\"live\",\"note\":null}],\"note\":null}],"
              "\"summary\":{\"add\":1,\"change\":1,\"replace\":0,\"remove\":0}}");
    free(text);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_changes),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_coming_and_going),
        cmocka_unit_test(test_silent_part),
        cmocka_unit_test(test_replaced_by_part),
        cmocka_unit_test(test_leftover_part),
        cmocka_unit_test(test_only_internal),
        cmocka_unit_test(test_details),
        cmocka_unit_test(test_hosts_and_foreign_text),
        cmocka_unit_test(test_color),
        cmocka_unit_test(test_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
