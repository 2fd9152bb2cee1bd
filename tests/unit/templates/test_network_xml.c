/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "model.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "util/virt.h"

static void check(const struct network_template *t, const char *file)
{
    struct error *err = NULL;
    auto_free char *xml = NULL;

    expect_ok(network_xml(t, &xml, &err), &err);
    schema_check("network", xml);
    golden_check(file, xml);
}

static void expected_texts(void **state)
{
    struct model m;

    (void)state;
    model_init(&m);
    check(&m.network, "network-nat.xml");
    m.network.network = &m.san;
    m.network.host_count = 1;
    m.san.stp = true;
    m.san.forward_delay = 1500;
    check(&m.network, "network-isolated.xml");
    m.san.dns.enabled = false;
    m.san.dhcp.enabled = false;
    check(&m.network, "network-no-services.xml");
    m.network.network = &m.lan;
    m.lan.dhcp.has_range = false;
    m.network.host_count = 0;
    m.network.tag = NULL;
    check(&m.network, "network-empty.xml");
    model_done(&m);
}

static void assert_same_view(const struct network_view *a, const struct network_view *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->bridge, b->bridge);
    assert_string_equal(a->forward_mode, b->forward_mode);
    assert_string_equal(a->domain, b->domain);
    assert_memory_equal(&a->subnet, &b->subnet, sizeof a->subnet);
    assert_int_equal(a->subnet_count, b->subnet_count);
    assert_int_equal(a->has_range, b->has_range);
    assert_int_equal(a->range_first, b->range_first);
    assert_int_equal(a->range_last, b->range_last);
    assert_int_equal(a->stp, b->stp);
    assert_int_equal(a->delay, b->delay);
    assert_int_equal(a->mtu, b->mtu);
    assert_int_equal(a->dns_off, b->dns_off);
    assert_int_equal(a->dhcp_host_count, b->dhcp_host_count);
    for (size_t i = 0; i < a->dhcp_host_count; i++) {
        assert_string_equal(a->dhcp_hosts[i].mac, b->dhcp_hosts[i].mac);
        assert_string_equal(a->dhcp_hosts[i].name, b->dhcp_hosts[i].name);
        assert_int_equal(a->dhcp_hosts[i].ip, b->dhcp_hosts[i].ip);
    }
    assert_int_equal(a->dns_host_count, b->dns_host_count);
    for (size_t i = 0; i < a->dns_host_count; i++) {
        assert_string_equal(a->dns_hosts[i].address, b->dns_hosts[i].address);
        assert_int_equal(a->dns_hosts[i].name_count, 2);
        assert_int_equal(b->dns_hosts[i].name_count, 2);
        assert_string_equal(a->dns_hosts[i].names[0], b->dns_hosts[i].names[0]);
        assert_string_equal(a->dns_hosts[i].names[1], b->dns_hosts[i].names[1]);
    }
    assert_string_equal(a->tag.hash, b->tag.hash);
    assert_true(json_equal(a->tag.spec, b->tag.spec));
}

static void libvirt_takes_and_keeps_it(void **state)
{
    virConnectPtr connection = schema_connect();
    struct network_view written = {0}, kept = {0};
    auto_free char *xml = NULL, *back = NULL;
    struct error *err = NULL;
    struct model m;
    virNetworkPtr network;

    (void)state;
    model_init(&m);
    m.lan.mtu = 1400;
    expect_ok(network_xml(&m.network, &xml, &err), &err);
    network = virNetworkDefineXMLFlags(connection, xml, VIR_NETWORK_DEFINE_VALIDATE);
    if (!network)
        fail_msg("%s", virGetLastErrorMessage());
    assert_int_equal(virNetworkCreate(network), 0);
    back = virNetworkGetXMLDesc(network, 0);
    expect_ok(network_view_parse(xml, &written, &err), &err);
    expect_ok(network_view_parse(back, &kept, &err), &err);
    assert_same_view(&written, &kept);
    assert_int_equal(kept.subnet.address, m.lan.gateway);
    assert_int_equal(kept.subnet.prefix, 24);
    assert_int_equal(kept.dhcp_host_count, 2);
    assert_int_equal(kept.dns_host_count, 3);
    network_view_done(&written);
    network_view_done(&kept);
    virNetworkFree(network);
    virConnectClose(connection);
    model_done(&m);
}

/* The single elements are what virNetworkUpdate takes, and leave the tag alone. */
static void libvirt_takes_updates(void **state)
{
    virConnectPtr connection = schema_connect();
    struct network_host host = {"52:54:00:aa:00:0d", 0x0a14000d, "late"};
    char *names[] = {"late", "late.lab.test"};
    struct network_name name = {.address = "10.20.0.13", .names = names, .count = 2};
    auto_free char *xml = NULL, *dhcp = NULL, *dns = NULL, *back = NULL;
    struct network_view view = {0};
    struct error *err = NULL;
    struct model m;
    virNetworkPtr network;

    (void)state;
    model_init(&m);
    expect_ok(network_xml(&m.network, &xml, &err), &err);
    network = virNetworkDefineXML(connection, xml);
    assert_non_null(network);
    expect_ok(network_dhcp_host_xml(&host, &dhcp, &err), &err);
    expect_ok(network_dns_host_xml(&name, &dns, &err), &err);
    golden_check("dhcp-host.xml", dhcp);
    golden_check("dns-host.xml", dns);
    assert_int_equal(virNetworkUpdate(network, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
                                      VIR_NETWORK_SECTION_IP_DHCP_HOST, -1, dhcp,
                                      VIR_NETWORK_UPDATE_AFFECT_CONFIG),
                     0);
    assert_int_equal(virNetworkUpdate(network, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
                                      VIR_NETWORK_SECTION_DNS_HOST, -1, dns,
                                      VIR_NETWORK_UPDATE_AFFECT_CONFIG),
                     0);
    back = virNetworkGetXMLDesc(network, 0);
    expect_ok(network_view_parse(back, &view, &err), &err);
    assert_int_equal(view.dhcp_host_count, 3);
    assert_string_equal(view.dhcp_hosts[2].name, "late");
    assert_int_equal(view.dns_host_count, 4);
    assert_string_equal(view.dns_hosts[3].names[1], "late.lab.test");
    assert_string_equal(view.tag.cluster, "lab");
    network_view_done(&view);
    virNetworkFree(network);
    virConnectClose(connection);
    model_done(&m);
}

static void foreign_networks(void **state)
{
    static const char xml[] = "<network><name>default</name><forward/>"
                              "<bridge name='virbr0'/><mtu size='x'/>"
                              "<ip family='ipv6' address='fd00::1' prefix='64'/>"
                              "<ip address='192.168.122.1' netmask='255.255.255.0'><dhcp>"
                              "<range start='192.168.122.2' end='192.168.122.254'/>"
                              "<host name='by-name' ip='192.168.122.9'/></dhcp></ip>"
                              "<ip address='172.16.0.1'/><ip address='10.0.0.1'/></network>";
    struct network_view view = {0};
    struct error *err = NULL;

    (void)state;
    expect_ok(network_view_parse(xml, &view, &err), &err);
    assert_string_equal(view.forward_mode, "nat");
    assert_true(view.stp);
    assert_int_equal(view.mtu, 0);
    assert_int_equal(view.subnet_count, 3);
    assert_int_equal(view.subnet.address, 0xc0a87a01);
    assert_int_equal(view.subnet.prefix, 24);
    assert_int_equal(view.subnets[1].prefix, 16);
    assert_int_equal(view.subnets[2].prefix, 8);
    assert_true(view.has_range);
    assert_int_equal(view.range_last, 0xc0a87afe);
    assert_null(view.dhcp_hosts[0].mac);
    assert_null(view.tag.cluster);
    network_view_done(&view);
    expect_ok(network_view_parse("<network><name>bare</name></network>", &view, &err), &err);
    assert_null(view.forward_mode);
    assert_false(view.stp);
    assert_int_equal(view.subnet.prefix, 0);
    network_view_done(&view);
    expect_error(network_view_parse("<domain/>", &view, &err), &err, "<network> was expected");
}

static void names_are_escaped_or_refused(void **state)
{
    static const char nasty[] = "<x>&\"'";
    char odd_text[] = "a\nb", *odd_names[] = {odd_text};
    struct network_name odd = {.address = "10.20.0.13", .names = odd_names, .count = 1};
    struct network_view view = {0};
    struct error *err = NULL;
    auto_free char *xml = NULL, *none = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    m.network.name = m.network.bridge = m.network.domain = m.hosts[0].name = nasty;
    expect_ok(network_xml(&m.network, &xml, &err), &err);
    expect_ok(network_view_parse(xml, &view, &err), &err);
    assert_string_equal(view.name, nasty);
    assert_string_equal(view.bridge, nasty);
    assert_string_equal(view.domain, nasty);
    assert_string_equal(view.dns_hosts[0].names[0], nasty);
    assert_string_equal(view.dhcp_hosts[0].name, nasty);
    network_view_done(&view);
    m.hosts[0].name = "a\nb";
    expect_error(network_xml(&m.network, &none, &err), &err, "hostname: character U+000A");
    expect_error(network_dhcp_host_xml(&m.hosts[0], &none, &err), &err, "name: character");
    expect_error(network_dns_host_xml(&odd, &none, &err), &err, "hostname");
    model_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_texts),
        cmocka_unit_test(libvirt_takes_and_keeps_it),
        cmocka_unit_test(libvirt_takes_updates),
        cmocka_unit_test(foreign_networks),
        cmocka_unit_test(names_are_escaped_or_refused),
        cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
