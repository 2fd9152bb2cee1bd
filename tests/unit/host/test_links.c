/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/links.h"

/* As iproute2 6.1 says it, shortened. */
static const char sample[] =
    "== links\n"
    "[{\"ifindex\":1,\"ifname\":\"lo\",\"flags\":[\"LOOPBACK\",\"UP\"],\"mtu\":65536,"
    "\"addr_info\":[{\"family\":\"inet\",\"local\":\"127.0.0.1\",\"prefixlen\":8}]},"
    "{\"ifname\":\"eth1\",\"link_index\":3,\"flags\":[\"BROADCAST\",\"UP\"],\"mtu\":1400,"
    "\"master\":\"br-prod\",\"address\":\"02:00:00:00:00:01\","
    "\"linkinfo\":{\"info_kind\":\"veth\"},\"addr_info\":[]},{},"
    "{\"ifname\":\"br-prod\",\"flags\":[\"BROADCAST\",\"UP\"],\"mtu\":1400,"
    "\"ifalias\":\"virtopo:lab/prod\",\"address\":\"02:00:00:00:00:01\","
    "\"linkinfo\":{\"info_kind\":\"bridge\",\"info_data\":{\"forward_delay\":200,"
    "\"stp_state\":1}},\"addr_info\":[{\"family\":\"inet\",\"local\":\"10.50.0.1\","
    "\"prefixlen\":24,\"scope\":\"global\"},{\"family\":\"inet6\",\"local\":\"fd00::1\","
    "\"prefixlen\":64,\"scope\":\"global\"}]},"
    "{\"ifname\":\"eth0.30\",\"link\":\"eth0\",\"flags\":[],\"mtu\":1500,"
    "\"linkinfo\":{\"info_kind\":\"vlan\",\"info_data\":{\"protocol\":\"802.1Q\",\"id\":30}},"
    "\"addr_info\":[]}]\n"
    "== routes4\n[{\"type\":\"unicast\",\"dst\":\"default\",\"gateway\":\"10.50.0.254\","
    "\"dev\":\"br-prod\",\"table\":\"main\"}]\n"
    "== routes6\n"
    "== rules4\n[{\"priority\":0,\"table\":\"local\"},{\"priority\":100,\"iif\":\"eth1\"},"
    "{\"priority\":32766,\"table\":\"main\"}]\n"
    "== rules6\n[]\n";

static void reads_links(void **state)
{
    struct links links;
    const struct link *l;

    (void)state;
    assert_int_equal(links_parse(sample, &links, NULL), 0);
    assert_int_equal(links.count, 4);
    assert_true(links_find(&links, "lo")->loopback);
    l = links_find(&links, "eth1");
    assert_string_equal(l->master, "br-prod");
    assert_string_equal(l->kind, "veth");
    assert_int_equal(l->mtu, 1400);
    assert_true(l->up);
    l = links_with_alias(&links, "virtopo:lab/prod");
    assert_string_equal(l->name, "br-prod");
    assert_true(l->stp);
    assert_int_equal(l->forward_delay, 2000);
    assert_true(link_has_address(l, "10.50.0.1/24"));
    assert_true(link_has_address(l, "fd00::1/64"));
    assert_false(link_has_address(l, "10.50.0.1/16"));
    l = links_find(&links, "eth0.30");
    assert_int_equal(l->vlan, 30);
    assert_string_equal(l->lower, "eth0");
    assert_false(l->up);
    assert_null(links_find(&links, "eth9"));
    assert_null(links_with_alias(&links, "virtopo:other/prod"));
    assert_int_equal(json_array_size(links.routes4), 1);
    assert_int_equal(json_array_size(links.routes6), 0);
    assert_int_equal(json_array_size(links.rules), 1);
    links_done(&links);
}

static void says_what_it_cannot_read(void **state)
{
    struct links links;
    struct error *error = NULL;

    (void)state;
    assert_int_equal(
        links_parse("== links\n1: lo: <UP>\n== routes4\n[]\n== routes6\n[]\n", &links, &error),
        -1);
    assert_string_equal(error->message, "cannot read what `ip` says");
    error_free(error);
}

static void reads_this_machine(void **state)
{
    struct host *host = host_offline("here", "qemu:///system", "/srv");
    struct links links;

    (void)state;
    assert_int_equal(links_read(host, &links, NULL), 0);
    assert_true(link_has_address(links_find(&links, "lo"), "127.0.0.1/8"));
    links_done(&links);
    host_close(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_links),
        cmocka_unit_test(says_what_it_cannot_read),
        cmocka_unit_test(reads_this_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
