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

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(kvm),
        WORLD_TEST(memory),
        WORLD_TEST(all_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
