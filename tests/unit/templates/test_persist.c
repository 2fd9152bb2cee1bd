/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdlib.h>
#include <string.h>

#include "templates/persist/persist.h"
#include "util/digest.h"

static struct persist_bridge bridge(void)
{
    struct persist_bridge b = {.cluster = "lab",
                               .network = "prod",
                               .bridge = "br-prod",
                               .uplink = "eth1",
                               .mac = "02:00:00:00:00:01"};

    persist_take_address(&b, "192.0.2.5/24 brd + scope global");
    persist_take_address(&b, "10.50.0.1/24");
    persist_take_address(&b, "2001:db8::5/64");
    persist_take_route(&b, "default via 192.0.2.1 proto static metric 100");
    persist_take_route(&b, "10.9.0.0/16 via 192.0.2.254");
    persist_take_route(&b, "192.0.2.0/24 proto kernel scope link src 192.0.2.5");
    persist_take_route(&b, "default via 2001:db8::1");
    return b;
}

/* All files of a manager as one text. */
static char *all(enum persist_manager manager, const struct persist_bridge *b)
{
    auto_persist struct persist_files files = {0};
    struct buffer out = {0};

    persist_render(manager, b, &files);
    for (size_t i = 0; i < files.count; i++)
        buffer_printf(&out, "==> %s %04o\n%s\n", files.items[i].path, files.items[i].mode,
                      files.items[i].content);
    return buffer_take(&out);
}

static void check(const char *what, const struct persist_bridge *b)
{
    static const char *const names[] = {"networkd", "network-manager", "ifupdown", "netplan"};

    for (enum persist_manager m = 0; m < PERSIST_MANAGERS; m++) {
        auto_free char *text = all(m, b);
        auto_free char *file = xasprintf("persist-%s-%s.txt", names[m], what);

        golden_check(file, text);
    }
}

static void an_uplink(void **state)
{
    struct persist_bridge b = bridge();

    (void)state;
    b.mtu = 9000;
    check("uplink", &b);
    persist_bridge_done(&b);
}

static void a_vlan(void **state)
{
    struct persist_bridge b = {.cluster = "lab",
                               .network = "prod",
                               .bridge = "br-prod",
                               .uplink = "eth1",
                               .vlan_device = "eth1.30",
                               .vlan = 30,
                               .stp = true,
                               .forward_delay = 4000};

    (void)state;
    persist_take_address(&b, "10.50.0.1/24");
    check("vlan", &b);
    b.uplink_file = "10-eth1.network";
    {
        auto_free char *text = all(PERSIST_NETWORKD, &b);

        assert_non_null(
            strstr(text, "==> /etc/systemd/network/10-eth1.network.d/virtopo-lab-prod.conf"));
        assert_null(strstr(text, "-uplink.network"));
    }
    persist_bridge_done(&b);
}

static void a_client(void **state)
{
    struct persist_bridge b = {
        .cluster = "lab", .network = "prod", .bridge = "br-prod", .uplink = "eth1"};

    (void)state;
    persist_take_address(&b, "192.0.2.105/24 brd + dynamic");
    persist_take_route(&b, "default via 192.0.2.1 proto dhcp metric 100");
    persist_take_route(&b, "default via fe80::1 proto ra metric 100");
    assert_true(b.dhcp4 && b.dhcp6);
    assert_int_equal(b.address_count, 0);
    assert_int_equal(b.route_count, 0);
    check("client", &b);
    persist_bridge_done(&b);
}

static void alone(void **state)
{
    struct persist_bridge b = {.cluster = "lab", .network = "prod", .bridge = "br-prod"};

    (void)state;
    check("alone", &b);
}

/* The second line tells whether somebody edited the rest. */
static void the_digest(void **state)
{
    struct persist_bridge b = bridge();
    auto_persist struct persist_files files = {0};

    (void)state;
    persist_render(PERSIST_NETPLAN, &b, &files);
    for (size_t i = 0; i < files.count; i++) {
        const char *line = strstr(files.items[i].content, "rest: ");
        const char *rest = strchr(line, '\n') + 1;
        char digest[SHA256_TEXT];

        sha256_text(rest, strlen(rest), digest);
        assert_memory_equal(line + strlen("rest: "), digest, strlen(digest));
    }
    persist_bridge_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_uplink),  cmocka_unit_test(a_vlan),
        cmocka_unit_test(a_client),   cmocka_unit_test(alone),
        cmocka_unit_test(the_digest), cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
