/* SPDX-License-Identifier: Apache-2.0 */
/* What there is comes from rendering one file, what is wanted from another. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/network.h"

#define LAN "networks: { lan: { subnet: 10.20.0.0/24%s } }\n"
#define WEB "nodes: { web: { networks: [{ lan: 10.20.0.5 }] } }\n"

struct comparison {
    struct world world;
    struct resource_set set;
    struct resource *network;
    struct survey_network *found;
};

/* On another machine, whose devices are those that a test names. */
#define HOST "hosts: { local: { uri: 'qemu+ssh://root@10.9.9.9/system' } }\n"

/* `links`: as `ip -j address` prints them, without the brackets around. */
static void set_links(struct comparison *c, const char *links)
{
    struct site_host *host = &c->world.site.hosts[0];
    auto_free char *text = xasprintf("== links\n[%s]\n== routes4\n[]\n== routes6\n[]\n"
                                     "== rules4\n[]\n== rules6\n[]\n",
                                     links);
    struct error *err = NULL;

    site_forget_links(host);
    expect_ok(links_parse(text, &host->links, &err), &err);
    host->has_links = true;
}

/* The bridge as libvirt has made it. */
static char *bridge_link(const struct comparison *c, const char *name, const char *state)
{
    char address[IP4_TEXT];

    return xasprintf("{\"ifname\":\"%s\",\"flags\":[%s],\"linkinfo\":{\"info_kind\":"
                     "\"bridge\"},\"addr_info\":[{\"family\":\"inet\",\"local\":\"%s\","
                     "\"prefixlen\":%u}]}",
                     name ? name : c->found->view.bridge, state,
                     ip4_format(c->found->view.subnet.address, address),
                     c->found->view.subnet.prefix);
}

static void comparison_start(struct comparison *c, const char *before, const char *after)
{
    auto_world struct world old;
    auto_free char *xml = NULL, *links = NULL;
    auto_free char *now = xasprintf(HOST "%s", after);

    *c = (struct comparison){{{0}}};
    world_open(&old, before);
    xml = world_network_xml(&old, "lan");
    world_open(&c->world, now);
    c->found = world_add_network(&c->world, xml, true);
    links = bridge_link(c, NULL, "\"UP\"");
    set_links(c, links);
    c->network = network_want(&c->set, &c->world.site, cluster_network(c->world.cluster, "lan"),
                              "local");
}

static void comparison_done(struct comparison *c)
{
    resource_set_done(&c->set);
    world_done(&c->world);
}
#define auto_comparison __attribute__((cleanup(comparison_done)))

static void expect_changes(struct comparison *c, bool replace, const char *expected)
{
    auto_free char *text = NULL;
    struct error *err = NULL;

    expect_ok(network_kind.observe(&c->world.site, &c->set, &err), &err);
    assert_true(c->network->present);
    expect_ok(network_kind.diff(&c->world.site, c->network, &err), &err);
    text = changes_text(&c->network->changes);
    assert_string_equal(text, expected);
    assert_int_equal(c->network->replace, replace);
}

/* Both files have the network `lan` with more keys, and the node web. */
static void expect_between(const char *before, const char *after, bool replace,
                           const char *expected)
{
    auto_free char *old = xasprintf(LAN WEB, before);
    auto_free char *new = xasprintf(LAN WEB, after);
    auto_comparison struct comparison c;

    comparison_start(&c, old, new);
    expect_changes(&c, replace, expected);
}

static void same(void **state)
{
    (void)state;
    expect_between("", "", false, "");
    expect_between(", dhcp: [10.20.0.100, 10.20.0.199]", ", dhcp: [10.20.0.100, 10.20.0.199]",
                   false, "");
    expect_between(", dhcp: false, dns: false", ", dhcp: false, dns: false", false, "");
    expect_between(", mode: isolated, stp: true, forward_delay: 1500ms, mtu: 9000",
                   ", mode: isolated, stp: true, forward_delay: 1500ms, mtu: 9000", false, "");
}

#define RESTARTS " (restarts the network)\n"

/* The nodes' addresses and devices hang on these. */
static void made_anew(void **state)
{
    auto_comparison struct comparison c;

    (void)state;
    expect_between("", ", bridge: br-x", true, "recreate bridge lan-790c75f0 -> br-x\n");
    comparison_start(&c, "networks: { lan: { subnet: 10.20.0.0/24 } }\nnodes: {}\n",
                     "networks: { lan: { subnet: 10.20.0.0/16 } }\nnodes: {}\n");
    expect_changes(&c, true, "recreate subnet 10.20.0.0/24 -> 10.20.0.0/16\n");
}

static void restarted(void **state)
{
    auto_comparison struct comparison c;

    (void)state;
    expect_between("", ", mode: isolated", false, "live mode nat -> isolated" RESTARTS);
    expect_between(", mode: isolated", "", false, "live mode isolated -> nat" RESTARTS);
    expect_between("", ", gateway: 10.20.0.254", false,
                   "live host address 10.20.0.1/24 -> 10.20.0.254/24" RESTARTS);
    expect_between("", ", mtu: 9000", false, "live mtu nothing -> 9000" RESTARTS);
    expect_between(", mtu: 1400", "", false, "live mtu 1400 -> nothing" RESTARTS);
    expect_between("", ", stp: true", false, "live stp off -> on" RESTARTS);
    expect_between(", forward_delay: 2s", ", forward_delay: 4s", false,
                   "live forward_delay 2s -> 4s" RESTARTS);
    expect_between(", forward_delay: 2s", "", false, "live forward_delay 2s -> 0s" RESTARTS);
    expect_between("", ", dns: false", false, "live dns on -> off" RESTARTS);
    expect_between(", dns: false", "", false, "live dns off -> on" RESTARTS);
    comparison_start(
        &c, "networks: { lan: { subnet: 10.20.0.0/24 } }\nnodes: {}\n",
        "domain: x.test\nnetworks: { lan: { subnet: 10.20.0.0/24 } }\nnodes: {}\n");
    expect_changes(&c, false, "live domain lab.test -> x.test" RESTARTS);
}

static void ranges(void **state)
{
    (void)state;
    expect_between("", ", dhcp: [10.20.0.100, 10.20.0.199]", false,
                   "live dhcp none -> 10.20.0.100 - 10.20.0.199\n");
    expect_between(", dhcp: [10.20.0.100, 10.20.0.199]", "", false,
                   "live dhcp 10.20.0.100 - 10.20.0.199 -> none\n");
    expect_between(", dhcp: [10.20.0.100, 10.20.0.199]", ", dhcp: [10.20.0.90, 10.20.0.199]",
                   false, "live dhcp 10.20.0.100 - 10.20.0.199 -> 10.20.0.90 - 10.20.0.199\n");
    expect_between(", dhcp: false", "", false, "live address of web nothing -> 10.20.0.5\n");
    expect_between("", ", dhcp: false", false, "live address of web 10.20.0.5 -> nothing\n");
}

/* What will start next is another one than what runs. */
static void defined_otherwise(void **state)
{
    auto_free char *text = xasprintf(LAN WEB, "");
    auto_free char *other =
        xasprintf(LAN "nodes: { web: { networks: [{ lan: 10.20.0.6 }] } }\n",
                  ", mtu: 1400, dhcp: [10.20.0.100, 10.20.0.199]");
    auto_comparison struct comparison c;
    auto_world struct world edited;
    auto_free char *xml = NULL;
    struct error *err = NULL;

    (void)state;
    world_open(&edited, other);
    xml = world_network_xml(&edited, "lan");
    comparison_start(&c, text, text);
    expect_ok(network_view_parse(xml, &c.found->config, &err), &err);
    c.found->has_config = true;
    expect_changes(&c, false,
                   "live mtu 1400 -> nothing (changed outside of virtopo)\n"
                   "live dhcp 10.20.0.100 - 10.20.0.199 -> none (changed outside of virtopo)\n"
                   "live definition other addresses or names -> as it runs (changed outside of "
                   "virtopo)\n");
}

static void expect_links(const char *state, const char *more, const char *expected)
{
    auto_free char *text = xasprintf(LAN WEB, "");
    auto_comparison struct comparison c;
    auto_free char *bridge = NULL, *links = NULL;

    comparison_start(&c, text, text);
    bridge = bridge_link(&c, NULL, state);
    links = xasprintf("%s%s", bridge, more);
    set_links(&c, links);
    expect_changes(&c, false, expected);
}

/* What somebody did to the bridge, which libvirt does not see. */
static void drift_of_devices(void **state)
{
    auto_free char *text = xasprintf(LAN WEB, "");
    auto_comparison struct comparison gone, stopped, address;
    auto_free char *parked = NULL, *expected = NULL;
    char name[BRIDGE_TEXT];

    (void)state;
    expect_links("\"UP\"", "", "");
    expect_links("", "", "live bridge state down -> up (changed outside of virtopo)\n");
    identity_parked_bridge("lab", "lan", name);
    parked = xasprintf(",{\"ifname\":\"%s\"}", name);
    expected = xasprintf("live bridge %s -> lan-790c75f0 (its restart was cut off)\n", name);
    expect_links("\"UP\"", parked, expected);
    comparison_start(&gone, text, text);
    set_links(&gone, "");
    expect_changes(&gone, false,
                   "live bridge nothing -> lan-790c75f0 (changed outside of virtopo)\n");
    comparison_start(&stopped, text, text);
    stopped.found->active = false;
    set_links(&stopped, "");
    expect_changes(&stopped, false, "live state stopped -> running\n");
    comparison_start(&address, text, text);
    set_links(&address, "{\"ifname\":\"lan-790c75f0\",\"flags\":[\"UP\"],\"addr_info\":[]}");
    expect_changes(&address, false,
                   "live host address nothing -> 10.20.0.1/24 (changed outside of virtopo)\n");
}

static void reservations(void **state)
{
    auto_comparison struct comparison c;
    const char *before = "networks: { lan: { subnet: 10.20.0.0/24 } }\n"
                         "nodes: { a: { networks: [{ lan: 10.20.0.5 }] }, "
                         "b: { networks: [{ lan: 10.20.0.6 }] }, "
                         "c: { networks: [{ lan: 10.20.0.7 }] } }\n";
    const char *after = "networks: { lan: { subnet: 10.20.0.0/24 } }\n"
                        "nodes: { a: { networks: [{ lan: 10.20.0.6 }] }, "
                        "b: { networks: [{ lan: 10.20.0.5 }] }, "
                        "d: { networks: [{ lan: 10.20.0.7 }] } }\n";

    (void)state;
    comparison_start(&c, before, after);
    expect_changes(&c, false,
                   "live address of b 10.20.0.6 -> 10.20.0.5\n"
                   "live address of a 10.20.0.5 -> 10.20.0.6\n"
                   "live address of d nothing -> 10.20.0.7\n"
                   "live address of c 10.20.0.7 -> nothing\n");
}

static void names_alone(void **state)
{
    auto_comparison struct comparison c;

    (void)state;
    comparison_start(&c,
                     "networks: { lan: { subnet: 10.20.0.0/24, dhcp: false } }\n"
                     "nodes: { a: { networks: [lan] } }\n",
                     "networks: { lan: { subnet: 10.20.0.0/24, dhcp: false } }\n"
                     "nodes: { a: { networks: [lan] }, b: { networks: [lan] } }\n");
    expect_changes(&c, false, "live names 1 -> 2\n");
}

/* Somebody removed or added entries with virsh. */
static void drift_of_entries(void **state)
{
    auto_free char *text = xasprintf(LAN WEB, "");
    auto_comparison struct comparison c;
    struct network_view_host foreign = {.mac = xstrdup("52:54:00:00:00:99"), .ip = 0x0a140063};

    (void)state;
    comparison_start(&c, text, text);
    free(c.found->view.dns_hosts[0].names[0]);
    c.found->view.dns_hosts[0].names[0] = xstrdup("other");
    expect_changes(&c, false, "live names 1 -> 1\n");
    vector_push(c.found->view.dhcp_hosts, c.found->view.dhcp_host_count, foreign);
    change_list_done(&c.network->changes);
    expect_changes(&c, false, "live address of 52:54:00:00:00:99 10.20.0.99 -> nothing\n");
    free(c.found->view.dhcp_hosts[0].name);
    c.found->view.dhcp_hosts[0].name = NULL;
    change_list_done(&c.network->changes);
    expect_changes(&c, false,
                   "live address of web 10.20.0.5 -> 10.20.0.5\n"
                   "live address of 52:54:00:00:00:99 10.20.0.99 -> nothing\n");
}

static void states(void **state)
{
    auto_free char *text = xasprintf(LAN WEB, "");
    auto_comparison struct comparison c;

    (void)state;
    comparison_start(&c, text, text);
    c.found->active = false;
    c.found->autostart = true;
    expect_changes(&c, false, "live state stopped -> running\nlive autostart on -> off\n");
}

/* What is made anew has no other differences. */
static void replaced_alone(void **state)
{
    auto_comparison struct comparison c;

    (void)state;
    comparison_start(&c, "networks: { lan: { subnet: 10.20.0.0/24 } }\n" WEB,
                     "networks: { lan: { subnet: 10.21.0.0/24, mode: isolated } }\n"
                     "nodes: { web: { networks: [{ lan: 10.21.0.6 }] } }\n");
    c.found->active = false;
    expect_changes(&c, true, "recreate subnet 10.20.0.0/24 -> 10.21.0.0/24\n");
}

static void several_nics(void **state)
{
    const char *one = "networks: { lan: { subnet: 10.20.0.0/24 } }\n"
                      "nodes: { a: { networks: [lan] } }\n";
    const char *two = "networks: { lan: { subnet: 10.20.0.0/24 } }\n"
                      "nodes: { a: { networks: [lan, lan] } }\n";
    auto_comparison struct comparison same_two, more;

    (void)state;
    comparison_start(&same_two, two, two);
    expect_changes(&same_two, false, "");
    comparison_start(&more, one, two);
    expect_changes(&more, false, "live address of a nothing -> 10.20.0.3\n");
}

static void foreign_ones_are_not_seen(void **state)
{
    auto_free char *text = xasprintf(LAN WEB, "");
    auto_comparison struct comparison c;
    struct error *err = NULL;

    (void)state;
    comparison_start(&c, text, text);
    c.found->ours = false;
    expect_ok(network_kind.observe(&c.world.site, &c.set, &err), &err);
    assert_int_equal(c.set.count, 1);
    assert_false(c.network->present);
}

static void described(void **state)
{
    auto_free char *text = xasprintf(LAN WEB, ", mode: isolated");
    auto_comparison struct comparison c;
    auto_free char *line = NULL;

    (void)state;
    comparison_start(&c, text, text);
    line = network_kind.describe(&c.world.site, c.network);
    assert_string_equal(line, "isolated   10.20.0.0/24");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same),
        cmocka_unit_test(made_anew),
        cmocka_unit_test(restarted),
        cmocka_unit_test(ranges),
        cmocka_unit_test(reservations),
        cmocka_unit_test(names_alone),
        cmocka_unit_test(drift_of_entries),
        cmocka_unit_test(defined_otherwise),
        cmocka_unit_test(drift_of_devices),
        cmocka_unit_test(states),
        cmocka_unit_test(replaced_alone),
        cmocka_unit_test(several_nics),
        cmocka_unit_test(foreign_ones_are_not_seen),
        cmocka_unit_test(described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
