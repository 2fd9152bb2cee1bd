/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes that are in the model and not in the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "loading.h"

#define NODES                                                                                \
    "cluster: lab\n"                                                                         \
    "images: { debian12: { file: debian12.qcow2 } }\n"                                       \
    "networks: { lan: { subnet: 10.20.0.0/24, dhcp: [10.20.0.100, 10.20.0.110] }, "          \
    "san: { mode: isolated, subnet: 10.30.0.0/24 } }\n"                                      \
    "defaults: { image: debian12 }\n"                                                        \
    "nodes:\n"                                                                               \
    "  db: { networks: [{ network: lan, ip: 10.20.0.9, mac: \"52:54:00:00:00:09\" }, san], " \
    "disks: [{ name: data, size: 1G }] }\n"                                                  \
    "  web: { count: 2, networks: [lan], depends_on: [db] }\n"                               \
    "  app: { networks: [{ lan: dhcp }], depends_on: [web, db] }\n"

static void has_the_keys(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *db, *copy;
    const struct nic *nics;

    (void)state;
    loading_good(&l, NODES);
    cluster_add_clone(l.cluster, "db", "db-copy");
    db = cluster_node(l.cluster, "db");
    copy = cluster_node(l.cluster, "db-copy");
    assert_int_equal(l.cluster->node_count, 5);
    assert_string_equal(copy->name, "db-copy");
    assert_string_equal(copy->group, "db-copy");
    assert_string_equal(copy->clone_of, "db");
    assert_null(db->clone_of);
    assert_ptr_equal(copy->image, db->image);
    assert_int_equal(copy->disks.count, 1);
    nics = copy->nics.items;
    assert_int_equal(copy->nics.count, 2);
    assert_int_equal(nics[0].ip, 0);
    assert_false(nics[0].ip_explicit);
    assert_false(nics[0].mac_explicit);
    nics = db->nics.items;
    assert_true(nics[0].ip_explicit && nics[0].ip != 0 && nics[0].mac_explicit);
}

static void of_one_of_several(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *copy;

    (void)state;
    loading_good(&l, NODES);
    cluster_add_clone(l.cluster, "web-2", "spare");
    copy = cluster_node(l.cluster, "spare");
    assert_int_equal(copy->count, 0);
    assert_int_equal(copy->index, 0);
    assert_string_equal(copy->clone_of, "web-2");
}

/* A clone of a clone has the keys of what is in the file. */
static void of_a_clone(void **state)
{
    auto_loading struct loading l = {0};

    (void)state;
    loading_good(&l, NODES);
    cluster_add_clone(l.cluster, "app", "b");
    cluster_add_clone(l.cluster, "b", "a");
    assert_string_equal(cluster_node(l.cluster, "a")->clone_of, "app");
    assert_true(((struct nic *)cluster_node(l.cluster, "a")->nics.items)->dynamic);
    cluster_drop_clones(l.cluster);
    assert_int_equal(l.cluster->node_count, 4);
    assert_null(cluster_node(l.cluster, "a"));
    assert_non_null(cluster_node(l.cluster, "app"));
}

static void dependencies_follow(void **state)
{
    auto_loading struct loading l = {0};

    (void)state;
    loading_good(&l, NODES);
    for (int i = 0; i < 3; i++) {
        cluster_drop_clones(l.cluster);
        cluster_add_clone(l.cluster, "app", "a");
        cluster_add_clone(l.cluster, "web-1", "b");
    }
    for (size_t n = 0; n < l.cluster->node_count; n++) {
        const struct node *node = &l.cluster->nodes[n];

        for (size_t i = 0; i < node->dependency_count; i++) {
            assert_true(node->dependencies[i] >= l.cluster->nodes);
            assert_true(node->dependencies[i] < l.cluster->nodes + l.cluster->node_count);
        }
    }
    assert_int_equal(cluster_node(l.cluster, "a")->dependency_count, 3);
    assert_ptr_equal(cluster_node(l.cluster, "b")->dependencies[0],
                     cluster_node(l.cluster, "db"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_keys),
        cmocka_unit_test(of_one_of_several),
        cmocka_unit_test(of_a_clone),
        cmocka_unit_test(dependencies_follow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
