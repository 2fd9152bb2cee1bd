/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "network/conflict.h"

#define FILE_TEXT                                       \
    "networks:\n"                                       \
    "  lan: { subnet: 10.20.0.0/24, bridge: br-lan }\n" \
    "  san: { mode: isolated, subnet: 10.30.0.0/16 }\n" \
    "nodes: {}\n"

static void expect_findings(struct world *w, const char *expected)
{
    auto_buffer struct buffer out = {0};

    conflict_find(&w->site, &w->d);
    diagnostics_render(&w->d, false, &out);
    assert_string_equal(out.data ? out.data : "", expected);
}

static void nothing_there(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, FILE_TEXT);
    expect_findings(&w, "");
}

static void foreign_subnet(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, FILE_TEXT);
    world_add_network(&w,
                      "<network><name>office</name><ip address='192.168.9.1' prefix='24'/>"
                      "<ip address='10.30.4.1' prefix='22'/></network>",
                      false);
    expect_findings(
        &w, "t.yaml:6:34: error: subnet 10.30.0.0/16 overlaps the network 'office' "
            "(10.30.4.0/22) on host 'local' [network-overlap]\n"
            "    6 |   san: { mode: isolated, subnet: 10.30.0.0/16 }\n"
            "      |                                  ^~~~~~~~~~~~\n"
            "hint: choose another subnet; `virsh net-list --all` shows what is there\n");
}

static void another_clusters(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, FILE_TEXT);
    world_add_network(
        &w,
        "<network><name>x_lan</name><metadata><v:object xmlns:v='" TAG_URI "' cluster='x' "
        "kind='network' name='lan'>{}</v:object></metadata><bridge name='br-lan'/>"
        "<ip address='10.0.0.1' netmask='255.0.0.0'/></network>",
        false);
    expect_findings(
        &w, "t.yaml:5:18: error: subnet 10.20.0.0/24 overlaps another cluster's network "
            "'x_lan' (10.0.0.0/8) on host 'local' [network-overlap]\n"
            "    5 |   lan: { subnet: 10.20.0.0/24, bridge: br-lan }\n"
            "      |                  ^~~~~~~~~~~~\n"
            "hint: choose another subnet; `virsh net-list --all` shows what is there\n"
            "t.yaml:5:40: error: bridge br-lan belongs to network 'x_lan' on host 'local' "
            "[network-bridge]\n"
            "    5 |   lan: { subnet: 10.20.0.0/24, bridge: br-lan }\n"
            "      |                                        ^~~~~~\n"
            "t.yaml:6:34: error: subnet 10.30.0.0/16 overlaps another cluster's network "
            "'x_lan' (10.0.0.0/8) on host 'local' [network-overlap]\n"
            "    6 |   san: { mode: isolated, subnet: 10.30.0.0/16 }\n"
            "      |                                  ^~~~~~~~~~~~\n"
            "hint: choose another subnet; `virsh net-list --all` shows what is there\n");
}

static void foreign_name(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, FILE_TEXT);
    world_add_network(&w, "<network><name>lab_san</name></network>", false);
    expect_findings(
        &w, "t.yaml:6:3: error: a network named 'lab_san' is on host 'local' and is not "
            "virtopo's [network-foreign]\n"
            "    6 |   san: { mode: isolated, subnet: 10.30.0.0/16 }\n"
            "      |   ^~~\n"
            "hint: it will not be touched: remove it (virsh net-undefine lab_san), or rename "
            "the cluster or the network\n");
}

/* Our own, also one that goes away in this run, and one that moves to another subnet. */
static void our_own(void **state)
{
    auto_world struct world w;
    auto_free char *lan = NULL;
    auto_free char *san = NULL;

    (void)state;
    world_open(&w, FILE_TEXT);
    lan = world_network_xml(&w, "lan");
    san = world_network_xml(&w, "san");
    world_add_network(&w, lan, true);
    world_add_network(&w, san, true)->view.subnets[0] = (struct cidr){0x0a140001, 16};
    expect_findings(&w, "");
}

static void device_of_that_name(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, "networks: { lan: { subnet: 10.20.0.0/24, bridge: br } }\nnodes: {}\n");
    cluster_network(w.cluster, "lan")->bridge = "lo"; /* there everywhere */
    expect_findings(&w, "t.yaml:4:50: error: a network device lo exists on the host already "
                        "[network-bridge]\n"
                        "    4 | networks: { lan: { subnet: 10.20.0.0/24, bridge: br } }\n"
                        "      |                                                  ^~\n"
                        "hint: give the network another `bridge`, or remove the device\n");
}

/* Once the network is ours, the device is its bridge. */
static void device_of_our_own(void **state)
{
    auto_world struct world w;
    auto_free char *xml = NULL;

    (void)state;
    world_open(&w, "networks: { lan: { subnet: 10.20.0.0/24, bridge: br } }\nnodes: {}\n");
    cluster_network(w.cluster, "lan")->bridge = "lo"; /* there everywhere */
    xml = world_network_xml(&w, "lan");
    world_add_network(&w, xml, true);
    expect_findings(&w, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_there),     cmocka_unit_test(foreign_subnet),
        cmocka_unit_test(another_clusters),  cmocka_unit_test(foreign_name),
        cmocka_unit_test(our_own),           cmocka_unit_test(device_of_that_name),
        cmocka_unit_test(device_of_our_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
