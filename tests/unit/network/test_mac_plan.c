/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <string.h>

#include "host/identity.h"
#include "network/mac_plan.h"

#define NETWORKS                                                                        \
    "networks: { lan: { subnet: 10.20.0.0/24 }, san: { subnet: 10.21.0.0/24 }, wan: { " \
    "subnet: 10.22.0.0/24 } }\n"

static char *derived(const char *network)
{
    char text[MAC_TEXT];

    return xstrdup(mac_format(identity_mac("lab", "a", network, 0), text));
}

/* The tag's networks: "lan san" with the MACs that come of the names. */
static json_t *applied(const char *first, const char *second)
{
    auto_free char *one = derived(first), *two = derived(second);

    return json_pack("[{s:s,s:s},{s:s,s:s}]", "network", first, "mac", one, "network", second,
                     "mac", two);
}

/* What becomes of node a's NICs, which the file has on `now`. */
static void expect_macs(const char *now, json_t *before, const char *first, bool first_moved,
                        const char *second, bool second_moved)
{
    auto_world struct world w;
    auto_free char *text = xasprintf(NETWORKS "nodes: { a: { networks: [%s] } }\n", now);
    auto_free char *one = derived(first), *two = second ? derived(second) : NULL;
    char mac[MAC_TEXT];
    struct nic *nics;

    world_open(&w, text);
    mac_plan("lab", &w.cluster->nodes[0], before);
    json_decref(before);
    nics = w.cluster->nodes[0].nics.items;
    assert_string_equal(mac_format(nics[0].mac, mac), one);
    assert_int_equal(nics[0].moved, first_moved);
    if (two)
        assert_string_equal(mac_format(nics[1].mac, mac), two);
    assert_int_equal(nics[1].moved, second_moved);
}

static void nothing_moves(void **state)
{
    (void)state;
    expect_macs("lan, san", NULL, "lan", false, "san", false);
    expect_macs("lan, san", applied("lan", "san"), "lan", false, "san", false);
}

static void another_network_at_its_place(void **state)
{
    (void)state;
    expect_macs("lan, wan", applied("lan", "san"), "lan", false, "san", true);
    expect_macs("wan, san", applied("lan", "san"), "lan", true, "san", false);
}

/* A NIC that changes its place has its own MAC, and one that is new. */
static void places_change(void **state)
{
    (void)state;
    expect_macs("san, lan", applied("lan", "san"), "san", false, "lan", false);
    expect_macs("san, wan", applied("lan", "san"), "san", false, "wan", false);
}

static void it_stays_moved(void **state)
{
    json_t *before = applied("lan", "san");

    (void)state;
    json_object_set_new(json_array_get(before, 0), "network", json_string("wan"));
    json_object_set_new(json_array_get(before, 0), "moved", json_true());
    expect_macs("wan, san", json_incref(before), "lan", true, "san", false);
    /* back, it is what it was */
    expect_macs("lan, san", before, "lan", false, "san", false);
}

/* A MAC is not given out twice when a NIC comes to the network that the moved one left. */
static void none_twice(void **state)
{
    json_t *before = applied("lan", "san");

    (void)state;
    json_object_set_new(json_array_get(before, 0), "network", json_string("wan"));
    json_object_set_new(json_array_get(before, 0), "moved", json_true());
    expect_macs("wan, lan", before, "lan", true, NULL, true);
}

static void what_the_file_says_goes_before(void **state)
{
    auto_world struct world w;
    json_t *before = applied("lan", "san");
    char mac[MAC_TEXT];
    struct nic *nics;

    (void)state;
    world_open(&w, NETWORKS "nodes: { a: { networks: [{ network: wan, mac: "
                            "\"52:54:00:00:00:07\" }, san] } }\n");
    mac_plan("lab", &w.cluster->nodes[0], before);
    json_decref(before);
    nics = w.cluster->nodes[0].nics.items;
    assert_string_equal(mac_format(nics[0].mac, mac), "52:54:00:00:00:07");
    assert_false(nics[0].moved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_moves), cmocka_unit_test(another_network_at_its_place),
        cmocka_unit_test(places_change), cmocka_unit_test(it_stays_moved),
        cmocka_unit_test(none_twice),    cmocka_unit_test(what_the_file_says_goes_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
