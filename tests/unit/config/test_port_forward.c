/* SPDX-License-Identifier: Apache-2.0 */
/* Port forwards: what is read is written again, and which of them clash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/network/port_forward.h"
#include "util/memory.h"

static struct port_forward parsed(const char *text)
{
    struct port_forward forward;
    struct error *error = NULL;

    assert_int_equal(port_forward_parse(text, &forward, &error), 0);
    assert_null(error);
    return forward;
}

static void round_trip(void **state)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"8080:80", "8080:80"},
        {"8080:80/tcp", "8080:80"},
        {"127.0.0.1:5353:53/udp", "127.0.0.1:5353:53/udp"},
        {"0.0.0.0:1:65535", "0.0.0.0:1:65535"},
        {"[::1]:8443:443", "[::1]:8443:443"},
        {"[FD00:0:0:0::1]:8443:443/udp", "[fd00::1]:8443:443/udp"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct port_forward forward = parsed(cases[i].text);
        auto_free char *text = port_forward_text(&forward);

        assert_string_equal(text, cases[i].written);
        assert_int_equal(forward.is_ip6, text[0] == '[');
    }
}

static void parts(void **state)
{
    struct port_forward forward = parsed("127.0.0.1:5353:53/udp");

    (void)state;
    assert_string_equal(forward.address, "127.0.0.1");
    assert_int_equal(forward.host_port, 5353);
    assert_int_equal(forward.port, 53);
    assert_int_equal(forward.protocol, PORT_UDP);
    assert_string_equal(parsed("8080:80").address, "");
}

static void refused(void **state)
{
    static const char *const texts[] = {
        "",
        "80",
        ":80",
        "80:",
        "8080:80:",
        "8080:80/",
        "8080:80/x",
        "-1:80",
        "8080: 80",
        "0:80",
        "65536:80",
        "8080:000080",
        "1.2.3:1:2",
        "[::1:1:2",
        "::1]:1:2",
        "[]:1:2",
        "[1.2.3.4]:1:2",
        "x:1:2",
        "1:2:3:4:5",
        "8080:80/UDP",
        "8080:80/udp ",
        "8000-8001:80",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct port_forward forward;
        struct error *error = NULL;

        assert_int_equal(port_forward_parse(texts[i], &forward, &error), -1);
        assert_int_equal(error->kind, ERROR_CONFIG);
        assert_non_null(error->hint);
        error_free(error);
    }
}

static void clashes(void **state)
{
    static const struct {
        const char *a, *b;
        bool clash;
    } cases[] = {
        {"80:1", "80:2", true},
        {"80:1", "81:1", false},
        {"80:1", "80:1/udp", false},
        {"80:1", "127.0.0.1:80:1", true},
        {"80:1", "[::1]:80:1", true},
        {"0.0.0.0:80:1", "127.0.0.1:80:1", true},
        {"0.0.0.0:80:1", "[::1]:80:1", false},
        {"[::]:80:1", "[::1]:80:1", true},
        {"127.0.0.1:80:1", "127.0.0.2:80:1", false},
        {"127.0.0.1:80:1", "127.0.0.1:80:2", true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct port_forward a = parsed(cases[i].a), b = parsed(cases[i].b);

        assert_int_equal(port_forward_clash(&a, &b), cases[i].clash);
        assert_int_equal(port_forward_clash(&b, &a), cases[i].clash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(parts),
        cmocka_unit_test(refused),
        cmocka_unit_test(clashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
