/* SPDX-License-Identifier: Apache-2.0 */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/routes.h"

#define HEAD \
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"

static void check_route(const struct survey *s, size_t i, const char *device,
                        const char *subnet)
{
    char text[CIDR_TEXT];

    assert_string_equal(s->routes[i].device, device);
    assert_string_equal(cidr_format(s->routes[i].subnet, text), subnet);
}

/* The kernel prints addresses as numbers of the machine it runs on. */
static char *table(void)
{
#define ROW "%s\t%08X\t%08X\t0001\t0\t0\t%d\t%08X\t0\t0\t0\n"
    return xasprintf(HEAD ROW ROW ROW ROW, "eth0", 0u, htobe32(0xc0000201u), 100, 0u, "eth0",
                     htobe32(0xc0000200u), 0u, 100, htobe32(0xffffff00u), "lan-1f3a5c7e",
                     htobe32(0x0a140000u), 0u, 0, htobe32(0xffffff00u), "tun0",
                     htobe32(0x0a630000u), htobe32(0xc0000202u), 0, htobe32(0xfffffffeu));
}

static void routes_of_a_machine(void **state)
{
    struct survey s = {0};
    auto_free char *text = table();

    (void)state;
    assert_int_equal(routes_parse(text, &s, NULL), 0);
    assert_int_equal(s.route_count, 3); /* not the default route */
    check_route(&s, 0, "eth0", "192.0.2.0/24");
    check_route(&s, 1, "lan-1f3a5c7e", "10.20.0.0/24");
    check_route(&s, 2, "tun0", "10.99.0.0/31");
    survey_done(&s);
}

static void bridges_of_networks_are_networks(void **state)
{
    struct survey s = {0};
    struct survey_network with = {.name = xstrdup("lab_lan"),
                                  .view = {.bridge = xstrdup("lan-1f3a5c7e")}};
    struct survey_network without = {.name = xstrdup("other")};
    auto_free char *text = table();

    (void)state;
    vector_push(s.networks, s.network_count, without);
    vector_push(s.networks, s.network_count, with);
    assert_int_equal(routes_parse(text, &s, NULL), 0);
    assert_int_equal(s.route_count, 2);
    check_route(&s, 0, "eth0", "192.0.2.0/24");
    check_route(&s, 1, "tun0", "10.99.0.0/31");
    survey_done(&s);
}

static void no_routes(void **state)
{
    struct survey s = {0};

    (void)state;
    assert_int_equal(routes_parse("", &s, NULL), 0);
    assert_int_equal(routes_parse(HEAD, &s, NULL), 0);
    assert_int_equal(s.route_count, 0);
    survey_done(&s);
}

static void not_routes(void **state)
{
    static const char *const texts[] = {HEAD "eth0 zzz\n", HEAD "eth0\n",
                                        HEAD "eth0\t0A140000\t00000000\t0001\t0\t0\t0"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        auto_error struct error *err = NULL;
        struct survey s = {0};

        assert_int_equal(routes_parse(texts[i], &s, &err), -1);
        assert_non_null(strstr(err->message, "'eth0"));
        assert_null(strchr(err->message, '\n'));
        survey_done(&s);
    }
}

static void of_this_machine(void **state)
{
    struct survey s = {0};

    (void)state;
    assert_int_equal(routes_read(&s, NULL), 0);
    survey_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes_of_a_machine),
        cmocka_unit_test(bridges_of_networks_are_networks),
        cmocka_unit_test(no_routes),
        cmocka_unit_test(not_routes),
        cmocka_unit_test(of_this_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
