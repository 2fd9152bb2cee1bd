/* SPDX-License-Identifier: Apache-2.0 */
/* CPUs and huge pages that a host does not have. The test driver has 19 free pages of each size
 * in each of two NUMA cells. */
#include "hostworld.h"

#define NODE(keys) "nodes:\n  a: { image: tiny, " keys " }\n"

static const struct hostworld defined_kvm = {"capabilities-kvm.xml", "domcaps-kvm.xml", true};

static void modes(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("cpus: { mode: host-passthrough }"), "");
    expect_findings(&qemu_host, NODE("cpus: { mode: maximum }"), "");
    expect_findings(
        &qemu_host, NODE("cpus: { mode: host-passthrough }"),
        "4:35 node 'a' wants CPU mode 'host-passthrough', which host 'local' cannot "
        "do: without KVM the CPU is emulated [host-cpu-mode]\n"
        "  write mode: maximum, which is all that can be emulated, or leave it out\n");
}

static void unknown_models(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("cpus: { model: Nehalem }"), "");
    expect_findings(&kvm_host, NODE("cpus: { model: Nehalen }"),
                    "4:36 node 'a' wants CPU model 'Nehalen', which host 'local' does not know "
                    "[host-cpu-model]\n"
                    "  did you mean 'Nehalem'?\n");
    expect_findings(&defined_kvm, NODE("cpus: { model: Pentium9000 }"),
                    "4:36 node 'a' wants CPU model 'Pentium9000', which host 'local' does not "
                    "know [host-cpu-model]\n"
                    "  `virsh -c test:///default domcapabilities` lists those that it knows\n");
}

/* The test driver does not compare CPUs. */
#define LACKS(what, first)                                                             \
    "4:36 node 'a' wants CPU model 'Haswell', and the CPU on host 'local' lacks " what \
    " [host-cpu-model]\n"                                                              \
    "  take what is missing away (features: { " first                                  \
    ": disable }), or take a model that the "                                          \
    "host has: `virsh -c test:///default domcapabilities` lists the usable ones\n"

static void unusable_models(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("cpus: { model: Haswell }"), LACKS("hle, rtm", "hle"));
    expect_findings(&kvm_host,
                    NODE("cpus: { model: Haswell, features: { hle: disable, rtm: require } }"),
                    LACKS("rtm", "rtm"));
    expect_findings(&kvm_host,
                    NODE("cpus: { model: Haswell, features: { rtm: disable, hle: force } }"),
                    "");
    expect_findings(&kvm_host, NODE("cpus: { model: Haswell, check: none }"), "");
    expect_findings(&defined_kvm, NODE("cpus: { model: Haswell }"), "");
    /* not usable, and nobody says why */
    expect_findings(&qemu_host, NODE("cpus: { model: Snowridge }"), "");
}

static void nesting(void **state)
{
    const struct hostworld off = {"capabilities-kvm.xml", "domcaps-kvm-no-nesting.xml"};

    (void)state;
    expect_findings(&kvm_host, NODE("cpus: { nested: true }"), "");
    expect_findings(&qemu_host, NODE("cpus: { nested: true }"), "");
    expect_findings(&off, NODE("cpus: { nested: true }"),
                    "4:37 node 'a' wants nested: true, and KVM on host 'local' has nesting "
                    "switched off [host-nested]\n"
                    "  on the host: echo 'options kvm_intel nested=1' "
                    ">/etc/modprobe.d/kvm-nested.conf, and load the module anew\n");
}

static void counts(void **state)
{
    (void)state;
    expect_findings(&qemu_host, NODE("cpus: 288"), "");
    expect_findings(
        &qemu_host, NODE("cpus: 289"),
        "4:27 node 'a' wants 289 CPUs, and machine 'q35' of host 'local' has 288 at "
        "most [host-cpus]\n"
        "  give it fewer CPUs, or another machine type\n");
    expect_findings(
        &qemu_host, NODE("cpus: { count: 2, max: 300 }"),
        "4:44 node 'a' wants 300 CPUs, and machine 'q35' of host 'local' has 288 at "
        "most [host-cpus]\n"
        "  give it fewer CPUs, or another machine type\n");
}

static void pins(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("cpus: { count: 1, pin: { 0: \"0-5,7\", emulator: 7 } }"),
                    "");
    expect_findings(&kvm_host, NODE("cpus: { count: 1, pin: { 0: \"4-7\", emulator: 9 } }"),
                    "4:49 node 'a' is pinned to CPU 6, which host 'local' does not have "
                    "[host-pin]\n"
                    "  it has 0-5,7\n"
                    "4:66 node 'a' is pinned to CPU 9, which host 'local' does not have "
                    "[host-pin]\n"
                    "  it has 0-5,7\n");
    expect_findings(&defined_kvm, NODE("cpus: { count: 1, pin: { 0: 99 } }"), "");
    expect_findings(&kvm_host, NODE("memory: { size: 1G, nodes: \"1-2\" }"),
                    "4:48 node 'a' is pinned to NUMA node 2, which host 'local' does not have "
                    "[host-pin]\n"
                    "  it has 0-1\n");
}

static void pages(void **state)
{
    (void)state;
    /* 38 in all */
    expect_findings(&kvm_host, NODE("memory: { size: 76M, hugepages: 2M }"), "");
    expect_findings(&kvm_host, NODE("memory: { size: 78M, hugepages: true }"),
                    "4:53 node 'a' wants 39 huge pages of 2 MiB, and host 'local' has 38 free "
                    "[host-hugepages]\n"
                    "  make more: virsh -c 'test:///default' allocpages --pagesize 2048KiB "
                    "--pagecount 1 --add --all\n");
    expect_findings(&defined_kvm, NODE("memory: { size: 2G, hugepages: true }"), "");
    expect_findings(&kvm_host, NODE("memory: { size: 64M, hugepages: 4M }"),
                    "4:53 node 'a' wants huge pages of 4 MiB, which the CPU of host 'local' "
                    "does not have [host-hugepages]\n"
                    "  it has 2M, 1G\n");
}

/* One would fit, not all of them. */
static void pages_of_several(void **state)
{
    (void)state;
    expect_findings(&kvm_host,
                    "defaults: { memory: { size: 64M, hugepages: 2M } }\n"
                    "nodes:\n"
                    "  a: { image: tiny, count: 2 }\n"
                    "  b: { image: tiny }\n",
                    "3:45 node 'a-1' and 2 more want 96 huge pages of 2 MiB, and host 'local' "
                    "has 38 free [host-hugepages]\n"
                    "  make more: virsh -c 'test:///default' allocpages --pagesize 2048KiB "
                    "--pagecount 29 --add --all\n");
}

/* 19 in each. */
static void pages_of_one_cell(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("memory: { size: 64M, hugepages: 2M, nodes: \"0-1\" }"),
                    "");
    expect_findings(
        &kvm_host, NODE("memory: { size: 64M, hugepages: 2M, nodes: 1 }"),
        "4:53 node 'a' wants 32 huge pages of 2 MiB, and host 'local' has 19 free in "
        "NUMA cell 1 [host-hugepages]\n"
        "  make more: virsh -c 'test:///default' allocpages --pagesize 2048KiB "
        "--pagecount 13 --add --cellno 1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(modes),   WORLD_TEST(unknown_models),   WORLD_TEST(unusable_models),
        WORLD_TEST(nesting), WORLD_TEST(counts),           WORLD_TEST(pins),
        WORLD_TEST(pages),   WORLD_TEST(pages_of_several), WORLD_TEST(pages_of_one_cell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
