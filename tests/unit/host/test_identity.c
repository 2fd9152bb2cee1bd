/* SPDX-License-Identifier: Apache-2.0 */
/* Golden values: whoever changes one of these loses the machines of every cluster there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/identity.h"

static void names(void **state)
{
    auto_free char *domain = identity_domain("lab", "web-1");
    auto_free char *network = identity_network("lab", "lan");
    auto_free char *pool = identity_pool("lab");
    auto_free char *path = identity_pool_path("/var/lib/virtopo", "lab");

    (void)state;
    assert_string_equal(domain, "lab_web-1");
    assert_string_equal(network, "lab_lan");
    assert_string_equal(pool, "virtopo_lab");
    assert_string_equal(path, "/var/lib/virtopo/lab");
    assert_string_equal(IDENTITY_STORE, "virtopo");
}

static void uuids(void **state)
{
    char uuid[UUID_TEXT];

    (void)state;
    identity_domain_uuid("lab", "web-1", uuid);
    assert_string_equal(uuid, "1ddb09a0-ca04-53e2-a6ac-10ea66bbdf9b");
    identity_network_uuid("lab", "lan", uuid);
    assert_string_equal(uuid, "266e2548-e869-5314-a739-6e5d054b112b");
    identity_pool_uuid("lab", uuid);
    assert_string_equal(uuid, "81422e05-a01a-5f28-8663-3580d35f652f");
    identity_store_uuid(uuid);
    assert_string_equal(uuid, "fbdf1ba4-af36-53ee-a3ce-f4986685ccb5");
}

static void bridges(void **state)
{
    char bridge[BRIDGE_TEXT];

    (void)state;
    identity_bridge("lab", "lan", bridge);
    assert_string_equal(bridge, "lan-790c75f0");
    identity_bridge("lab2", "lan", bridge);
    assert_string_equal(bridge, "lan-d31c7189");
    identity_bridge("lab", "management-network", bridge);
    assert_string_equal(bridge, "manage-13014da9");
    assert_int_equal(strlen(bridge), BRIDGE_TEXT - 1);
}

static void check_mac(const char *node, const char *network, unsigned index,
                      const char *expected)
{
    struct mac mac = identity_mac("lab", node, network, index);
    char text[MAC_TEXT];

    assert_string_equal(mac_format(mac, text), expected);
    assert_int_equal(mac.bytes[0] & 3, 2); /* locally administered, unicast */
}

static void macs(void **state)
{
    (void)state;
    check_mac("web-1", "lan", 0, "52:1a:ba:8a:ee:19");
    check_mac("web-1", "lan", 1, "52:86:23:c7:a9:cf");
    check_mac("web-1", "san", 0, "52:41:37:f0:1a:6c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(uuids),
        cmocka_unit_test(bridges),
        cmocka_unit_test(macs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
