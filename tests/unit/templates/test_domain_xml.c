/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "model.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "util/virt.h"

static void expected_texts(void **state)
{
    struct error *err = NULL;
    struct model m;
    static const char *const types[] = {"qemu", "kvm"};

    (void)state;
    model_init(&m);
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        auto_free char *file = xasprintf("domain-%s.xml", types[i]);
        auto_free char *xml = NULL;

        m.domain.type = types[i];
        expect_ok(domain_xml(&m.domain, &xml, &err), &err);
        schema_check("domain", xml);
        golden_check(file, xml);
    }
    model_done(&m);
}

/* Another architecture, a conventional PCI machine, no log, no tag, nothing attached. */
static void bare_machines(void **state)
{
    static const struct {
        const char *arch, *machine, *file;
    } cases[] = {
        {"x86_64", "pc", "domain-bare-pc.xml"},
        {"aarch64", "virt", "domain-bare-arm.xml"},
    };
    struct error *err = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    m.domain.disk_count = m.domain.nic_count = 0;
    m.domain.console_log = NULL;
    m.domain.tag = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_free char *xml = NULL;

        m.domain.arch = cases[i].arch;
        m.domain.machine = cases[i].machine;
        expect_ok(domain_xml(&m.domain, &xml, &err), &err);
        schema_check("domain", xml);
        golden_check(cases[i].file, xml);
    }
    model_done(&m);
}

/* Every word of a disk and a NIC, checked by libvirt's schema. */
static void devices_alone(void **state)
{
    struct error *err = NULL;
    auto_free char *xml = NULL, *nic = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    expect_ok(domain_disk_xml(&m.disks[1], &xml, &err), &err);
    golden_check("disk.xml", xml);
    expect_ok(domain_nic_xml(&m.domain_nics[1], &nic, &err), &err);
    golden_check("interface.xml", nic);
    for (int i = DISK_CACHE_DEFAULT; i <= DISK_CACHE_UNSAFE; i++) {
        auto_free char *all = NULL;

        m.disks[1].cache = i;
        m.disks[1].discard = i % 3;
        m.disks[1].bus = i % 3;
        m.domain_nics[1].model = i % 4;
        expect_ok(domain_xml(&m.domain, &all, &err), &err);
        schema_check("domain", all);
    }
    model_done(&m);
}

static const struct domain_view_disk *find_disk(const struct domain_view *view,
                                                const char *alias)
{
    for (size_t i = 0; i < view->disk_count; i++) {
        if (strcmp(view->disks[i].alias, alias) == 0)
            return &view->disks[i];
    }
    fail_msg("no disk %s", alias);
    return NULL;
}

static void assert_same(const char *a, const char *b)
{
    if (a && b)
        assert_string_equal(a, b);
    else
        assert_ptr_equal(a, b);
}

/* libvirt sorts disks by bus; the rest comes back in our order. */
static void assert_views_equal(const struct domain_view *a, const struct domain_view *b)
{
    assert_same(a->name, b->name);
    assert_same(a->type, b->type);
    assert_same(a->description, b->description);
    assert_same(a->console_log, b->console_log);
    assert_same(a->tag.hash, b->tag.hash);
    assert_same(a->tag.owner, b->tag.owner);
    assert_true(json_equal(a->tag.spec, b->tag.spec));
    assert_int_equal(a->memory, b->memory);
    assert_int_equal(a->memory_current, b->memory_current);
    assert_int_equal(a->cpus, b->cpus);
    assert_int_equal(a->cpus_max, b->cpus_max);
    assert_int_equal(a->disk_count, b->disk_count);
    for (size_t i = 0; i < a->disk_count; i++) {
        const struct domain_view_disk *disk = find_disk(b, a->disks[i].alias);

        assert_same(a->disks[i].path, disk->path);
        assert_same(a->disks[i].target, disk->target);
        assert_same(a->disks[i].device, disk->device);
        assert_same(a->disks[i].format, disk->format);
        assert_same(a->disks[i].bus, disk->bus);
        assert_same(a->disks[i].serial, disk->serial);
        assert_same(a->disks[i].cache, disk->cache);
        assert_same(a->disks[i].discard, disk->discard);
    }
    assert_int_equal(a->nic_count, b->nic_count);
    for (size_t i = 0; i < a->nic_count; i++) {
        assert_same(a->nics[i].network, b->nics[i].network);
        assert_same(a->nics[i].model, b->nics[i].model);
        assert_same(a->nics[i].alias, b->nics[i].alias);
        assert_memory_equal(&a->nics[i].mac, &b->nics[i].mac, sizeof a->nics[i].mac);
        assert_int_equal(a->nics[i].mtu, b->nics[i].mtu);
    }
}

static void libvirt_takes_and_keeps_it(void **state)
{
    virConnectPtr connection = schema_connect();
    struct error *err = NULL;
    struct domain_view written = {0}, kept = {0};
    auto_free char *xml = NULL, *back = NULL;
    struct model m;
    virDomainPtr domain;

    (void)state;
    model_init(&m);
    m.node.description = "line <one>\nline & \"two\"";
    m.tag.extra_hostkey = xstrdup("ssh-ed25519 AAAAhost");
    expect_ok(domain_xml(&m.domain, &xml, &err), &err);
    domain = virDomainDefineXMLFlags(connection, xml, VIR_DOMAIN_DEFINE_VALIDATE);
    if (!domain)
        fail_msg("%s", virGetLastErrorMessage());
    back = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
    expect_ok(domain_view_parse(xml, &written, &err), &err);
    expect_ok(domain_view_parse(back, &kept, &err), &err);
    assert_int_equal(written.memory, m.node.memory.size);
    assert_views_equal(&written, &kept);
    assert_string_equal(kept.description, m.node.description);
    assert_string_equal(kept.tag.extra_hostkey, "ssh-ed25519 AAAAhost");
    domain_view_done(&written);
    domain_view_done(&kept);
    virDomainFree(domain);
    virConnectClose(connection);
    model_done(&m);
}

/* What libvirt 9.0 shows of a running domain, beyond what was defined. */
static void running_domain(void **state)
{
    static const char xml[] =
        "<domain type='kvm' id='3'><name>n</name><memory unit='GiB'>1</memory>"
        "<currentMemory unit='KiB'>524288</currentMemory><vcpu current='2'>4</vcpu>"
        "<metadata><r:state xmlns:r='" TAG_RUN_URI "' ready='2026-01-31T12:00:00Z'/></metadata>"
        "<devices><disk type='file'><driver name='qemu' type='raw'/>"
        "<source file='/a' index='1'/><target dev='vda' bus='virtio'/></disk>"
        "<disk type='block' device='cdrom'><source dev='/dev/sr0'/></disk>"
        "<interface type='network'><mac address='52:54:00:AA:00:01'/>"
        "<source network='lan' portid='x' bridge='br1'/><target dev='vnet0'/>"
        "<link state='down'/></interface><interface type='user'/>"
        "<serial type='pty'/></devices></domain>";
    struct error *err = NULL;
    struct domain_view view = {0};

    (void)state;
    expect_ok(domain_view_parse(xml, &view, &err), &err);
    assert_int_equal(view.memory, 1 << 30);
    assert_int_equal(view.memory_current, 1 << 29);
    assert_int_equal(view.cpus, 2);
    assert_int_equal(view.cpus_max, 4);
    assert_string_equal(view.ready, "2026-01-31T12:00:00Z");
    assert_null(view.tag.cluster);
    assert_null(view.console_log);
    assert_int_equal(view.disk_count, 2);
    assert_string_equal(view.disks[0].device, "disk");
    assert_null(view.disks[0].alias);
    assert_string_equal(view.disks[1].path, "/dev/sr0");
    assert_int_equal(view.nic_count, 2);
    assert_true(view.nics[0].link_down);
    assert_string_equal(view.nics[0].bridge, "br1");
    assert_string_equal(view.nics[0].target, "vnet0");
    assert_int_equal(view.nics[0].mac.bytes[3], 0xaa);
    assert_int_equal(view.nics[1].mac.bytes[0], 0);
    domain_view_done(&view);
    expect_error(domain_view_parse("<network/>", &view, &err), &err, "<domain> was expected");
    expect_error(domain_view_parse("", &view, &err), &err, "cannot be read");
}

/* Virtual machines in it: what the host has, or what QEMU's emulator has. */
static void nested(void **state)
{
    static const struct {
        const char *type, *host, *feature;
    } cases[] = {{"kvm", "vmx", "vmx"},
                 {"kvm", "svm", "svm"},
                 {"qemu", "vmx", "svm"},
                 {"kvm", NULL, "vmx"}};
    struct error *err = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    m.node.cpus.nested = SWITCH_ON;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_free char *xml = NULL;
        auto_free char *wanted =
            xasprintf("<feature policy=\"require\" name=\"%s\"/>", cases[i].feature);

        m.domain.type = cases[i].type;
        m.domain.virtualisation = cases[i].host;
        expect_ok(domain_xml(&m.domain, &xml, &err), &err);
        assert_non_null(strstr(xml, wanted));
        assert_null(strstr(xml, strcmp(cases[i].feature, "vmx") == 0 ? "svm" : "vmx"));
    }
    model_done(&m);
}

static void names_are_escaped_or_refused(void **state)
{
    static const char nasty[] = "<x>&\"'";
    struct error *err = NULL;
    struct domain_view view = {0};
    auto_free char *xml = NULL, *none = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    m.domain.name = m.disks[0].path = m.disks[0].serial = m.domain_nics[0].network = nasty;
    free(m.tag.owner);
    m.tag.owner = xstrdup(nasty);
    json_object_set_new(m.tag.spec, nasty, json_string("\x01\x1b\n<b>"));
    expect_ok(domain_xml(&m.domain, &xml, &err), &err);
    expect_ok(domain_view_parse(xml, &view, &err), &err);
    assert_string_equal(view.name, nasty);
    assert_string_equal(view.disks[0].path, nasty);
    assert_string_equal(view.disks[0].serial, nasty);
    assert_string_equal(view.nics[0].network, nasty);
    assert_string_equal(view.tag.owner, nasty);
    assert_true(json_equal(view.tag.spec, m.tag.spec));
    domain_view_done(&view);
    m.disks[0].path = "/a\nb";
    expect_error(domain_xml(&m.domain, &none, &err), &err, "file: character U+000A");
    expect_error(domain_disk_xml(&m.disks[0], &none, &err), &err, "file: character U+000A");
    m.domain_nics[0].network = "\x07";
    expect_error(domain_nic_xml(&m.domain_nics[0], &none, &err), &err, "network: character");
    model_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_texts), cmocka_unit_test(bare_machines),
        cmocka_unit_test(devices_alone),  cmocka_unit_test(libvirt_takes_and_keeps_it),
        cmocka_unit_test(running_domain), cmocka_unit_test(names_are_escaped_or_refused),
        cmocka_unit_test(nested),         cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
