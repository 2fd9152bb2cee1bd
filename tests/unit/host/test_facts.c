/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "host/facts.h"

#define CAPABILITIES(arch, features, domains)                                                \
    "<capabilities><host><uuid>00000000-0000-0000-0000-000000000001</uuid><cpu>"             \
    "<arch>" arch "</arch><model>Haswell</model><vendor>Intel</vendor>"                      \
    "<topology sockets='1' dies='1' cores='2' threads='1'/>" features "</cpu>"               \
    "<topology><cells num='2'><cell id='0'><memory unit='KiB'>1048576</memory>"              \
    "<cpus num='1'><cpu id='0'/></cpus></cell><cell id='1'>"                                 \
    "<memory unit='KiB'>2097152</memory><cpus num='1'><cpu id='1'/></cpus></cell>"           \
    "</cells></topology></host>"                                                             \
    "<guest><os_type>hvm</os_type><arch name='alpha'><wordsize>64</wordsize>"                \
    "<domain type='qemu'/></arch></guest>"                                                   \
    "<guest><os_type>hvm</os_type><arch name='" arch "'><wordsize>64</wordsize>"             \
    "<emulator>/usr/bin/qemu-system</emulator>" domains "</arch></guest>"                    \
    "<guest><os_type>xen</os_type><arch name='" arch "'><domain type='xen'/></arch></guest>" \
    "</capabilities>"

#define QEMU "<domain type='qemu'/>"
#define KVM "<domain type='kvm'/>"

static void check(const char *xml, bool offered, bool kvm, const char *arch)
{
    struct host_facts f;

    assert_int_equal(host_facts_parse(xml, &f, NULL), 0);
    assert_int_equal(f.kvm_offered, offered);
    assert_int_equal(f.kvm, kvm);
    assert_string_equal(f.arch, arch);
    assert_true(f.topology.memory == 3ULL << 30);
    host_facts_done(&f);
    assert_null(f.arch);
}

static void kvm_that_works(void **state)
{
    (void)state;
    check(CAPABILITIES("x86_64", "<feature name='ss'/><feature name='vmx'/>", QEMU KVM), true,
          true, "x86_64");
    check(CAPABILITIES("x86_64", "<feature name='svm'/>", QEMU KVM), true, true, "x86_64");
}

/* libvirt offers it wherever there is /dev/kvm. */
static void kvm_without_virtualisation(void **state)
{
    (void)state;
    check(CAPABILITIES("x86_64", "<feature name='ss'/>", QEMU KVM), true, false, "x86_64");
    check(CAPABILITIES("x86_64", "", KVM QEMU), true, false, "x86_64");
}

static void virtualisation_without_kvm(void **state)
{
    (void)state;
    check(CAPABILITIES("x86_64", "<feature name='vmx'/>", QEMU), false, false, "x86_64");
}

static void no_flag_on_arm(void **state)
{
    (void)state;
    check(CAPABILITIES("aarch64", "", QEMU KVM), true, true, "aarch64");
    check(CAPABILITIES("aarch64", "", QEMU), false, false, "aarch64");
}

/* KVM for another architecture than the host's own (i686 on x86_64) is not asked for. */
static void kvm_of_another_architecture(void **state)
{
    static const char xml[] =
        "<capabilities><host><cpu><arch>x86_64</arch><feature name='vmx'/></cpu></host>"
        "<guest><os_type>hvm</os_type><arch name='i686'>" KVM "</arch></guest></capabilities>";
    struct host_facts f;

    (void)state;
    assert_int_equal(host_facts_parse(xml, &f, NULL), 0);
    assert_false(f.kvm_offered || f.kvm);
    host_facts_done(&f);
}

static void not_capabilities(void **state)
{
    static const char *const texts[] = {"", "<capabilities/>", "<capabilities><host/>",
                                        "<capabilities><host><cpu/></host></capabilities>",
                                        "<domain><name>x</name></domain>"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        auto_error struct error *err = NULL;
        struct host_facts f;

        assert_int_equal(host_facts_parse(texts[i], &f, &err), -1);
        assert_non_null(err->message);
    }
}

static void of_the_test_driver(void **state)
{
    struct host_facts f;
    struct host *host;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(host_facts_read(host, &f, NULL), 0);
    assert_false(f.kvm);
    assert_string_equal(f.arch, "i686");
    host_facts_done(&f);
    host_close(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kvm_that_works),
        cmocka_unit_test(kvm_without_virtualisation),
        cmocka_unit_test(virtualisation_without_kvm),
        cmocka_unit_test(no_flag_on_arm),
        cmocka_unit_test(kvm_of_another_architecture),
        cmocka_unit_test(not_capabilities),
        cmocka_unit_test(of_the_test_driver),
    };

    virt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
