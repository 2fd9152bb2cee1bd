/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "host/net_facts.h"

static void all_of_it(void **state)
{
    static const char text[] =
        "net/ipv4/ip_forward 1\n"
        "net/ipv6/conf/eth0/accept_ra 2\n"
        "client 192.0.2.9\n"
        "nameserver 192.0.2.53\n"
        "nameserver fe80::1%eth0\n"
        "forward-policy DROP\n"
        "neighbours [{\"dst\":\"192.0.2.1\",\"lladdr\":\"02:00:00:00:00:01\","
        "\"dev\":\"eth0\",\"state\":[\"STALE\"]}]\n\n";
    struct net_facts f;
    struct error *err = NULL;

    (void)state;
    assert_int_equal(net_facts_parse(text, &f, &err), 0);
    assert_true(net_facts_is(&f, "net/ipv4/ip_forward", "1"));
    assert_false(net_facts_is(&f, "net/ipv4/ip_forward", "0"));
    assert_string_equal(net_facts_value(&f, "net/ipv6/conf/eth0/accept_ra"), "2");
    assert_null(net_facts_value(&f, "net/bridge/bridge-nf-call-iptables"));
    assert_string_equal(net_facts_value(&f, "forward-policy"), "DROP");
    assert_string_equal(f.client, "192.0.2.9");
    assert_string_equal(f.nameservers[0], "192.0.2.53");
    assert_string_equal(f.nameservers[1], "fe80::1");
    assert_null(f.nameservers[2]);
    assert_int_equal(json_array_size(f.neighbours), 1);
    net_facts_done(&f);
}

static void little_of_it(void **state)
{
    struct net_facts f;
    struct error *err = NULL;

    (void)state;
    assert_int_equal(
        net_facts_parse("net/ipv4/ip_forward 0\nclient \nneighbours \n\n", &f, &err), 0);
    assert_null(f.client);
    assert_null(f.nameservers[0]);
    assert_int_equal(json_array_size(f.neighbours), 0);
    net_facts_done(&f);
}

static void nothing(void **state)
{
    struct net_facts f;
    struct error *err = NULL;

    (void)state;
    assert_int_equal(net_facts_parse("", &f, &err), -1);
    assert_string_equal(err->message, "cannot read the kernel's network settings: ''");
    error_free(err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it),
        cmocka_unit_test(little_of_it),
        cmocka_unit_test(nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
