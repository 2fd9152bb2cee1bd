/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void expect_steps(const struct plan *plan, const char *expected)
{
    auto_free char *steps = fake_steps(plan);

    assert_string_equal(steps, expected);
}

static void test_actions(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};

    (void)state;
    fake_add(&set, &fake_node, "new", true, false);
    fake_add(&set, &fake_node, "old", false, true);
    fake_add(&set, &fake_node, "same", true, true);
    fake_add(&set, &fake_node, "gone", false, false);
    fake_add(&set, &fake_node, "kept", false, true)->keep = true;
    fake_change(fake_add(&set, &fake_node, "changed", true, true), CHANGE_LIVE, "memory", "1",
                "2");
    FAKE(fake_add(&set, &fake_node, "replaced", true, true))->replace = true;
    fake_plan(&set, &plan);
    expect_steps(&plan, "update node changed, create node new, destroy node old, "
                        "destroy node replaced, create node replaced");
    assert_int_equal(plan.add, 1);
    assert_int_equal(plan.change, 1);
    assert_int_equal(plan.replace, 1);
    assert_int_equal(plan.remove, 1);
    assert_true(plan.needs_recreate);
    assert_false(plan.needs_restart);
    assert_false(plan.needs_data_loss);
}

static void test_empty(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};

    (void)state;
    fake_plan(&set, &plan);
    assert_true(plan_is_empty(&plan));
    plan_done(&plan);
    fake_add(&set, &fake_node, "a", true, true);
    fake_plan(&set, &plan);
    assert_true(plan_is_empty(&plan));
}

static void test_make_order(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *web = fake_add(&set, &fake_node, "web", true, false);
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    struct resource *lan = fake_add(&set, &fake_network, "lan", true, false);

    (void)state;
    fake_change(db, CHANGE_LIVE, "memory", "1", "2");
    resource_need(web, db);
    resource_need(web, lan);
    resource_need(db, lan);
    fake_plan(&set, &plan);
    expect_steps(&plan, "create network lan, update node db, create node web");
    assert_true(fake_before(&plan, STEP_CREATE, lan, STEP_UPDATE, db));
    assert_true(fake_before(&plan, STEP_UPDATE, db, STEP_CREATE, web));
}

static void test_destroy_order(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *lan = fake_add(&set, &fake_network, "lan", false, true);
    struct resource *web = fake_add(&set, &fake_node, "web", false, true);
    struct resource *root = fake_part(&set, &fake_disk, web, "root", false, true);

    (void)state;
    resource_need(web, lan);
    fake_plan(&set, &plan);
    expect_steps(&plan, "destroy node web, destroy network lan, destroy disk web/root");
    assert_true(fake_before(&plan, STEP_DESTROY, web, STEP_DESTROY, lan));
    assert_true(fake_before(&plan, STEP_DESTROY, web, STEP_DESTROY, root));
    assert_true(plan.needs_data_loss);
}

/* What goes away must first be let go by what only changes. */
static void test_update_before_destroy(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    struct resource *data = fake_part(&set, &fake_disk, db, "data", false, true);
    struct resource *more = fake_part(&set, &fake_disk, db, "more", true, false);

    (void)state;
    fake_change(db, CHANGE_LIVE, "disks", "data", "more");
    fake_plan(&set, &plan);
    expect_steps(&plan, "create disk db/more, update node db, destroy disk db/data");
    assert_true(fake_before(&plan, STEP_UPDATE, db, STEP_DESTROY, data));
    assert_true(fake_before(&plan, STEP_CREATE, more, STEP_UPDATE, db));
}

static void test_replace_order(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    struct resource *root = fake_part(&set, &fake_disk, db, "root", true, true);
    struct resource *data = fake_part(&set, &fake_disk, db, "data", true, true);

    (void)state;
    FAKE(root)->replace = true;
    fake_plan(&set, &plan);
    /* The node needs the disk that is replaced, so it goes with it; its other disk stays. */
    expect_steps(&plan, "destroy node db, destroy disk db/root, create disk db/root, "
                        "create node db");
    assert_int_equal(data->action, ACTION_NONE);
    assert_string_equal(db->note, "recreate, loses disk root");
    assert_int_equal(plan.replace, 1);
    assert_true(plan.needs_data_loss);
}

static void test_replace_spreads(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    struct resource *web = fake_add(&set, &fake_node, "web", true, true);
    struct resource *ready = fake_add(&set, &fake_ready, "db/ready", true, true);
    struct resource *seed = fake_part(&set, &fake_seed, db, "seed", true, true);

    (void)state;
    ready->part_of = db;
    resource_need(ready, db);
    resource_need(web, ready);
    FAKE(seed)->replace = true;
    fake_plan(&set, &plan);
    /* To the node and on to its other part, not to another node. */
    assert_int_equal(db->action, ACTION_REPLACE);
    assert_int_equal(ready->action, ACTION_REPLACE);
    assert_int_equal(web->action, ACTION_NONE);
    assert_false(plan.needs_data_loss);
    assert_string_equal(db->note, "recreate");
}

/* A stepless resource in between keeps the order. */
static void test_order_through_absent(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *pool = fake_add(&set, &fake_image, "pool", false, true);
    struct resource *node = fake_add(&set, &fake_node, "a", false, true);
    struct resource *gone = fake_part(&set, &fake_disk, node, "root", false, false);
    struct resource *lan = fake_add(&set, &fake_network, "lan", true, false);
    struct resource *up = fake_add(&set, &fake_node, "up", true, true);
    struct resource *web = fake_add(&set, &fake_node, "web", true, false);

    (void)state;
    resource_need(gone, pool);
    resource_need(up, lan);
    resource_need(web, up);
    fake_plan(&set, &plan);
    assert_int_equal(plan.step_count, 4);
    assert_true(fake_before(&plan, STEP_DESTROY, node, STEP_DESTROY, pool));
    assert_true(fake_before(&plan, STEP_CREATE, lan, STEP_CREATE, web));
}

static void test_cycle(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    auto_error struct error *error = NULL;
    struct resource *out = fake_add(&set, &fake_node, "out", true, false);
    struct resource *a = fake_add(&set, &fake_node, "a", true, false);
    struct resource *b = fake_add(&set, &fake_node, "b", true, false);
    struct resource *c = fake_add(&set, &fake_node, "c", true, false);

    (void)state;
    resource_need(out, a);
    resource_need(a, b);
    resource_need(b, c);
    resource_need(c, a);
    assert_int_equal(plan_compare(&set, NULL, &plan, &error), -1);
    assert_string_equal(error->message, "dependency cycle: node a -> node b -> node c -> "
                                        "node a");
    assert_int_equal(error->kind, ERROR_CONFIG);
}

static void test_cycle_of_one(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    auto_error struct error *error = NULL;
    struct resource *a = fake_add(&set, &fake_node, "a", true, true);

    (void)state;
    resource_need(a, a);
    assert_int_equal(plan_compare(&set, NULL, &plan, &error), -1);
    assert_string_equal(error->message, "dependency cycle: node a -> node a");
}

static void test_diff_error(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    auto_error struct error *error = NULL;
    auto_free char *text = NULL;

    (void)state;
    FAKE(fake_add(&set, &fake_node, "a", true, true))->fails = true;
    assert_int_equal(plan_compare(&set, NULL, &plan, &error), -1);
    text = error_text(error);
    assert_string_equal(text, "comparing node 'a': no idea");
}

static int observed;

static int observe(void *context, struct resource_set *set, struct error **err)
{
    (void)err;
    assert_ptr_equal(context, &observed);
    observed++;
    set->items[0]->present = true;
    return 0;
}

static int observe_fails(void *context, struct resource_set *set, struct error **err)
{
    (void)context;
    (void)set;
    return error_set(err, ERROR_FAILED, "cannot look");
}

static void test_build(void **state)
{
    static const struct resource_kind seen = {.name = "seen", .observe = observe};
    static const struct resource_kind blind = {.name = "blind"};
    static const struct resource_kind broken = {.name = "broken", .observe = observe_fails};
    static const struct resource_kind *const kinds[] = {&blind, &seen, NULL};
    static const struct resource_kind *const bad_kinds[] = {&seen, &broken, NULL};
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    auto_error struct error *error = NULL;

    (void)state;
    resource_set_add(&set, &seen, "local", "a")->wanted = true;
    assert_int_equal(plan_build(&set, kinds, &observed, &plan, NULL), 0);
    assert_true(plan_is_empty(&plan));
    assert_int_equal(observed, 1);
    assert_int_equal(plan_build(&set, bad_kinds, &observed, &plan, &error), -1);
    assert_string_equal(error->message, "cannot look");
}

/* The same set, filled in another order, gives the same plan; numbers count as numbers. */
static void test_deterministic(void **state)
{
    static const char *const names[] = {"web-10", "web-2", "db", "web-1"};
    char *first = NULL;

    (void)state;
    for (size_t shift = 0; shift < ARRAY_SIZE(names); shift++) {
        auto_resource_set struct resource_set set = {0};
        auto_plan struct plan plan = {0};
        char *steps;

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
            const char *name = names[(i + shift) % ARRAY_SIZE(names)];

            fake_part(&set, &fake_disk, fake_add(&set, &fake_node, name, true, false), "root",
                      true, false);
        }
        fake_plan(&set, &plan);
        steps = fake_steps(&plan);
        if (first)
            assert_string_equal(steps, first);
        free(first);
        first = steps;
    }
    assert_string_equal(first, "create disk db/root, create disk web-1/root, "
                               "create disk web-2/root, create disk web-10/root, "
                               "create node db, create node web-1, create node web-2, "
                               "create node web-10");
    free(first);
}

static void test_consent_classes(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *db = fake_add(&set, &fake_node, "db", true, true);
    struct resource *seed = fake_part(&set, &fake_seed, db, "seed", true, true);

    (void)state;
    fake_change(db, CHANGE_RESTART, "cpus", "1", "2");
    fake_plan(&set, &plan);
    assert_true(plan.needs_restart);
    assert_false(plan.needs_recreate || plan.needs_data_loss);
    plan_done(&plan);
    fake_change(seed, CHANGE_DATA_LOSS, "size", "2", "1");
    fake_plan(&set, &plan);
    assert_true(plan.needs_data_loss);
    assert_false(plan.needs_recreate);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* 10,000 resources: 2,000 nodes on one network, each with its parts. */
static void test_large(void **state)
{
    double start = seconds();
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct resource *lan = fake_add(&set, &fake_network, "lan", true, false);

    (void)state;
    for (int i = 0; i < 2000; i++) {
        char name[32];
        struct resource *node, *ready;

        snprintf(name, sizeof name, "node-%d", i);
        node = fake_add(&set, &fake_node, name, true, false);
        resource_need(node, lan);
        fake_part(&set, &fake_disk, node, "root", true, false);
        fake_part(&set, &fake_disk, node, "data", true, false);
        fake_part(&set, &fake_seed, node, "seed", true, false);
        ready = fake_add(&set, &fake_ready, name, true, false);
        ready->part_of = node;
        resource_need(ready, node);
    }
    fake_plan(&set, &plan);
    assert_int_equal(plan.step_count, 10001);
    assert_non_null(resource_set_find(&set, &fake_disk, "local", "node-1999/data"));
    assert_null(resource_set_find(&set, &fake_disk, "other", "node-1999/data"));
    assert_true(seconds() - start < 3.0);
    print_message("10,000 resources: %.3f s\n", seconds() - start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_make_order),
        cmocka_unit_test(test_destroy_order),
        cmocka_unit_test(test_update_before_destroy),
        cmocka_unit_test(test_replace_order),
        cmocka_unit_test(test_replace_spreads),
        cmocka_unit_test(test_order_through_absent),
        cmocka_unit_test(test_cycle),
        cmocka_unit_test(test_cycle_of_one),
        cmocka_unit_test(test_diff_error),
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_deterministic),
        cmocka_unit_test(test_consent_classes),
        cmocka_unit_test(test_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
