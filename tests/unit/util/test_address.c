/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "util/address.h"

struct bad {
    const char *text;
    const char *message; /* a part of it */
    const char *hint;    /* or NULL */
};

static void check_error(const struct bad *c, int result, const struct error *err)
{
    if (result == 0)
        fail_msg("'%s' was accepted", c->text);
    assert_int_equal(err->kind, ERROR_CONFIG);
    if (!strstr(err->message, c->message))
        fail_msg("'%s': message '%s'", c->text, err->message);
    if (!c->hint != !err->hint || (c->hint && strcmp(c->hint, err->hint) != 0))
        fail_msg("'%s': hint '%s'", c->text, err->hint ? err->hint : "(none)");
}

static struct cidr subnet(const char *text)
{
    struct cidr cidr;

    if (cidr_parse(text, &cidr, NULL) < 0)
        fail_msg("'%s' is no subnet", text);
    return cidr;
}

static void ip4(void **state)
{
    static const char *const texts[] = {"0.0.0.0", "10.20.0.1", "127.0.0.1", "255.255.255.255"};
    static const uint32_t values[] = {0, 0x0a140001, 0x7f000001, 0xffffffff};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        char out[IP4_TEXT];
        uint32_t value;

        assert_int_equal(ip4_parse(texts[i], &value, NULL), 0);
        assert_int_equal(value, values[i]);
        assert_string_equal(ip4_format(value, out), texts[i]);
    }
}

static void bad_ip4(void **state)
{
    static const struct bad cases[] = {
        {"10.0.0.256", "'10.0.0.256' is not an IPv4 address", NULL},
        {"10.0.0", "is not an IPv4 address", NULL},
        {"10.1", "is not an IPv4 address", NULL},
        {"167772161", "is not an IPv4 address", NULL},
        {"010.0.0.1", "is not an IPv4 address", NULL},
        {"10.0.0.01", "is not an IPv4 address", NULL},
        {"10.0.0.00", "is not an IPv4 address", NULL},
        {"10.0.0.0x1", "is not an IPv4 address", NULL},
        {"10.0.0.1 ", "is not an IPv4 address", NULL},
        {" 10.0.0.1", "is not an IPv4 address", NULL},
        {"10.0.0.1.", "is not an IPv4 address", NULL},
        {"10..0.1", "is not an IPv4 address", NULL},
        {"10.0.0.-1", "is not an IPv4 address", NULL},
        {"10.0.0.1.2", "is not an IPv4 address", NULL},
        {"", "is not an IPv4 address", NULL},
        {"fd00::1", "is not an IPv4 address", NULL},
        {"10.0.0.1/24", "is not an IPv4 address", "write 10.0.0.1"},
        {"10.0.0.1/33", "is not an IPv4 address", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_error struct error *err = NULL;
        uint32_t value = 7;
        int result = ip4_parse(cases[i].text, &value, &err);

        check_error(&cases[i], result, err);
        assert_int_equal(value, 7);
    }
}

static void cidr(void **state)
{
    static const char *const texts[] = {"10.20.0.0/24", "0.0.0.0/0", "255.255.255.255/32",
                                        "10.20.0.7/31"};
    char out[CIDR_TEXT];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_string_equal(cidr_format(subnet(texts[i]), out), texts[i]);
    assert_int_equal(subnet("10.20.0.7/31").address, 0x0a140007);
    assert_int_equal(subnet("10.20.0.7/31").prefix, 31);
}

static void bad_cidr(void **state)
{
    static const struct bad cases[] = {
        {"10.20.0.0", "'10.20.0.0' is not an IPv4 subnet: expected an address and a prefix",
         "write 10.20.0.0/24"},
        {"lan", "is not an IPv4 subnet: expected an address and a prefix", NULL},
        {"", "is not an IPv4 subnet", NULL},
        {"/24", "'' is not an IPv4 address", NULL},
        {"10.20.0/24", "'10.20.0' is not an IPv4 address", NULL},
        {"1000.1000.1000.1000/24", "'1000.1000.1000.1000' is not an IPv4 address", NULL},
        {"10.20.0.0/33", "the prefix '33' is not 0 to 32", NULL},
        {"10.20.0.0/", "the prefix '' is not 0 to 32", NULL},
        {"10.20.0.0/024", "the prefix '024'", NULL},
        {"10.20.0.0/00", "the prefix '00'", NULL},
        {"10.20.0.0/-1", "the prefix '-1'", NULL},
        {"10.20.0.0/+8", "the prefix '+8'", NULL},
        {"10.20.0.0/24 ", "the prefix '24 '", NULL},
        {"10.20.0.0/24/8", "the prefix '24/8'", NULL},
        {"10.20.0.0/4294967320", "the prefix '4294967320'", NULL},
        {"10.20.0.0/255.255.255.0", "the prefix '255.255.255.0'", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_error struct error *err = NULL;
        struct cidr value = {.address = 7, .prefix = 7};
        int result = cidr_parse(cases[i].text, &value, &err);

        check_error(&cases[i], result, err);
        assert_int_equal(value.address, 7);
        assert_int_equal(value.prefix, 7);
    }
}

static void mac(void **state)
{
    char out[MAC_TEXT];
    struct mac value;

    (void)state;
    assert_int_equal(mac_parse("52:54:00:aB:Cd:0f", &value, NULL), 0);
    assert_string_equal(mac_format(value, out), "52:54:00:ab:cd:0f");
    assert_memory_equal(value.bytes, "\x52\x54\x00\xab\xcd\x0f", 6);
}

static void bad_mac(void **state)
{
    static const struct bad cases[] = {
        {"52-54-00-ab-cd-0f", "is not a MAC address: expected six pairs of hex digits with ':'",
         "write 52:54:00:ab:cd:0f"},
        {"52:54:00:ab:cd", "is not a MAC address", NULL},
        {"52:54:00:ab:cd:0f:11", "is not a MAC address", NULL},
        {"52:54:0:ab:cd:0f", "is not a MAC address", NULL},
        {"52:54:00:ab:cd:0g", "is not a MAC address", NULL},
        {"52:54:00-ab:cd:0f", "is not a MAC address", NULL},
        {"5:254:00:ab:cd:0f", "is not a MAC address", NULL},
        {"52:54:00:ab:cd:0f ", "is not a MAC address", NULL},
        {"525400abcd0f", "is not a MAC address", NULL},
        {"", "is not a MAC address", NULL},
        {"53:54:00:ab:cd:0f", "is a multicast MAC address",
         "the first pair of a machine's address is even: 52:54:00:ab:cd:0f"},
        {"ff:ff:ff:ff:ff:ff", "is a multicast MAC address",
         "the first pair of a machine's address is even: fe:ff:ff:ff:ff:ff"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_error struct error *err = NULL;
        struct mac value = {{7}};
        int result = mac_parse(cases[i].text, &value, &err);

        check_error(&cases[i], result, err);
        assert_int_equal(value.bytes[0], 7);
    }
}

static void check_arithmetic(const char *text, const char *const expected[5])
{
    struct cidr c = subnet(text);
    const uint32_t values[] = {cidr_netmask(c), cidr_network(c), cidr_broadcast(c),
                               cidr_first_host(c), cidr_last_host(c)};
    char out[IP4_TEXT];

    for (size_t i = 0; i < ARRAY_SIZE(values); i++)
        assert_string_equal(ip4_format(values[i], out), expected[i]);
}

static void arithmetic(void **state)
{
    (void)state;
    check_arithmetic("10.20.0.77/24",
                     (const char *const[]){"255.255.255.0", "10.20.0.0", "10.20.0.255",
                                           "10.20.0.1", "10.20.0.254"});
    check_arithmetic("10.20.0.6/30",
                     (const char *const[]){"255.255.255.252", "10.20.0.4", "10.20.0.7",
                                           "10.20.0.5", "10.20.0.6"});
    check_arithmetic("10.20.0.7/31",
                     (const char *const[]){"255.255.255.254", "10.20.0.6", "10.20.0.7",
                                           "10.20.0.6", "10.20.0.7"});
    check_arithmetic("10.20.0.7/32",
                     (const char *const[]){"255.255.255.255", "10.20.0.7", "10.20.0.7",
                                           "10.20.0.7", "10.20.0.7"});
    check_arithmetic("10.20.0.7/0",
                     (const char *const[]){"0.0.0.0", "0.0.0.0", "255.255.255.255", "0.0.0.1",
                                           "255.255.255.254"});
}

static void contains(void **state)
{
    struct cidr c = subnet("10.20.0.77/24");

    (void)state;
    assert_true(cidr_contains(c, 0x0a140000));
    assert_true(cidr_contains(c, 0x0a1400ff));
    assert_false(cidr_contains(c, 0x0a140100));
    assert_false(cidr_contains(c, 0x0a13ffff));
    assert_true(cidr_contains(subnet("1.2.3.4/0"), 0xffffffff));
}

static void overlaps(void **state)
{
    static const struct {
        const char *a, *b;
        bool expected;
    } cases[] = {
        {"10.20.0.0/24", "10.20.0.0/24", true},   {"10.20.0.0/16", "10.20.7.0/24", true},
        {"10.20.0.9/24", "10.20.0.200/25", true}, {"10.20.0.0/24", "10.20.1.0/24", false},
        {"0.0.0.0/0", "192.168.1.1/32", true},    {"10.20.0.0/25", "10.20.0.128/25", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(cidr_overlaps(subnet(cases[i].a), subnet(cases[i].b)),
                         cases[i].expected);
        assert_int_equal(cidr_overlaps(subnet(cases[i].b), subnet(cases[i].a)),
                         cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ip4),        cmocka_unit_test(bad_ip4),  cmocka_unit_test(cidr),
        cmocka_unit_test(bad_cidr),   cmocka_unit_test(mac),      cmocka_unit_test(bad_mac),
        cmocka_unit_test(arithmetic), cmocka_unit_test(contains), cmocka_unit_test(overlaps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
