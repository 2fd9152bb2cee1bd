/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/hardware/claims.h"
#include "host/hardware/device.h"

#define PCI(driver, more)                                                      \
    "<device><name>pci_0000_81_02_3</name><parent>pci_0000_80_01_0</parent>"   \
    "<driver><name>" driver "</name></driver><capability type='pci'>"          \
    "<class>0x020000</class><domain>0</domain><bus>129</bus><slot>2</slot>"    \
    "<function>3</function><product id='0x1520'/><vendor id='0x8086'/>" more   \
    "<iommuGroup number='44'><address domain='0x0000' bus='0x81' slot='0x02' " \
    "function='0x3'/><address domain='0x0000' bus='0x81' slot='0x02' "         \
    "function='0x4'/></iommuGroup><numa node='1'/></capability></device>"

static void a_physical_function(void **state)
{
    auto_pci struct host_pci pci;

    (void)state;
    assert_int_equal(
        device_parse_pci(PCI("igb", "<capability type='virt_functions' maxCount='7'>"
                                    "<address domain='0x0000' bus='0x81' slot='0x10' "
                                    "function='0x1'/><address domain='0x0000' bus='0x81' "
                                    "slot='0x10' function='0x5'/></capability>"),
                         &pci, NULL),
        0);
    assert_string_equal(pci.address.text, "0000:81:02.3");
    assert_string_equal(pci.driver, "igb");
    assert_int_equal(pci.class, 0x020000);
    assert_int_equal(pci.group, 44);
    assert_int_equal(pci.peers.count, 2);
    assert_string_equal(pci.peers.items[1].text, "0000:81:02.4");
    assert_int_equal(pci.functions.count, 2);
    assert_string_equal(pci.functions.items[1].text, "0000:81:10.5");
    assert_string_equal(pci.parent.text, "");
}

static void a_virtual_function(void **state)
{
    auto_pci struct host_pci pci;

    (void)state;
    assert_int_equal(
        device_parse_pci(PCI("vfio-pci", "<capability type='phys_function'>"
                                         "<address domain='0x0000' bus='0x81' slot='0x00' "
                                         "function='0x1'/></capability>"),
                         &pci, NULL),
        0);
    assert_string_equal(pci.parent.text, "0000:81:00.1");
    assert_int_equal(pci.functions.count, 0);
}

/* As on a host without an IOMMU. */
static void without_a_group(void **state)
{
    auto_pci struct host_pci pci;

    (void)state;
    assert_int_equal(
        device_parse_pci("<device><name>pci_0000_00_01_0</name><capability type='pci'>"
                         "<class>0xffff00</class><domain>0</domain><bus>0</bus><slot>1</slot>"
                         "<function>0</function></capability></device>",
                         &pci, NULL),
        0);
    assert_string_equal(pci.address.text, "0000:00:01.0");
    assert_int_equal(pci.group, -1);
    assert_null(pci.driver);
    assert_int_equal(pci.peers.count, 0);
}

static void names(void **state)
{
    struct pci_name a;

    (void)state;
    assert_true(device_pci_from_name("pci_0000_81_1f_7", &a));
    assert_string_equal(a.text, "0000:81:1f.7");
    assert_false(device_pci_from_name("pci_0000_81_20_0", &a));
    assert_false(device_pci_from_name("usb_1_4", &a));
}

static void usb(void **state)
{
    struct host_usb u;

    (void)state;
    assert_int_equal(
        device_parse_usb("<device><name>usb_1_4</name><capability type='usb_device'>"
                         "<bus>1</bus><device>12</device><product id='0x5583'>Stick"
                         "</product><vendor id='0x0781'>SanDisk</vendor></capability>"
                         "</device>",
                         &u, NULL),
        0);
    assert_int_equal(u.vendor, 0x0781);
    assert_int_equal(u.product, 0x5583);
    assert_int_equal(u.bus, 1);
    assert_int_equal(u.device, 12);
    assert_string_equal(u.title, "Stick");
    free(u.title);
}

#define MDEV(name, more)                                                                    \
    "<device><name>" name "</name><capability type='mdev'><type id='i915-GVTg_V5_8'/>" more \
    "<iommuGroup number='12'/></capability></device>"
#define UUID "4b20d080-1b54-4048-85b3-a6a62d165c01"

static void mediated(void **state)
{
    static const char *const texts[] = {
        MDEV("mdev_4b20d080_1b54_4048_85b3_a6a62d165c01", ""),
        MDEV("mdev_4b20d080_1b54_4048_85b3_a6a62d165c01_0000_00_02_0", "<uuid>" UUID "</uuid>"),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct host_mdev m;

        assert_int_equal(device_parse_mdev(texts[i], &m, NULL), 0);
        assert_string_equal(m.uuid, UUID);
        assert_string_equal(m.type, "i915-GVTg_V5_8");
        free(m.uuid);
        free(m.type);
    }
}

static void not_such_a_device(void **state)
{
    static const char *const texts[] = {
        "<a", "<domain/>", "<device><capability type='net'/></device>",
        ("<device><capability type='pci'/><capability type='usb_device'/>"
         "<capability type='mdev'/></device>")};
    struct host_pci pci;
    struct host_usb u;
    struct host_mdev m;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        auto_error struct error *first = NULL, *second = NULL, *third = NULL;

        assert_int_equal(device_parse_pci(texts[i], &pci, &first), -1);
        assert_int_equal(device_parse_usb(texts[i], &u, &second), -1);
        assert_int_equal(device_parse_mdev(texts[i], &m, &third), -1);
        assert_non_null(first->message);
        assert_non_null(second->message);
        assert_non_null(third->message);
    }
}

/* The driver has one computer and some scsi hosts. */
static void of_the_test_driver(void **state)
{
    auto_pci_names struct pci_names list = {0};
    auto_usbs struct host_usbs usbs = {0};
    auto_mdevs struct host_mdevs mdevs = {0};
    struct host *host;
    struct host_pci pci;
    bool found = true;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(device_find_pci(host, "0000:81:00.3", &pci, &found, NULL), 0);
    assert_false(found);
    assert_int_equal(device_list_pci(host, &list, NULL), 0);
    assert_int_equal(device_list_usb(host, &usbs, NULL), 0);
    assert_int_equal(device_list_mdev(host, &mdevs, NULL), 0);
    assert_int_equal(list.count + usbs.count + mdevs.count, 0);
    host_close(host);
}

#define DOMAIN(name, devices) \
    "<domain type='kvm'><name>" name "</name><devices>" devices "</devices></domain>"

static void who_has_what(void **state)
{
    auto_claims struct host_claims c = {0};

    (void)state;
    assert_int_equal(
        claims_parse(DOMAIN("one",
                            "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                            "<address domain='0x0000' bus='0x81' slot='0x00' function='0x3'/>"
                            "</source></hostdev><interface type='hostdev'><source>"
                            "<address type='pci' domain='0x0000' bus='0x81' slot='0x10' "
                            "function='0x1'/></source></interface><interface type='network'>"
                            "<source network='x'/></interface>"),
                     &c, NULL),
        0);
    assert_int_equal(
        claims_parse(DOMAIN("two", "<hostdev mode='subsystem' type='usb'><source>"
                                   "<vendor id='0x0781'/><product id='0x5583'/>"
                                   "<address bus='1' device='12'/></source></hostdev>"
                                   "<hostdev mode='subsystem' type='mdev' model='vfio-pci'>"
                                   "<source><address uuid='" UUID "'/></source></hostdev>"),
                     &c, NULL),
        0);
    assert_int_equal(c.count, 4);
    assert_string_equal(claims_owner(&c, CLAIM_PCI, "0000:81:00.3", "x"), "one");
    assert_string_equal(claims_owner(&c, CLAIM_PCI, "0000:81:10.1", "x"), "one");
    assert_string_equal(claims_owner(&c, CLAIM_USB, "1.12", "x"), "two");
    assert_string_equal(claims_owner(&c, CLAIM_MDEV, UUID, "x"), "two");
    assert_null(claims_owner(&c, CLAIM_PCI, "0000:81:00.3", "one"));
    assert_null(claims_owner(&c, CLAIM_PCI, "0000:81:00.4", "x"));
    assert_null(claims_owner(&c, CLAIM_USB, UUID, "x"));
}

static void nobody_has_any(void **state)
{
    auto_claims struct host_claims c = {0};
    struct host *host;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(claims_read(host, &c, NULL), 0); /* its domain "test" runs */
    assert_int_equal(c.count, 0);
    host_close(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_physical_function),
        cmocka_unit_test(a_virtual_function),
        cmocka_unit_test(without_a_group),
        cmocka_unit_test(names),
        cmocka_unit_test(usb),
        cmocka_unit_test(mediated),
        cmocka_unit_test(not_such_a_device),
        cmocka_unit_test(of_the_test_driver),
        cmocka_unit_test(who_has_what),
        cmocka_unit_test(nobody_has_any),
    };

    virt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
