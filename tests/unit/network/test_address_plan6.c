/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "network/address_plan.h"
#include "network/network.h"
#include "util/buffer.h"

static struct address_record record(const char *node, const char *network, const char *ip6)
{
    struct address_record r = {.node = node, .network = network};

    assert_int_equal(ip6_parse(ip6, &r.ip6, NULL), 0);
    return r;
}

static void expect_addresses(const struct world *w, const char *name, const char *expected)
{
    const struct node *node = cluster_node(w->cluster, name);
    auto_buffer struct buffer out = {0};
    char text[IP6_TEXT];

    assert_non_null(node);
    list_each(const struct nic, node->nics, nic)
        buffer_printf(&out, "%s%s", out.length ? " " : "", ip6_format(nic->ip6, text));
    assert_string_equal(out.data, expected);
}

static void like_the_other_family(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, "networks:\n"
                   "  lan: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\" }\n"
                   "  wide: { subnet: 10.30.0.0/16, subnet6: \"fd00:30::/64\" }\n"
                   "  tight: { subnet: 10.40.0.0/24, subnet6: \"fd00:40::/125\" }\n"
                   "nodes:\n"
                   "  a: { networks: [{ lan: 10.20.0.111 }, { wide: 10.30.1.44 }] }\n"
                   "  b: { networks: [lan, lan] }\n"
                   "  c: { networks: [{ tight: 10.40.0.200 }, { tight: 10.40.0.3 }] }\n");
    expect_addresses(&w, "a", "fd00:21::111 fd00:30::1:44");
    expect_addresses(&w, "b", "fd00:21::2 fd00:21::3");
    expect_addresses(&w, "c", "fd00:40::2 fd00:40::3");
}

static void explicit_ones_and_ranges(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w,
               "networks: { lan: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\", gateway6: "
               "\"fd00:21::5\", dhcp6: [\"fd00:21::6\", \"fd00:21::ff\"], dhcp: [10.20.0.100, "
               "10.20.0.199] } }\n"
               "nodes:\n"
               "  a: { networks: [{ lan: 10.20.0.5 }] }\n"
               "  b: { networks: [{ lan: 10.20.0.20 }] }\n"
               "  c: { count: 2, networks: [{ network: lan, ip6: \"fd00:21::2\" }] }\n"
               "  d: { networks: [{ network: lan, ip: dhcp }] }\n"
               "  e: { networks: [{ network: lan, ip6: dhcp }] }\n"
               "  f: { networks: [lan] }\n");
    expect_addresses(&w, "a", "fd00:21::1");
    expect_addresses(&w, "b", "fd00:21::4");
    expect_addresses(&w, "c-1", "fd00:21::2");
    expect_addresses(&w, "c-2", "fd00:21::3");
    expect_addresses(&w, "d", "fd00:21::100");
    expect_addresses(&w, "e", "::");
    expect_addresses(&w, "f", "fd00:21::101");
}

/* What a node had goes before what would look better; what others had is given out last. */
static void recorded_ones(void **state)
{
    auto_world struct world w;
    const struct address_record records[] = {
        record("a", "lan", "fd00:21::77"), record("b", "lan", "fd00:99::1"),
        record("gone", "lan", "fd00:21::1"), record("c", "san", "fd00:21::9")};
    struct error *err = NULL;

    (void)state;
    world_load(&w, "networks: { lan: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\", "
                   "gateway6: \"fd00:21::ff\", dhcp: [10.20.0.100, 10.20.0.199] } }\n"
                   "nodes:\n"
                   "  a: { networks: [{ lan: 10.20.0.11 }] }\n"
                   "  b: { networks: [{ lan: 10.20.0.12 }] }\n"
                   "  c: { networks: [{ network: lan, ip: dhcp }] }\n");
    expect_ok(address_plan(w.cluster, records, ARRAY_SIZE(records), &err), &err);
    expect_addresses(&w, "a", "fd00:21::77");
    expect_addresses(&w, "b", "fd00:21::12");
    expect_addresses(&w, "c", "fd00:21::2");
}

static void only_what_the_file_says_on_a_lan(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w,
               "networks: { dmz: { mode: bridge, bridge: br0, subnet6: \"fd00:21::/64\" } }\n"
               "nodes: { a: { networks: [dmz] }, b: { networks: [{ network: dmz, ip6: "
               "\"fd00:21::7\" }] } }\n");
    expect_addresses(&w, "a", "::");
    expect_addresses(&w, "b", "fd00:21::7");
}

static void expect_default(struct world *w, const char *name, bool six, const char *network)
{
    const struct nic *nic = node_default_nic(cluster_node(w->cluster, name), six);

    assert_string_equal(nic ? nic->network : "none", network);
}

static void one_default_route(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w,
               "networks:\n"
               "  san: { mode: isolated, subnet: 10.30.0.0/24, subnet6: \"fd00:30::/64\" }\n"
               "  old: { subnet: 10.40.0.0/24 }\n"
               "  lan: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\" }\n"
               "  ext: { mode: external }\n"
               "nodes:\n"
               "  first: { networks: [san, old, lan] }\n"
               "  said: { networks: [old, { network: lan, default_route: true }] }\n"
               "  off: { networks: [{ network: old, default_route: false }, ext] }\n"
               "  routed: { networks: [lan, { network: san, routes: [{ to: 0.0.0.0/0, via: "
               "10.30.0.9 }] }] }\n"
               "  alone: { networks: [san] }\n");
    expect_default(&w, "first", false, "old");
    expect_default(&w, "first", true, "lan");
    expect_default(&w, "said", false, "lan");
    expect_default(&w, "off", false, "ext");
    expect_default(&w, "off", true, "none");
    expect_default(&w, "routed", false, "san");
    expect_default(&w, "routed", true, "lan");
    expect_default(&w, "alone", false, "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_the_other_family), cmocka_unit_test(explicit_ones_and_ranges),
        cmocka_unit_test(recorded_ones), cmocka_unit_test(only_what_the_file_says_on_a_lan),
        cmocka_unit_test(one_default_route)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
