/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "host/hardware/domcaps.h"

static void read_caps(const char *name, struct domcaps *ret)
{
    auto_free char *xml = data_read(name);

    assert_int_equal(domcaps_parse(xml, ret, NULL), 0);
}

static void of_debian_without_kvm(void **state)
{
    auto_domcaps struct domcaps c;
    auto_free char *buses = NULL;

    (void)state;
    read_caps("domcaps-qemu.xml", &c);
    assert_string_equal(c.machine, "pc-q35-7.2");
    assert_string_equal(c.type, "qemu");
    assert_int_equal(c.max_cpus, 288);
    assert_int_equal(domcaps_has(&c, DOMCAPS_FIRMWARE, "efi"), HOST_NO);
    assert_int_equal(domcaps_has(&c, DOMCAPS_SECURE_LOADER, "yes"), HOST_NO);
    assert_int_equal(domcaps_has(&c, DOMCAPS_DISK_BUS, "ide"), HOST_NO);
    assert_int_equal(domcaps_has(&c, DOMCAPS_DISK_BUS, "sata"), HOST_YES);
    assert_int_equal(domcaps_has(&c, DOMCAPS_GRAPHICS, "spice"), HOST_YES);
    assert_int_equal(domcaps_has(&c, DOMCAPS_TPM_BACKEND, "emulator"), HOST_NO);
    assert_int_equal(domcaps_has(&c, DOMCAPS_HYPERV, "vapic"), HOST_NO);
    assert_int_equal(domcaps_has_mode(&c, "host-passthrough"), HOST_NO);
    assert_int_equal(domcaps_has_mode(&c, "maximum"), HOST_YES);
    buses = domcaps_text(&c, DOMCAPS_DISK_BUS);
    assert_string_equal(buses, "fdc, scsi, virtio, usb, sata");
}

/* libvirt 9.0 has no such lists. */
static void what_is_not_told_is_no_no(void **state)
{
    auto_domcaps struct domcaps c;

    (void)state;
    read_caps("domcaps-qemu.xml", &c);
    assert_int_equal(domcaps_has(&c, DOMCAPS_TPM_VERSION, "2.0"), HOST_UNKNOWN);
    assert_int_equal(domcaps_has(&c, DOMCAPS_PANIC_MODEL, "isa"), HOST_UNKNOWN);
}

static void of_kvm_and_a_newer_libvirt(void **state)
{
    auto_domcaps struct domcaps c;

    (void)state;
    read_caps("domcaps-kvm.xml", &c);
    assert_int_equal(domcaps_has(&c, DOMCAPS_FIRMWARE, "efi"), HOST_YES);
    assert_int_equal(domcaps_has(&c, DOMCAPS_SECURE_LOADER, "yes"), HOST_YES);
    assert_int_equal(domcaps_has(&c, DOMCAPS_GRAPHICS, "spice"), HOST_NO);
    assert_int_equal(domcaps_has(&c, DOMCAPS_TPM_BACKEND, "emulator"), HOST_YES);
    assert_int_equal(domcaps_has(&c, DOMCAPS_TPM_VERSION, "1.2"), HOST_NO);
    assert_int_equal(domcaps_has(&c, DOMCAPS_PANIC_MODEL, "pvpanic"), HOST_YES);
    assert_int_equal(domcaps_has(&c, DOMCAPS_DISK_BUS, "nvme"), HOST_YES);
    assert_int_equal(domcaps_has(&c, DOMCAPS_CHANNEL, "spicevmc"), HOST_NO);
    assert_int_equal(domcaps_has_mode(&c, "host-passthrough"), HOST_YES);
}

static void models(void **state)
{
    auto_domcaps struct domcaps c;
    const struct domcaps_model *m;

    (void)state;
    read_caps("domcaps-kvm.xml", &c);
    m = domcaps_model(&c, "Haswell");
    assert_non_null(m);
    assert_int_equal(m->usable, HOST_NO);
    assert_string_equal(m->blockers, "hle, rtm");
    m = domcaps_model(&c, "Nehalem");
    assert_int_equal(m->usable, HOST_YES);
    assert_null(m->blockers);
    assert_false(m->deprecated);
    assert_true(domcaps_model(&c, "Conroe-v1")->deprecated);
    assert_int_equal(domcaps_model(&c, "qemu64")->usable, HOST_UNKNOWN);
    assert_null(domcaps_model(&c, "haswell"));
}

static void features(void **state)
{
    auto_domcaps struct domcaps c;

    (void)state;
    read_caps("domcaps-kvm.xml", &c);
    assert_true(domcaps_lacks_feature(&c, "rdseed"));
    assert_false(domcaps_lacks_feature(&c, "vmx"));
    assert_false(domcaps_lacks_feature(&c, "avx512f")); /* nobody said so */
}

static void of_a_driver_without_the_call(void **state)
{
    auto_domcaps struct domcaps c;
    struct host *host;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(domcaps_read(host, "i686", "pc", "test", &c, NULL), 0);
    assert_string_equal(c.machine, "pc");
    for (int i = 0; i < DOMCAPS_LISTS; i++)
        assert_int_equal(domcaps_has(&c, i, "virtio"), HOST_UNKNOWN);
    assert_int_equal(domcaps_has_mode(&c, "custom"), HOST_UNKNOWN);
    host_close(host);
}

static void not_domain_capabilities(void **state)
{
    static const char *const texts[] = {"", "<a", "<capabilities/>"};
    struct domcaps c;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        auto_error struct error *err = NULL;

        assert_int_equal(domcaps_parse(texts[i], &c, &err), -1);
        assert_non_null(err->message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_debian_without_kvm),
        cmocka_unit_test(what_is_not_told_is_no_no),
        cmocka_unit_test(of_kvm_and_a_newer_libvirt),
        cmocka_unit_test(models),
        cmocka_unit_test(features),
        cmocka_unit_test(of_a_driver_without_the_call),
        cmocka_unit_test(not_domain_capabilities),
    };

    virt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
