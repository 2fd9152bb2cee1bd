/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: forms of names, what the file leaves open, what a spec says and what it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loading.h"

#define NODES LOADING_HEAD "defaults: { image: debian12 }\nnodes:\n"

static void pci_addresses(void **state)
{
    static const char *const bad[] = {"",           "81:00",       "81:00.8", "0000:81:20.0",
                                      "81:00.3 ",   "0:81:00.3",   "81-00.3", "00000:81:00.3",
                                      "0000:8:0.3", "0000:81:00.", NULL};
    struct pci_address at = {0};

    (void)state;
    assert_true(pci_address_parse("0001:a1:1f.7", &at));
    assert_true(at.domain == 1 && at.bus == 0xa1 && at.slot == 0x1f && at.function == 7);
    assert_true(pci_address_parse("81:00.3", &at));
    assert_true(at.domain == 0 && at.bus == 0x81 && at.slot == 0 && at.function == 3);
    for (size_t i = 0; bad[i]; i++)
        assert_false(pci_address_parse(bad[i], &at));
}

static void usb_names(void **state)
{
    static const char *const bad[] = {"",     "1d6b:2", "1d6b:00021", "1.0", "0.1", "1.1.1",
                                      "01.2", "1",      "1234.1",     "a.b", NULL};
    unsigned a, b;

    (void)state;
    assert_true(usb_id_parse("1D6b:0002", &a, &b) && a == 0x1d6b && b == 2);
    assert_true(usb_address_parse("1.12", &a, &b) && a == 1 && b == 12);
    for (size_t i = 0; bad[i]; i++)
        assert_false(usb_id_parse(bad[i], &a, &b) || usb_address_parse(bad[i], &a, &b));
}

static void uuids(void **state)
{
    (void)state;
    assert_true(hostdev_is_uuid("4b20d080-1b54-4048-85B3-a6a62d165c01"));
    assert_false(hostdev_is_uuid("4b20d080-1b54-4048-85b3-a6a62d165c0"));
    assert_false(hostdev_is_uuid("4b20d080-1b54-4048-85b3-a6a62d165c011"));
    assert_false(hostdev_is_uuid("4b20d080x1b54-4048-85b3-a6a62d165c01"));
}

/* An item alone stands for a list of one; none of them for an empty list. */
static void lone_items(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *n;

    (void)state;
    loading_good(&l, NODES "  a: { graphics: spice, serial: { type: tcp, port: 1 } }\n"
                           "  b: { graphics: none, serial: none }\n"
                           "  c: { graphics: { port: 5901 }, input: [mouse, keyboard] }\n");
    n = l.cluster->nodes;
    assert_non_null(graphics_spice(&n[0].graphics));
    assert_int_equal(((const struct chardev *)n[0].serials.items)->port, 1);
    assert_false(graphics_any(&n[1].graphics));
    assert_int_equal(n[1].graphics.count, 0);
    assert_int_equal(((const struct chardev *)n[1].serials.items)->type, CHARDEV_NONE);
    assert_true(graphics_any(&n[2].graphics));
    assert_null(graphics_spice(&n[2].graphics));
    assert_int_equal(n[2].inputs.count, 2);
}

static void what_is_left_open(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *n;
    const struct share *shares;

    (void)state;
    loading_good(&l, NODES "  a: { tpm: { model: tpm-tis }, vsock: { cid: 7 } }\n"
                           "  b: { tpm: { version: 1.2 }, vsock: true }\n"
                           "  c: { shares: [/a:/b, { source: /c, tag: x, driver: 9p }] }\n"
                           "  d: { shares: [{ source: /c, driver: 9p }] }\n");
    n = l.cluster->nodes;
    assert_int_equal(n[0].tpm.version, TPM_2_0);
    assert_int_equal(n[0].vsock.enabled, SWITCH_ON);
    assert_int_equal(n[1].tpm.version, TPM_1_2);
    assert_int_equal(n[1].vsock.cid, 0);
    shares = n[2].shares.items;
    assert_string_equal(shares[0].source, "/a");
    assert_string_equal(shares[0].target, "/b");
    assert_string_equal(shares[0].tag, "share0");
    assert_string_equal(shares[1].tag, "x");
    assert_null(shares[1].target);
    assert_true(shares_need_shared_memory(&n[2].shares));
    assert_false(shares_need_shared_memory(&n[3].shares));
}

static char *spec_text(const struct node *node)
{
    json_t *spec = cluster_node_spec(node);
    char *text = json_dumps(spec, JSON_COMPACT | JSON_SORT_KEYS);

    json_decref(spec);
    return text;
}

/* A tag is for all to read: the password is not in it, but whether it is another one is. */
static void passwords_in_specs(void **state)
{
    auto_loading struct loading l = {0};
    char *text[3];

    (void)state;
    loading_good(&l, NODES "  a: { graphics: { password: s3cret } }\n"
                           "  b: { graphics: { password: s3cret } }\n"
                           "  c: { graphics: { password: s4cret } }\n");
    for (size_t i = 0; i < 3; i++) {
        text[i] = spec_text(&l.cluster->nodes[i]);
        assert_null(strstr(text[i], "cret"));
        assert_non_null(strstr(text[i], "\"password\":\"sha256:"));
    }
    assert_string_equal(strstr(text[0], "sha256:"), strstr(text[1], "sha256:"));
    assert_string_not_equal(strstr(text[0], "sha256:"), strstr(text[2], "sha256:"));
    for (size_t i = 0; i < 3; i++)
        free(text[i]);
}

static void passwords_in_messages(void **state)
{
    static const char *const texts[] = {
        NODES "  a: { graphics: { type: vnc, password: correct-horse } }\n",
        NODES "  a: { graphics: { type: vnc, password: correct-horse, prot: 1 } }\n",
        NODES "  a: { graphics: { type: vnc, pasword: correct-horse } }\n",
        NODES "  a: { graphics: { type: vnc, password: [correct-horse] } }\n",
        NODES "  a:\n    graphics: { type: vnc, passwd: \"correct-horse\" }\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        auto_loading struct loading l = {0};
        auto_buffer struct buffer out = {0};

        loading_start(&l, texts[i]);
        diagnostics_render(&l.d, false, &out);
        assert_null(l.cluster);
        assert_non_null(strstr(out.data, "****"));
        assert_null(strstr(out.data, "horse"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pci_addresses),
        cmocka_unit_test(usb_names),
        cmocka_unit_test(uuids),
        cmocka_unit_test(lone_items),
        cmocka_unit_test(what_is_left_open),
        cmocka_unit_test(passwords_in_specs),
        cmocka_unit_test(passwords_in_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
