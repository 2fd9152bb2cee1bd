/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "util/ip6.h"

static struct ip6 address(const char *text)
{
    struct ip6 value;

    if (ip6_parse(text, &value, NULL) < 0)
        fail_msg("'%s' is no address", text);
    return value;
}

static struct cidr6 subnet(const char *text)
{
    struct cidr6 value;

    if (cidr6_parse(text, &value, NULL) < 0)
        fail_msg("'%s' is no subnet", text);
    return value;
}

static void assert_ip6(struct ip6 value, const char *text)
{
    char out[IP6_TEXT];

    assert_string_equal(ip6_format(value, out), text);
}

static void canonical(void **state)
{
    static const char *const pairs[][2] = {
        {"fd00:21::1", "fd00:21::1"},
        {"FD00:0021:0:0:0:0:0:1", "fd00:21::1"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"fd00::10.20.0.1", "fd00::a14:1"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
        assert_ip6(address(pairs[i][0]), pairs[i][1]);
    assert_false(ip6_is_set(address("::")));
    assert_true(ip6_is_set(address("::1")));
}

struct bad {
    const char *text;
    const char *message; /* a part of it */
    const char *hint;    /* or NULL */
};

static void check_bad(const struct bad *c, int result, const struct error *err)
{
    if (result == 0)
        fail_msg("'%s' was accepted", c->text);
    assert_int_equal(err->kind, ERROR_CONFIG);
    if (!strstr(err->message, c->message))
        fail_msg("'%s': message '%s'", c->text, err->message);
    if (!c->hint != !err->hint || (c->hint && strcmp(c->hint, err->hint) != 0))
        fail_msg("'%s': hint '%s'", c->text, err->hint ? err->hint : "(none)");
}

static void bad_addresses(void **state)
{
    static const struct bad cases[] = {
        {"", "'' is not an IPv6 address", NULL},
        {"fd00:21", "is not an IPv6 address", NULL},
        {"fd00::21::1", "is not an IPv6 address", NULL},
        {"fd00::g", "is not an IPv6 address", NULL},
        {"fd00::12345", "is not an IPv6 address", NULL},
        {"fd00::1 ", "is not an IPv6 address", NULL},
        {" fd00::1", "is not an IPv6 address", NULL},
        {"1:2:3:4:5:6:7:8:9", "is not an IPv6 address", NULL},
        {"fe80::1%eth0", "is not an IPv6 address", "write fe80::1"},
        {"fd00::1/64", "is not an IPv6 address", "write fd00::1"},
        {"[fd00::1]", "is not an IPv6 address", "write fd00::1"},
        {"[fd00::g]", "is not an IPv6 address", NULL},
        {"10.20.0.1", "is not an IPv6 address", "it is an IPv4 one"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_error struct error *err = NULL;
        struct ip6 value;
        int result = ip6_parse(cases[i].text, &value, &err);

        check_bad(&cases[i], result, err);
    }
}

static void bad_subnets(void **state)
{
    static const struct bad cases[] = {
        {"fd00:21::", "expected an address and a prefix", "write fd00:21::/64"},
        {"fd00:21", "expected an address and a prefix", NULL},
        {"fd00::/129", "the prefix '129' is not 0 to 128", NULL},
        {"fd00::/064", "the prefix '064' is not 0 to 128", NULL},
        {"fd00::/", "the prefix '' is not 0 to 128", NULL},
        {"fd00::/6x", "the prefix '6x' is not 0 to 128", NULL},
        {"10.20.0.0/24", "'10.20.0.0' is not an IPv6 address", NULL},
        {"/64", "'' is not an IPv6 address", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_error struct error *err = NULL;
        struct cidr6 value;
        int result = cidr6_parse(cases[i].text, &value, &err);

        check_bad(&cases[i], result, err);
    }
}

static void subnets(void **state)
{
    char out[CIDR6_TEXT];

    (void)state;
    assert_string_equal(cidr6_format(subnet("FD00:21:0::7/64"), out), "fd00:21::7/64");
    assert_ip6(cidr6_network(subnet("fd00:21::7/64")), "fd00:21::");
    assert_ip6(cidr6_network(subnet("fd00:21::ff7/122")), "fd00:21::fc0");
    assert_ip6(cidr6_network(subnet("fd00:21::7/0")), "::");
    assert_ip6(cidr6_network(subnet("fd00:21::7/128")), "fd00:21::7");
    assert_ip6(cidr6_last(subnet("fd00:21::/122")), "fd00:21::3f");
    assert_ip6(cidr6_last(subnet("fd00:21::/48")), "fd00:21:0:ffff:ffff:ffff:ffff:ffff");
    assert_ip6(cidr6_first_host(subnet("fd00:21::5/64")), "fd00:21::1");
    assert_ip6(cidr6_first_host(subnet("fd00:21::4/127")), "fd00:21::4");
    assert_true(cidr6_contains(subnet("fd00:21::/64"), address("fd00:21::ffff")));
    assert_false(cidr6_contains(subnet("fd00:21::/64"), address("fd00:21:0:1::1")));
    assert_true(cidr6_overlaps(subnet("fd00:21::/48"), subnet("fd00:21:0:7::/64")));
    assert_true(cidr6_overlaps(subnet("fd00:21:0:7::/64"), subnet("fd00:21::/48")));
    assert_false(cidr6_overlaps(subnet("fd00:21::/64"), subnet("fd00:22::/64")));
}

static void arithmetic(void **state)
{
    (void)state;
    assert_ip6(ip6_add(address("fd00::ffff"), 1), "fd00::1:0");
    assert_ip6(ip6_add(address("fd00::ffff:ffff:ffff:ffff"), 1), "fd00::");
    assert_true(ip6_low(address("fd00::1:2")) == 0x10002);
    assert_ip6(ip6_with_low(address("fd00:21::ffff"), 0x11), "fd00:21::11");
    assert_true(ip6_compare(address("fd00::1"), address("fd00::2")) < 0);
    assert_true(ip6_compare(address("fd01::"), address("fd00:ffff::")) > 0);
    assert_int_equal(ip6_compare(address("fd00::1"), address("FD00:0::1")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical), cmocka_unit_test(bad_addresses),
        cmocka_unit_test(bad_subnets), cmocka_unit_test(subnets), cmocka_unit_test(arithmetic)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
