/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <string.h>

#include "network/guard/guard.h"

#define LINKS                                                             \
    "[{\"ifname\":\"lo\",\"flags\":[\"LOOPBACK\",\"UP\"],\"mtu\":65536}," \
    "{\"ifname\":\"eth0\",\"flags\":[\"UP\"],\"mtu\":1500},"              \
    "{\"ifname\":\"br0\",\"mtu\":1500,\"linkinfo\":{\"info_kind\":\"bridge\"}}]"
#define FACTS "net/ipv4/ip_forward 1\n"

/* What the guards say of a file, on a host with these routes and facts. */
static void expect_findings(const char *file, const char *routes4, const char *routes6,
                            const char *facts_text, const char *expected)
{
    auto_free char *text = xasprintf("== links\n%s\n== routes4\n%s\n== routes6\n%s\n"
                                     "== rules4\n[]\n== rules6\n[]\n",
                                     LINKS, routes4, routes6);
    auto_buffer struct buffer out = {0};
    auto_world struct world w;
    struct links links;
    struct net_facts facts;
    struct error *err = NULL;

    world_open(&w, file);
    expect_ok(links_parse(text, &links, &err), &err);
    expect_ok(net_facts_parse(facts_text, &facts, &err), &err);
    guard_check(&(struct guard){.site = &w.site,
                                .host = &w.site.hosts[0],
                                .links = &links,
                                .facts = &facts,
                                .d = &w.d});
    diagnostics_render(&w.d, false, &out);
    assert_string_equal(out.data ? out.data : "", expected);
    links_done(&links);
    net_facts_done(&facts);
}

#define ROUTE(to, device) \
    "{\"dst\":\"" to "\",\"dev\":\"" device "\",\"table\":\"main\",\"type\":\"unicast\"}"

static void routes(void **state)
{
    static const char file[] = "networks:\n"
                               "  lan: { subnet: 10.20.0.0/24, bridge: br-lan }\n"
                               "  san: { mode: isolated, subnet: 10.30.0.0/16 }\n"
                               "nodes: {}\n";

    (void)state;
    expect_findings(
        file,
        "[" ROUTE("192.168.0.0/16", "eth0") "," ROUTE("10.20.0.0/24", "br-lan") "," ROUTE(
            "10.30.8.0/24", "wg0") "," ROUTE("10.30.9.0/24", "wg0") "]",
        "[]", FACTS,
        "t.yaml:6:34: error: subnet 10.30.0.0/16 overlaps the host's route "
        "10.30.8.0/24 on device wg0 [network-route]\n"
        "    6 |   san: { mode: isolated, subnet: 10.30.0.0/16 }\n"
        "      |                                  ^~~~~~~~~~~~\n"
        "hint: choose another subnet; `ip route` shows the host's own\n");
    expect_findings(
        file,
        "[{\"dst\":\"10.30.0.7\",\"dev\":\"eth0\",\"type\":\"local\",\"table\":"
        "\"local\"},{\"dst\":\"default\",\"gateway\":\"192.168.1.1\",\"dev\":\"eth0\","
        "\"type\":\"unicast\"}]",
        "[]", FACTS, "");
}

static void containers(void **state)
{
    static const struct {
        const char *device, *whose;
    } rows[] = {{"docker0", " (Docker)"},
                {"br-0a1b2c3d4e5f", " (a Docker network)"},
                {"br-office", ""},
                {"cni0", " (a CNI plugin)"},
                {"lxdbr0", " (LXD)"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        auto_free char *route =
            xasprintf("[{\"dst\":\"172.17.0.0/16\",\"dev\":\"%s\",\"type\":\"unicast\"}]",
                      rows[i].device);
        auto_free char *expected = xasprintf(
            "t.yaml:4:28: error: subnet 172.17.0.0/24 overlaps the host's route 172.17.0.0/16 "
            "on device %s%s [network-route]\n"
            "    4 | networks: { lan: { subnet: 172.17.0.0/24 } }\n"
            "      |                            ^~~~~~~~~~~~~\n"
            "hint: choose another subnet; `ip route` shows the host's own\n",
            rows[i].device, rows[i].whose);

        expect_findings("networks: { lan: { subnet: 172.17.0.0/24 } }\nnodes: {}\n", route,
                        "[]", FACTS, expected);
    }
}

static void path(void **state)
{
    static const char head[] = "    4 | networks: { lan: { subnet: 10.20.0.0/24 } }\n"
                               "      |                            ^~~~~~~~~~~~\n"
                               "hint: choose another subnet: what the host sends there would "
                               "go to the guests\n";
    static const struct {
        const char *facts, *routes, *what;
    } rows[] = {
        {FACTS "client 10.20.0.7\n", "[]",
         "10.20.0.7, where the login comes from that works on host 'local'"},
        {FACTS "nameserver 10.20.0.53\nnameserver 1.1.1.1\n", "[]",
         "10.20.0.53, a name server of host 'local'"},
        {FACTS,
         "[{\"dst\":\"default\",\"gateway\":\"10.20.0.254\",\"dev\":\"eth0\",\"type\":"
         "\"unicast\"}]",
         "10.20.0.254, a router of host 'local'"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        auto_free char *expected =
            xasprintf("t.yaml:4:28: error: subnet 10.20.0.0/24 contains %s [network-path]\n%s",
                      rows[i].what, head);

        expect_findings("networks: { lan: { subnet: 10.20.0.0/24 } }\nnodes: {}\n",
                        rows[i].routes, "[]", rows[i].facts, expected);
    }
    /* one that is there has cut off nobody */
    expect_findings("networks: { lan: { subnet: 10.20.0.0/24, bridge: br0 } }\nnodes: {}\n",
                    "[]", "[]", FACTS "client 10.20.0.7\n", "");
    expect_findings("networks: { lan: { subnet: 10.20.0.0/24 } }\nnodes: {}\n", "[]", "[]",
                    FACTS "client \nnameserver fe80::1%eth0\n", "");
}

static void mtu(void **state)
{
    static const char way_out[] =
        "[{\"dst\":\"default\",\"gateway\":\"192.0.2.1\",\"dev\":\"eth0\"}]";

    (void)state;
    expect_findings(
        "networks: { dmz: { mode: bridge, bridge: br0, mtu: 9000 } }\nnodes: {}\n", "[]", "[]",
        FACTS,
        "t.yaml:4:52: warning: mtu 9000 of network 'dmz' is more than the 1500 of bridge br0 "
        "on host 'local': larger packets are lost there [network-mtu]\n"
        "    4 | networks: { dmz: { mode: bridge, bridge: br0, mtu: 9000 } }\n"
        "      |                                                    ^~~~\n"
        "hint: lower the network's, or raise the other on the host and all behind it: ip link "
        "set br0 mtu 9000\n");
    expect_findings("networks: { lan: { subnet: 10.20.0.0/24, mtu: 1500 } }\nnodes: {}\n",
                    way_out, "[]", FACTS, "");
    expect_findings(
        "networks: { lan: { subnet: 10.20.0.0/24, mtu: 9000 } }\nnodes: {}\n", way_out, "[]",
        FACTS,
        "t.yaml:4:47: warning: mtu 9000 of network 'lan' is more than the 1500 of the way out, "
        "eth0 on host 'local': larger packets are lost there [network-mtu]\n"
        "    4 | networks: { lan: { subnet: 10.20.0.0/24, mtu: 9000 } }\n"
        "      |                                               ^~~~\n"
        "hint: lower the network's, or raise the other on the host and all behind it: ip link "
        "set eth0 mtu 9000\n");
    expect_findings(
        "networks: { san: { mode: isolated, subnet: 10.20.0.0/24, mtu: 9000 } }\nnodes: {}\n",
        way_out, "[]", FACTS, "");
}

static void bridge_nf(void **state)
{
    static const char file[] = "networks: { dmz: { mode: bridge, bridge: br0 } }\nnodes: {}\n";

    (void)state;
    expect_findings(
        file, "[]", "[]", FACTS "net/bridge/bridge-nf-call-iptables 1\nforward-policy DROP\n",
        "t.yaml:4:42: warning: host 'local' sends bridged packets through its firewall "
        "(bridge-nf-call-iptables is 1), which drops what it does not know: nodes on network "
        "'dmz' may reach nobody [network-bridge-nf]\n"
        "    4 | networks: { dmz: { mode: bridge, bridge: br0 } }\n"
        "      |                                          ^~~\n"
        "hint: on that host: sysctl -w net.bridge.bridge-nf-call-iptables=0; or: iptables -I "
        "FORWARD -m physdev --physdev-is-bridged -j ACCEPT\n");
    expect_findings(file, "[]", "[]",
                    FACTS "net/bridge/bridge-nf-call-iptables 1\nforward-policy ACCEPT\n", "");
    expect_findings(file, "[]", "[]",
                    FACTS "net/bridge/bridge-nf-call-iptables 0\nforward-policy DROP\n", "");
}

static void address(void **state)
{
    static const char router[] =
        "[{\"dst\":\"default\",\"gateway\":\"192.0.2.1\",\"dev\":\"eth0\",\"table\":\"main\"}]";
    static const struct {
        const char *routes, *facts, *what;
    } rows[] = {
        {router, FACTS, "a router of"},
        {"[]", FACTS "nameserver 192.0.2.1\n", "a name server of"},
        {"[]", FACTS "client 192.0.2.1\n", "whoever gives the command on"},
        {"[]", FACTS "neighbours [{\"dst\":\"192.0.2.1\",\"lladdr\":\"02:00:00:00:00:01\"}]\n",
         "a neighbour of"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        auto_free char *expected = xasprintf(
            "t.yaml:4:57: error: address 192.0.2.1 is the one of %s host 'local' "
            "[address-in-use]\n"
            "    4 | networks: { lan: { mode: bridge, uplink: eth0, address: 192.0.2.1/24 } }\n"
            "      |                                                         ^~~~~~~~~~~~\n"
            "hint: the bridge needs one that nobody else has, or none\n",
            rows[i].what);

        expect_findings(
            "networks: { lan: { mode: bridge, uplink: eth0, address: 192.0.2.1/24 } }\nnodes: "
            "{}\n",
            rows[i].routes, "[]", rows[i].facts, expected);
    }
    expect_findings("networks: { lan: { mode: bridge, uplink: eth0, address: 192.0.2.7/24 } }\n"
                    "nodes: {}\n",
                    router, "[]", FACTS, "");
    expect_findings("networks: { lan: { mode: bridge, address: 192.0.2.7/24 } }\nnodes: {}\n",
                    "[" ROUTE("192.0.2.0/24", "eth0") "]", "[]", FACTS,
                    "t.yaml:4:43: error: address 192.0.2.7/24 overlaps the host's route "
                    "192.0.2.0/24 on device eth0 [network-route]\n"
                    "    4 | networks: { lan: { mode: bridge, address: 192.0.2.7/24 } }\n"
                    "      |                                           ^~~~~~~~~~~~\n"
                    "hint: choose another address; `ip route` shows the host's own\n");
}

static void six(void **state)
{
    static const char file[] =
        "networks: { lan: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\" } }\nnodes: {}\n";
    static const char line[] =
        "    4 | networks: { lan: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\" } }\n"
        "      |                                                   ^~~~~~~~~~~~~~\n";
    static const char router[] = "[{\"dst\":\"default\",\"gateway\":\"fe80::1\",\"dev\":"
                                 "\"eth0\",\"protocol\":\"ra\",\"table\":\"main\"}]";
    auto_free char *overlap = xasprintf(
        "t.yaml:4:51: error: subnet6 fd00:21::/64 overlaps the host's route fd00:21::/48 on "
        "device wg0 [network-route]\n%shint: choose another subnet6; `ip -6 route` shows the "
        "host's own\n",
        line);
    auto_free char *off = xasprintf(
        "t.yaml:4:51: error: IPv6 is switched off on host 'local' [network-ipv6]\n%shint: on "
        "that host: sysctl -w net.ipv6.conf.all.disable_ipv6=0; or leave 'subnet6' out\n",
        line);
    auto_free char *deaf = xasprintf(
        "t.yaml:4:51: error: network 'lan' needs host 'local' to forward IPv6; the host would "
        "then ignore the router on eth0 that its own way out comes from [network-ipv6]\n%s"
        "hint: on that host: sysctl -w net.ipv6.conf.eth0.accept_ra=2 (and the same in "
        "/etc/sysctl.d)\n",
        line);

    (void)state;
    expect_findings(file, "[]", "[" ROUTE("fd00:21::/48", "wg0") "]", FACTS, overlap);
    expect_findings(file, "[]", "[]", FACTS "net/ipv6/conf/all/disable_ipv6 1\n", off);
    expect_findings(file, "[]", router, FACTS "net/ipv6/conf/eth0/accept_ra 1\n", deaf);
    expect_findings(file, "[]", router, FACTS "net/ipv6/conf/eth0/accept_ra 2\n", "");
    expect_findings(file, "[]", router,
                    FACTS "net/ipv6/conf/eth0/accept_ra 1\nnet/ipv6/conf/all/forwarding 1\n",
                    "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes),  cmocka_unit_test(containers), cmocka_unit_test(path),
        cmocka_unit_test(mtu),     cmocka_unit_test(bridge_nf),  cmocka_unit_test(six),
        cmocka_unit_test(address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
