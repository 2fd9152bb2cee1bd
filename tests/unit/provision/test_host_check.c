/* SPDX-License-Identifier: Apache-2.0 */
/* What a node asks for and its host does not have. */
#include "hostworld.h"

#define NODE(keys) "nodes:\n  a: { image: tiny, " keys " }\n"

static void kvm(void **state)
{
    const struct hostworld cpu_alone = {"capabilities-cpu-without.xml", "domcaps-qemu.xml",
                                        false};

    (void)state;
    expect_findings(&kvm_host, NODE("virt: kvm"), "");
    expect_findings(&qemu_host, NODE("virt: qemu"), "");
    expect_findings(&qemu_host, NODE("virt: auto"), "");
    expect_findings(
        &qemu_host, NODE("virt: kvm"),
        "4:27 node 'a' wants virt: kvm, which host 'local' cannot do: libvirt offers "
        "no KVM there [host-kvm]\n"
        "  write virt: auto (emulated where KVM is missing, and slow), or give the "
        "host /dev/kvm: virtualisation on in its firmware, module kvm_intel or "
        "kvm_amd loaded\n");
    expect_findings(&cpu_alone, NODE("virt: kvm"),
                    "4:27 node 'a' wants virt: kvm, which host 'local' cannot do: its CPU has "
                    "neither vmx nor svm [host-kvm]\n"
                    "  write virt: auto (emulated where KVM is missing, and slow), or give the "
                    "host /dev/kvm: virtualisation on in its firmware, module kvm_intel or "
                    "kvm_amd loaded\n");
}

/* The test driver has 3 GiB. */
static void memory(void **state)
{
    const struct hostworld defined = {"capabilities-kvm.xml", "domcaps-kvm.xml", true};

    (void)state;
    expect_findings(&kvm_host, NODE("memory: 3G"), "");
    expect_findings(&kvm_host, NODE("memory: 3073M"),
                    "4:29 node 'a' wants 3 GiB of memory, and host 'local' has 3 GiB "
                    "[host-memory]\n"
                    "  give it less, or put it on a host that has more\n");
    expect_findings(&defined, NODE("memory: 1T"), "");
}

/* Each line once, however many nodes it is for. */
static void all_at_once(void **state)
{
    (void)state;
    expect_findings(
        &qemu_host,
        "nodes:\n"
        "  a: { image: tiny, count: 3, memory: 5G }\n"
        "  b: { image: tiny, virt: kvm, memory: 1T }\n",
        "4:39 node 'a' wants 5 GiB of memory, and host 'local' has 3 GiB "
        "[host-memory]\n"
        "  give it less, or put it on a host that has more\n"
        "5:27 node 'b' wants virt: kvm, which host 'local' cannot do: libvirt offers "
        "no KVM there [host-kvm]\n"
        "  write virt: auto (emulated where KVM is missing, and slow), or give the "
        "host /dev/kvm: virtualisation on in its firmware, module kvm_intel or "
        "kvm_amd loaded\n"
        "5:40 node 'b' wants 1 TiB of memory, and host 'local' has 3 GiB "
        "[host-memory]\n"
        "  give it less, or put it on a host that has more\n");
}

static void architectures(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("arch: aarch64"), "");
    expect_findings(
        &kvm_host, NODE("arch: aarch64, virt: kvm"),
        "4:42 node 'a' wants virt: kvm, which host 'local' cannot do: its own "
        "architecture is x86_64 [host-kvm]\n"
        "  write virt: auto: guests of another architecture are emulated, and slow\n");
    expect_findings(&kvm_host, NODE("arch: riscv64"),
                    "4:27 node 'a' is for riscv64, which host 'local' has no QEMU for "
                    "[host-arch]\n"
                    "  install qemu-system-misc (Debian, Ubuntu) or qemu-system-riscv (Fedora) "
                    "there; it has aarch64, x86_64\n");
}

/* Nothing more is said about such a guest. */
static void machines(void **state)
{
    (void)state;
    expect_findings(&qemu_host, NODE("machine: pc"), "");
    expect_findings(&qemu_host, NODE("machine: pc-q35-6.2"), "");
    expect_findings(&kvm_host, NODE("machine: virt, arch: aarch64"), "");
    expect_findings(&qemu_host, NODE("machine: pc-q35-7.3, cpus: { model: nothing }"),
                    "4:30 node 'a' wants machine 'pc-q35-7.3', which QEMU for x86_64 on host "
                    "'local' does not have [host-machine]\n"
                    "  did you mean 'pc-q35-7.1'?\n");
    expect_findings(
        &qemu_host, NODE("machine: sun4m"),
        "4:30 node 'a' wants machine 'sun4m', which QEMU for x86_64 on host 'local' "
        "does not have [host-machine]\n"
        "  it has pc, q35\n");
    expect_findings(&qemu_host, NODE("machine: sun4m, emulator: /opt/qemu"), "");
}

static void firmware(void **state)
{
    const struct hostworld defined = {"capabilities-qemu.xml", "domcaps-qemu.xml", true};
    const struct hostworld no_secure = {"capabilities-kvm.xml", "domcaps-kvm-no-secure.xml"};

    (void)state;
    expect_findings(&kvm_host, NODE("firmware: uefi-secure"), "");
    expect_findings(&qemu_host, NODE("firmware: bios"), "");
    expect_findings(&qemu_host, NODE("firmware: uefi"),
                    "4:31 node 'a' starts with UEFI, and host 'local' has no such firmware for "
                    "x86_64 [host-firmware]\n"
                    "  install ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora, Arch) there\n");
    expect_findings(&defined, NODE("firmware: uefi"), "");
    expect_findings(&no_secure, NODE("firmware: uefi"), "");
    expect_findings(
        &no_secure, NODE("firmware: uefi-secure"),
        "4:31 node 'a' wants secure boot, and host 'local' has no firmware for it on "
        "machine 'q35' [host-firmware]\n"
        "  write uefi, or install a firmware for it: ovmf (Debian, Ubuntu), "
        "edk2-ovmf (Fedora, Arch)\n");
}

static void hyperv(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("features: { hyperv: { relaxed: true, vapic: true } }"),
                    "");
    expect_findings(&kvm_host, NODE("features: { hyperv: { evmcs: false } }"), "");
    expect_findings(&qemu_host, NODE("features: { hyperv: { vapic: true } }"), "");
    expect_findings(&kvm_host, NODE("features: { hyperv: { vapic: true, evmcs: true } }"),
                    "4:63 node 'a' wants Hyper-V's 'evmcs', which host 'local' cannot do "
                    "[host-hyperv]\n"
                    "  it has relaxed, vapic, spinlocks, vpindex\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(kvm),           WORLD_TEST(memory),   WORLD_TEST(all_at_once),
        WORLD_TEST(architectures), WORLD_TEST(machines), WORLD_TEST(firmware),
        WORLD_TEST(hyperv),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
