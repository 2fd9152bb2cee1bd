/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "host/facts.h"
#include "host/hardware/cpu_feature.h"
#include "host/hardware/virtiofsd.h"
#include "util/file.h"
#include "util/size.h"

static void read_facts(const char *name, struct host_facts *ret)
{
    auto_free char *xml = data_read(name);

    assert_int_equal(host_facts_parse(xml, ret, NULL), 0);
}

static void cells_and_cpus(void **state)
{
    auto_free char *cpus = NULL, *nodes = NULL;
    struct host_facts f;

    (void)state;
    read_facts("capabilities-kvm.xml", &f);
    cpus = cpuset_format(&f.topology.cpus);
    nodes = cpuset_format(&f.topology.nodes);
    assert_string_equal(cpus, "0-5,7");
    assert_string_equal(nodes, "0-1");
    assert_int_equal(f.topology.cell_count, 2);
    assert_true(cpuset_has(&f.topology.cells[1].cpus, 7));
    assert_false(cpuset_has(&f.topology.cells[0].cpus, 7));
    assert_true(f.topology.memory == 3 * GIB);
    assert_int_equal(f.topology.page_count, 3);
    assert_true(f.topology.pages[1] == 2 * MIB);
    assert_true(f.topology.pages[2] == GIB);
    assert_string_equal(f.virtualisation, "vmx");
    assert_int_equal(f.iommu, HOST_YES);
    assert_true(f.kvm);
    host_facts_done(&f);
}

static void machines(void **state)
{
    const struct host_guest *x86, *arm;
    struct host_facts f;

    (void)state;
    read_facts("capabilities-kvm.xml", &f);
    assert_null(guests_arch(&f.guests, "mips")); /* no hvm */
    x86 = guests_arch(&f.guests, "x86_64");
    arm = guests_arch(&f.guests, "aarch64");
    assert_true(x86->kvm);
    assert_false(arm->kvm);
    assert_string_equal(guests_machine(x86, "q35")->canonical, "pc-q35-10.1");
    assert_true(guests_machine(x86, "pc-i440fx-2.10")->deprecated);
    assert_non_null(guests_machine(x86, "pc-q35-rhel9.6.0"));
    assert_int_equal(x86->machine_count, 4); /* none twice */
    assert_null(guests_machine(arm, "q35"));
    host_facts_done(&f);
}

static void of_debian_without_kvm(void **state)
{
    auto_free char *cpus = NULL;
    struct host_facts f;

    (void)state;
    read_facts("capabilities-qemu.xml", &f);
    cpus = cpuset_format(&f.topology.cpus);
    assert_string_equal(cpus, "0-1");
    assert_null(f.virtualisation);
    assert_int_equal(f.iommu, HOST_NO);
    assert_string_equal(guests_machine(guests_arch(&f.guests, "i686"), "pc")->canonical,
                        "pc-i440fx-7.2");
    host_facts_done(&f);
}

/* The test driver says the same for pages of any size. */
static void free_pages(void **state)
{
    struct host_facts f;
    struct host *host;
    uint64_t one, all;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(host_facts_read(host, &f, NULL), 0);
    assert_int_equal(topology_free_pages(host, &f.topology, 1, 2 * MIB, &one, NULL), 0);
    assert_int_equal(topology_free_pages(host, &f.topology, -1, 2 * MIB, &all, NULL), 0);
    assert_int_equal(one, 19);
    assert_int_equal(all, 2 * 19);
    host_facts_done(&f);
    host_close(host);
}

/* The test driver has no such call, and so knows no better. */
static void cpu_features(void **state)
{
    static const char *const bad[] = {"f16c", "f16cc", "nothing", NULL};
    const char *unknown = "";
    struct host *host;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(cpu_feature_check(host, "x86_64", bad, &unknown, NULL), 0);
    assert_null(unknown);
    host_close(host);
}

static void nearest_cpu_feature(void **state)
{
    auto_free char *near = cpu_feature_nearest("f16cc");
    auto_free char *nothing = cpu_feature_nearest("nothing-at-all");

    (void)state;
    assert_string_equal(near, "f16c");
    assert_null(nothing);
}

static void describe(const char *folder, const char *file, const char *text)
{
    auto_free char *path = xasprintf("%s/%s", folder, file);

    assert_int_equal(file_publish(path, text, strlen(text), 0644, NULL), 0);
}

static void virtiofsd(void **state)
{
    char folder[] = "/tmp/virtiofsd-XXXXXX";
    const char *const folders[] = {"/nowhere", folder, NULL};

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(virtiofsd_find_in(folders), HOST_NO);
    describe(folder, "10-gpu.json", "{\"type\": \"gpu\", \"binary\": \"/bin/sh\"}");
    describe(folder, "20-gone.json", "{\"type\": \"fs\", \"binary\": \"/nowhere/fs\"}");
    describe(folder, "30-bad.json", "{");
    describe(folder, "40.txt", "{\"type\": \"fs\", \"binary\": \"/bin/sh\"}");
    assert_int_equal(virtiofsd_find_in(folders), HOST_NO);
    describe(folder, "50-fs.json", "{\"type\": \"fs\", \"binary\": \"/bin/sh\"}");
    assert_int_equal(virtiofsd_find_in(folders), HOST_YES);
    assert_int_equal(file_remove_tree(folder, NULL), 0);
}

static void virtiofsd_elsewhere(void **state)
{
    struct host *host = host_offline("x", "qemu+ssh://x/system", "/");

    (void)state;
    assert_int_equal(virtiofsd_find(host), HOST_UNKNOWN);
    host_close(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_and_cpus),
        cmocka_unit_test(machines),
        cmocka_unit_test(of_debian_without_kvm),
        cmocka_unit_test(free_pages),
        cmocka_unit_test(cpu_features),
        cmocka_unit_test(nearest_cpu_feature),
        cmocka_unit_test(virtiofsd),
        cmocka_unit_test(virtiofsd_elsewhere),
    };

    virt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
