/* SPDX-License-Identifier: Apache-2.0 */
/* How an uplink was, from what iproute2 6.1 says of one with a bit of everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "network/own_bridge/before.h"

#define ROUTES6                                                                           \
    "[{\"type\":\"unicast\",\"dst\":\"fd00::/64\",\"dev\":\"eth1\",\"table\":\"main\","   \
    "\"protocol\":\"kernel\",\"scope\":\"global\",\"metric\":256,\"flags\":[],"           \
    "\"pref\":\"medium\"},"                                                               \
    "{\"type\":\"unicast\",\"dst\":\"fe80::/64\",\"dev\":\"eth1\",\"table\":\"main\","    \
    "\"protocol\":\"kernel\",\"scope\":\"global\",\"metric\":256,\"flags\":[]},"          \
    "{\"type\":\"unicast\",\"dst\":\"default\",\"gateway\":\"fe80::1\",\"dev\":\"eth1\"," \
    "\"table\":\"main\",\"protocol\":\"ra\",\"scope\":\"global\",\"metric\":1024,"        \
    "\"flags\":[],\"expires\":1700,\"pref\":\"high\"},"                                   \
    "{\"type\":\"multicast\",\"dst\":\"ff00::/8\",\"dev\":\"eth1\",\"table\":\"local\","  \
    "\"protocol\":\"kernel\",\"metric\":256,\"flags\":[]}]\n"

static const char head[] =
    "== links\n[{\"ifname\":\"eth1\",\"flags\":[\"BROADCAST\",\"UP\"],\"mtu\":1500,"
    "\"address\":\"ca:39:9b:9c:d1:66\",\"addr_info\":["
    "{\"family\":\"inet\",\"local\":\"10.0.0.5\",\"prefixlen\":24,\"metric\":100,"
    "\"broadcast\":\"10.0.0.255\",\"scope\":\"global\",\"label\":\"eth1\","
    "\"valid_life_time\":4294967295,\"preferred_life_time\":4294967295},"
    "{\"family\":\"inet\",\"local\":\"10.9.0.1\",\"address\":\"10.9.0.2\",\"prefixlen\":32,"
    "\"scope\":\"global\",\"label\":\"eth1\",\"valid_life_time\":4294967295,"
    "\"preferred_life_time\":4294967295},"
    "{\"family\":\"inet\",\"local\":\"10.7.0.1\",\"prefixlen\":24,\"scope\":\"global\","
    "\"dynamic\":true,\"noprefixroute\":true,\"label\":\"eth1\",\"valid_life_time\":1000,"
    "\"preferred_life_time\":900},"
    "{\"family\":\"inet\",\"local\":\"10.0.0.6\",\"prefixlen\":24,\"scope\":\"global\","
    "\"secondary\":true,\"label\":\"eth1:x\",\"valid_life_time\":4294967295,"
    "\"preferred_life_time\":4294967295},"
    "{\"family\":\"inet6\",\"local\":\"fd00::5\",\"prefixlen\":64,\"scope\":\"global\","
    "\"nodad\":true,\"valid_life_time\":4294967295,\"preferred_life_time\":4294967295},"
    "{\"family\":\"inet6\",\"local\":\"fd00::77\",\"prefixlen\":64,\"scope\":\"global\","
    "\"temporary\":true,\"valid_life_time\":100,\"preferred_life_time\":100},"
    "{\"family\":\"inet6\",\"local\":\"fe80::1\",\"prefixlen\":64,\"scope\":\"link\"}]}]\n"
    "== rules4\n[{\"priority\":0,\"table\":\"local\"},"
    "{\"priority\":100,\"src\":\"all\",\"iif\":\"eth1\",\"table\":\"100\"},"
    "{\"priority\":200,\"src\":\"all\",\"oif\":\"eth0\",\"table\":\"100\"}]\n== rules6\n[]\n"
    "== routes6\n" ROUTES6;

static const char routes4[] =
    "== routes4\n"
    "[{\"type\":\"unicast\",\"dst\":\"10.44.0.0/16\",\"gateway\":\"10.0.0.9\",\"dev\":\"eth1\","
    "\"table\":\"100\",\"protocol\":\"boot\",\"scope\":\"global\",\"prefsrc\":\"10.0.0.6\","
    "\"flags\":[]},"
    "{\"type\":\"unicast\",\"dst\":\"default\",\"gateway\":\"10.0.0.1\",\"dev\":\"eth1\","
    "\"table\":\"main\",\"protocol\":\"static\",\"scope\":\"global\",\"metric\":100,"
    "\"flags\":[\"onlink\"],\"metrics\":[{\"mtu\":1400}]},"
    "{\"type\":\"unicast\",\"dst\":\"default\",\"gateway\":\"192.0.2.1\",\"dev\":\"eth0\","
    "\"table\":\"main\",\"flags\":[]},"
    "{\"type\":\"unicast\",\"dst\":\"5.0.0.0/8\",\"via\":{\"family\":\"inet6\","
    "\"host\":\"fd00::9\"},\"dev\":\"eth1\",\"table\":\"main\",\"protocol\":\"boot\","
    "\"scope\":\"global\",\"flags\":[]},"
    "{\"type\":\"unicast\",\"dst\":\"10.0.0.0/24\",\"dev\":\"eth1\",\"table\":\"main\","
    "\"protocol\":\"kernel\",\"scope\":\"link\",\"prefsrc\":\"10.0.0.5\",\"metric\":100,"
    "\"flags\":[]},"
    "{\"type\":\"local\",\"dst\":\"10.0.0.5\",\"dev\":\"eth1\",\"table\":\"local\","
    "\"protocol\":\"kernel\",\"flags\":[]}]\n";

static const char several[] =
    "== routes4\n[{\"type\":\"unicast\",\"dst\":\"10.1.0.0/16\",\"table\":\"main\","
    "\"nexthops\":[{\"gateway\":\"10.0.0.1\",\"dev\":\"eth0\",\"weight\":1},"
    "{\"gateway\":\"10.0.0.2\",\"dev\":\"eth1\",\"weight\":1}]}]\n";

static struct links links_of(const char *routes)
{
    auto_free char *text = xasprintf("%s%s", head, routes);
    struct links links;

    assert_int_equal(links_parse(text, &links, NULL), 0);
    return links;
}

static void check_lines(const struct bridge_lines *lines, const char *expected)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < lines->count; i++)
        buffer_printf(&out, "%s\n", lines->items[i]);
    assert_string_equal(out.data ? out.data : "", expected);
}

static void check_all(const struct bridge_before *b)
{
    assert_string_equal(b->uplink, "eth1");
    assert_string_equal(b->mac, "ca:39:9b:9c:d1:66");
    assert_int_equal(b->mtu, 1500);
    assert_true(b->up);
    check_lines(&b->addresses,
                "10.0.0.5/24 broadcast 10.0.0.255 scope global metric 100\n"
                "10.9.0.1 peer 10.9.0.2/32 scope global\n"
                "10.7.0.1/24 scope global noprefixroute valid_lft 1000 preferred_lft 900\n"
                "10.0.0.6/24 scope global label eth1:x\n"
                "fd00::5/64 scope global nodad\n");
    check_lines(&b->routes,
                "10.0.0.0/24 proto kernel scope link src 10.0.0.5 metric 100 table main\n"
                "fd00::/64 proto kernel metric 256 table main pref medium\n"
                "10.44.0.0/16 via 10.0.0.9 proto boot scope global src 10.0.0.6 table 100\n"
                "0.0.0.0/0 via 10.0.0.1 proto static scope global metric 100 table main onlink "
                "mtu 1400\n"
                "5.0.0.0/8 via inet6 fd00::9 proto boot scope global table main\n"
                "::/0 via fe80::1 proto ra metric 1024 table main pref high expires 1700\n");
    check_lines(&b->gateways, "10.0.0.9\n10.0.0.1\n");
}

static void reads_all_that_moves(void **state)
{
    struct links links = links_of(routes4);
    auto_before struct bridge_before before = {0}, again = {0};
    auto_free char *rules = bridge_before_rules(&links, "eth1");
    auto_free char *text = NULL;

    (void)state;
    assert_int_equal(bridge_before_read(&links, "eth1", true, &before, NULL), 0);
    check_all(&before);
    assert_string_equal(rules, "100: iif eth1");
    before.bridge = xstrdup("br-prod");
    text = bridge_before_text(&before);
    assert_int_equal(bridge_before_parse(text, &again, NULL), 0);
    check_all(&again);
    links_done(&links);
}

static void leaves_a_vlans_uplink_its_own(void **state)
{
    struct links links = links_of(several);
    auto_before struct bridge_before before = {0};

    (void)state;
    assert_int_equal(bridge_before_read(&links, "eth1", false, &before, NULL), 0);
    assert_int_equal(before.addresses.count + before.routes.count, 0);
    assert_int_equal(before.mtu, 1500);
    links_done(&links);
}

static void refuses_what_it_cannot_move(void **state)
{
    struct links links = links_of(several);
    struct bridge_before before;
    struct error *error = NULL;

    (void)state;
    assert_int_equal(bridge_before_read(&links, "eth1", true, &before, &error), -1);
    assert_string_equal(
        error->message,
        "the route to 10.1.0.0/16 goes over several devices, of which eth1 is one");
    error_free(TAKE(error));
    assert_int_equal(bridge_before_read(&links, "eth9", true, &before, &error), -1);
    assert_string_equal(error->message, "there is no device eth9");
    error_free(error);
    links_done(&links);
}

static void trusts_no_metadata(void **state)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{\"bridge\":\"a;b\"}",
#define BEFORE(addresses)                                                             \
    ("{\"bridge\":\"b\",\"own\":[],\"uplink\":\"eth1\",\"mac\":\"02\",\"addresses\":" \
     "[" addresses "],\"routes\":[],\"gateways\":[]}")
        BEFORE("\"1.2.3.4/24\\nreboot\""),
        BEFORE("\"$(reboot)\""),
        BEFORE("7"),
    };
    struct bridge_before before;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_int_equal(bridge_before_parse(bad[i], &before, NULL), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_that_moves),
        cmocka_unit_test(leaves_a_vlans_uplink_its_own),
        cmocka_unit_test(refuses_what_it_cannot_move),
        cmocka_unit_test(trusts_no_metadata),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
