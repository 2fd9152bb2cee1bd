/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "network/address_plan.h"

#define LAN "networks: { lan: { subnet: 10.20.0.0/29 } }\n"

static struct address_record record(const char *node, const char *network, const char *ip)
{
    struct address_record r = {.node = node, .network = network};

    assert_int_equal(ip4_parse(ip, &r.ip, NULL), 0);
    return r;
}

static void plan(struct world *w, const struct address_record *records, size_t count)
{
    struct error *err = NULL;

    expect_ok(address_plan(w->cluster, records, count, &err), &err);
}

static void expect_addresses(const struct world *w, const char *node, const char *expected)
{
    auto_free char *text = world_addresses(w, node);

    assert_string_equal(text, expected);
}

static void explicit_ones_stay(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, LAN "nodes:\n"
                       "  a: { networks: [lan] }\n"
                       "  b: { count: 2, networks: [{ lan: 10.20.0.2 }] }\n"
                       "  c: { networks: [lan] }\n");
    expect_addresses(&w, "a", "10.20.0.4");
    expect_addresses(&w, "b-1", "10.20.0.2");
    expect_addresses(&w, "b-2", "10.20.0.3");
    expect_addresses(&w, "c", "10.20.0.5");
}

static void around_gateway_and_range(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w,
               "networks: { lan: { subnet: 10.20.0.0/28, gateway: 10.20.0.2, dhcp: "
               "[10.20.0.4, 10.20.0.6] } }\n"
               "nodes: { n: { count: 4, networks: [lan] }, d: { networks: [{ lan: dhcp }] } "
               "}\n");
    expect_addresses(&w, "n-1", "10.20.0.1");
    expect_addresses(&w, "n-2", "10.20.0.3");
    expect_addresses(&w, "n-3", "10.20.0.7");
    expect_addresses(&w, "n-4", "10.20.0.8");
    expect_addresses(&w, "d", "0.0.0.0");
}

static void every_network_by_itself(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w,
               "networks: { lan: { subnet: 10.20.0.0/29 }, san: { subnet: 10.30.0.0/29 } }\n"
               "nodes: { a: { networks: [san, lan] }, b: { networks: [lan, san] } }\n");
    expect_addresses(&w, "a", "10.30.0.2 10.20.0.2");
    expect_addresses(&w, "b", "10.20.0.3 10.30.0.3");
}

static void recorded_ones_are_kept(void **state)
{
    auto_world struct world w;
    const struct address_record records[] = {
        record("c", "lan", "10.20.0.2"), record("b", "lan", "10.20.0.6"),
        record("gone", "lan", "10.20.0.3"), record("a", "other", "10.20.0.5")};

    (void)state;
    world_load(&w,
               LAN "nodes: { a: { networks: [lan] }, b: { networks: [lan] }, c: { networks: "
                   "[lan] } }\n");
    plan(&w, records, ARRAY_SIZE(records));
    expect_addresses(&w, "a", "10.20.0.4");
    expect_addresses(&w, "b", "10.20.0.6");
    expect_addresses(&w, "c", "10.20.0.2");
}

/* A node that goes, or is left alone, still has its address: it is given out last. */
static void of_nodes_that_go(void **state)
{
    auto_world struct world w;
    const struct address_record records[] = {record("old", "lan", "10.20.0.2"),
                                             record("gone", "lan", "10.20.0.4"),
                                             record("a", "lan", "10.20.0.5")};

    (void)state;
    world_load(&w, LAN "nodes: { a: { networks: [lan] }, n: { count: 4, networks: [lan] } }\n");
    plan(&w, records, ARRAY_SIZE(records));
    expect_addresses(&w, "a", "10.20.0.5");
    expect_addresses(&w, "n-1", "10.20.0.3");
    expect_addresses(&w, "n-2", "10.20.0.6");
    expect_addresses(&w, "n-3", "10.20.0.2");
    expect_addresses(&w, "n-4", "10.20.0.4");
}

/* In the way of a record: an explicit address, the gateway, the range, the subnet's end. */
static void records_that_do_not_fit(void **state)
{
    auto_world struct world w;
    const struct address_record records[] = {
        record("a", "lan", "10.20.0.7"), record("b", "lan", "10.20.0.1"),
        record("c", "lan", "10.20.0.5"), record("d", "lan", "10.20.0.15"),
        record("e", "lan", "10.21.0.9"), record("f", "lan", "10.20.0.14")};

    (void)state;
    world_load(&w,
               "networks: { lan: { subnet: 10.20.0.0/28, dhcp: [10.20.0.4, 10.20.0.6] } }\n"
               "nodes: { x: { networks: [{ lan: 10.20.0.7 }] }, a: { networks: [lan] }, b: { "
               "networks: [lan] }, c: { networks: [lan] }, d: { networks: [lan] }, e: { "
               "networks: [lan] }, f: { networks: [lan] } }\n");
    plan(&w, records, ARRAY_SIZE(records));
    expect_addresses(&w, "a", "10.20.0.2");
    expect_addresses(&w, "b", "10.20.0.3");
    expect_addresses(&w, "c", "10.20.0.8");
    expect_addresses(&w, "d", "10.20.0.9");
    expect_addresses(&w, "e", "10.20.0.10");
    expect_addresses(&w, "f", "10.20.0.14");
}

/* An up that was cut off can leave two tags with the same address: the first node keeps it. */
static void recorded_twice(void **state)
{
    auto_world struct world w;
    const struct address_record records[] = {record("b", "lan", "10.20.0.5"),
                                             record("a", "lan", "10.20.0.5")};

    (void)state;
    world_load(&w, LAN "nodes: { a: { networks: [lan] }, b: { networks: [lan] } }\n");
    plan(&w, records, ARRAY_SIZE(records));
    expect_addresses(&w, "a", "10.20.0.5");
    expect_addresses(&w, "b", "10.20.0.2");
}

/* Several NICs of a node on one network: their records come in the NICs' order. */
static void several_on_one_network(void **state)
{
    const char *text = LAN "nodes: { a: { networks: [lan, { lan: 10.20.0.6 }, lan, lan] } }\n";
    auto_world struct world first, second;
    struct address_record records[4];

    (void)state;
    world_open(&first, text);
    expect_addresses(&first, "a", "10.20.0.2 10.20.0.6 10.20.0.3 10.20.0.4");
    for (size_t i = 0; i < 4; i++) {
        const struct nic *nics = first.cluster->nodes[0].nics.items;

        records[i] = (struct address_record){"a", "lan", nics[i].ip};
    }
    world_load(&second, text);
    plan(&second, records, ARRAY_SIZE(records));
    expect_addresses(&second, "a", "10.20.0.2 10.20.0.6 10.20.0.3 10.20.0.4");
}

static void none_left(void **state)
{
    auto_world struct world w;
    struct error *err = NULL;

    (void)state;
    world_load(&w, "networks: { lan: { subnet: 10.20.0.0/28 } }\n"
                   "nodes: { n: { count: 6, networks: [lan] } }\n");
    cluster_network(w.cluster, "lan")->subnet.prefix = 29; /* a file like that is refused */
    expect_error(address_plan(w.cluster, NULL, 0, &err), &err,
                 "network 'lan' (10.20.0.0/29) has no address left for node 'n-6'",
                 "give network 'lan' a larger subnet, or a smaller dhcp range");
}

static void exactly_full(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w, LAN "nodes: { n: { count: 5, networks: [lan] } }\n");
    expect_addresses(&w, "n-5", "10.20.0.6");
}

static int compare_mac(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct mac));
}

static void macs_of_many(void **state)
{
    auto_world struct world w;
    auto_free struct mac *macs = NULL;
    size_t count = 0;

    (void)state;
    world_open(&w, "networks: { lan: { subnet: 10.0.0.0/16 }, san: { subnet: 10.1.0.0/16 } }\n"
                   "nodes: { n: { count: 10000, networks: [lan, lan, san] } }\n");
    for (size_t i = 0; i < w.cluster->node_count; i++)
        list_each(struct nic, w.cluster->nodes[i].nics, nic)
        {
            assert_int_equal(nic->mac.bytes[0], 0x52); /* local, unicast */
            vector_push(macs, count, nic->mac);
        }
    assert_int_equal(count, 30000);
    qsort(macs, count, sizeof *macs, compare_mac);
    for (size_t i = 1; i < count; i++)
        assert_int_not_equal(compare_mac(&macs[i - 1], &macs[i]), 0);
}

static void expect_mac(const struct world *w, const char *node, size_t nic,
                       const char *expected)
{
    const struct nic *nics = cluster_node(w->cluster, node)->nics.items;
    char text[MAC_TEXT];

    assert_string_equal(mac_format(nics[nic].mac, text), expected);
}

/* They are in the guests' network setup: these values must never change. */
static void macs_are_stable(void **state)
{
    auto_world struct world w;

    (void)state;
    world_open(&w,
               LAN "nodes:\n"
                   "  other: { networks: [lan] }\n"
                   "  web: { networks: [{ network: lan, mac: '52:54:00:00:00:01' }, lan] }\n");
    expect_mac(&w, "other", 0, "52:b7:6d:18:6e:4f");
    expect_mac(&w, "web", 0, "52:54:00:00:00:01");
    expect_mac(&w, "web", 1, "52:b5:7a:c7:eb:d0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explicit_ones_stay),
        cmocka_unit_test(around_gateway_and_range),
        cmocka_unit_test(every_network_by_itself),
        cmocka_unit_test(recorded_ones_are_kept),
        cmocka_unit_test(of_nodes_that_go),
        cmocka_unit_test(records_that_do_not_fit),
        cmocka_unit_test(recorded_twice),
        cmocka_unit_test(several_on_one_network),
        cmocka_unit_test(none_left),
        cmocka_unit_test(exactly_full),
        cmocka_unit_test(macs_of_many),
        cmocka_unit_test(macs_are_stable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
