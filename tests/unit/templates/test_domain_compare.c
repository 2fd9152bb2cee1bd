/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "model.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "templates/domain/domain_compare.h"
#include "templates/xmlreader.h"
#include "util/buffer.h"

static void show(struct buffer *out, const struct domain_differences *found)
{
    for (size_t i = 0; i < found->count; i++)
        buffer_printf(out, "[%s] %s: %s -> %s\n", found->items[i].area, found->items[i].what,
                      found->items[i].have ? found->items[i].have : "-",
                      found->items[i].want ? found->items[i].want : "-");
}

static void expect(const char *want, const char *have, bool live, const char *wanted)
{
    auto_free char *left = xasprintf("<domain type='kvm'>%s</domain>", want);
    auto_free char *right = xasprintf("<domain type='kvm' id='1'>%s</domain>", have);
    auto_xml xmlDocPtr ours = xmlreader_parse(left, NULL);
    auto_xml xmlDocPtr theirs = xmlreader_parse(right, NULL);
    auto_differences struct domain_differences found = {0};
    auto_buffer struct buffer out = {0};

    assert_true(ours && theirs);
    domain_compare(ours, theirs, live, &found);
    show(&out, &found);
    assert_string_equal(out.data ? out.data : "", wanted);
}

#define SAME(want, have) expect(want, have, false, "")

static void additions_of_libvirt(void **state)
{
    (void)state;
    SAME("<clock offset='utc'/>",
         "<clock offset='utc'><timer name='rtc'/></clock><pm><a/></pm><seclabel type='x'/>");
    SAME("<memory unit='KiB'>1</memory>", "<memory unit='KiB'>2</memory>");
    SAME("<maxMemory slots='4' unit='GiB'>1</maxMemory>",
         "<maxMemory slots='4' unit='KiB'>1048576</maxMemory>");
    SAME("<os><type arch='x86_64' machine='q35'>hvm</type></os>",
         "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os>");
    SAME("<os><type machine='pc'>hvm</type></os>",
         "<os><type machine='pc-i440fx-7.2'>hvm</type></os>");
    SAME("<os><type machine='virt'>hvm</type></os>",
         "<os><type machine='virt-7.2'>hvm</type></os>");
    SAME("<devices><controller type='pci' index='1' model='pcie-root-port'/></devices>",
         "<devices><controller type='usb' model='none'/></devices>");
    SAME("<devices><interface><mac address='52:AA:00:00:00:01'/></interface></devices>",
         "<devices><interface><mac address='52:aa:00:00:00:01'/><target dev='vnet0'/>"
         "</interface></devices>");
}

/* libvirt tells of a running CPU what it became: features, and a check of all of them. */
static void running_cpu(void **state)
{
    static const char want[] = "<cpu mode='custom' check='partial'><model>Nehalem</model>"
                               "<topology sockets='1' cores='2'/>"
                               "<feature policy='require' name='aes'/></cpu>";
    static const char have[] =
        "<cpu mode='custom' check='full'><model>Nehalem</model>"
        "<topology sockets='1' cores='2'/><feature policy='require' name='aes'/>"
        "<feature policy='require' name='hypervisor'/></cpu>";

    (void)state;
    expect(want, have, true, "");
    expect(want, have, false,
           "[cpus] cpus check: full -> partial\n"
           "[cpus] cpus feature hypervisor: yes -> -\n");
}

static void differences(void **state)
{
    (void)state;
    expect("<os><type machine='q35'>hvm</type></os>",
           "<os><type machine='pc-i440fx-7.2'>hvm</type></os>", false,
           "[machine] machine: pc-i440fx-7.2 -> q35\n");
    expect("<clock offset='utc'><timer name='hpet' present='no'/></clock>",
           "<clock offset='localtime'><timer name='rtc' present='no'/></clock>", false,
           "[clock] clock offset: localtime -> utc\n"
           "[clock] clock timer hpet: - -> yes\n");
    expect("<on_crash>restart</on_crash>", "<on_crash>destroy</on_crash>", false,
           "[on_crash] on_crash: destroy -> restart\n");
    expect("<cpu mode='custom'><topology sockets='2' cores='1'/></cpu>",
           "<cpu mode='host-model'><topology sockets='1' cores='1'/></cpu>", false,
           "[cpus] cpus mode: host-model -> custom\n"
           "[cpus] cpus topology sockets: 1 -> 2\n");
    expect("<cpu mode='custom'><model>qemu64</model></cpu>",
           "<cpu mode='custom'><model>Haswell</model></cpu>", false,
           "[cpus] cpus model: Haswell -> qemu64\n");
    expect("", "<memoryBacking><locked/></memoryBacking>", false,
           "[memory] memory: yes -> -\n");
}

#define DISK(inner) \
    "<devices><disk type='file'>" inner "<alias name='ua-disk-data'/></disk></devices>"

static void disks(void **state)
{
    (void)state;
    SAME(DISK("<target dev='vda' bus='virtio'/>"),
         DISK("<target dev='vda' bus='virtio'/><address type='pci'/>"));
    expect(DISK("<driver name='qemu' cache='none'/><serial>a</serial>"),
           DISK("<driver name='qemu' io='native'/><serial>b</serial><readonly/>"), false,
           "[disk data] disk data cache: - -> none\n"
           "[disk data] disk data io: native -> -\n"
           "[disk data] disk data serial: b -> a\n"
           "[disk data] disk data readonly: yes -> -\n");
    expect(DISK("<boot order='1'/>"), DISK("<boot order='2'/>"), false,
           "[disk data] disk data boot order: 2 -> 1\n");
    /* who is missing is known by others */
    SAME(DISK("<target dev='vda'/>"), "<devices/>");
}

#define NIC(mac, inner) "<interface><mac address='" mac "'/>" inner "</interface>"

static void nics(void **state)
{
    (void)state;
    expect("<devices>" NIC("1", "<model type='virtio'/>")
               NIC("2", "<model type='virtio'/>") "</devices>",
           "<devices>" NIC("2", "<model type='e1000'/><mtu size='9'/>")
               NIC("1", "<model type='virtio'/><link state='down'/>") "</devices>",
           false,
           "[network 1] network 1 link: down -> -\n"
           "[network 2] network 2 model: e1000 -> virtio\n"
           "[network 2] network 2 mtu: 9 -> -\n");
}

static void devices(void **state)
{
    (void)state;
    expect("<devices><graphics type='vnc' passwd='x'/></devices>",
           "<devices><graphics type='spice'/><sound model='ich9'/></devices>", false,
           "[graphics] graphics: spice -> vnc\n"
           "[sound] sound: ich9 -> -\n");
    expect("<devices><rng model='virtio'/></devices>", "<devices/>", false,
           "[rng] rng: - -> virtio\n");
}

static void running(void **state)
{
    (void)state;
    expect("<cpu mode='host-model'><topology cores='2'/></cpu>",
           "<cpu mode='custom'><model>Haswell</model><topology cores='1'/></cpu>", true,
           "[cpus] cpus topology cores: 1 -> 2\n");
    expect(
        "<cpu mode='custom'><model>Haswell</model></cpu>",
        "<cpu mode='custom'><model>Haswell</model><feature name='ss' policy='require'/></cpu>",
        true, "");
    expect("<os firmware='efi'><firmware><feature name='secure-boot' "
           "enabled='yes'/></firmware></os>",
           "<os><loader type='pflash'>/x</loader><nvram>/y</nvram></os>", true, "");
    expect("<clock offset='variable' adjustment='60' basis='localtime'/>",
           "<clock offset='variable' adjustment='3660' basis='utc'/>", true, "");
    expect("<clock offset='variable' basis='localtime'/>", "<clock offset='utc'/>", true,
           "[clock] clock offset: utc -> variable\n");
}

static void fragments(void **state)
{
    auto_xml xmlDocPtr want = xmlreader_parse("<domain><clock offset='utc'/></domain>", NULL);
    auto_xml xmlDocPtr have = xmlreader_parse("<domain><clock offset='x'/></domain>", NULL);
    auto_differences struct domain_differences found = {0};

    (void)state;
    xmlDocGetRootElement(want)->children->_private = want;
    domain_compare(want, have, false, &found);
    assert_int_equal(found.count, 0);
}

/* What libvirt makes of all that the model has is the same to us. */
static void kept_by_libvirt(void **state)
{
    virConnectPtr connection = schema_connect();
    auto_differences struct domain_differences found = {0};
    auto_buffer struct buffer out = {0};
    auto_free char *xml = NULL, *back = NULL;
    struct error *err = NULL;
    struct model m;
    virDomainPtr domain;

    (void)state;
    model_init(&m);
    expect_ok(domain_xml(&m.domain, &xml, &err), &err);
    domain = virDomainDefineXML(connection, xml);
    assert_non_null(domain);
    back = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);
    {
        auto_xml xmlDocPtr want = xmlreader_parse(xml, NULL);
        auto_xml xmlDocPtr have = xmlreader_parse(back, NULL);

        domain_compare(want, have, false, &found);
    }
    show(&out, &found);
    assert_string_equal(out.data ? out.data : "", "");
    virDomainFree(domain);
    virConnectClose(connection);
    model_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(additions_of_libvirt),
        cmocka_unit_test(running_cpu),
        cmocka_unit_test(differences),
        cmocka_unit_test(disks),
        cmocka_unit_test(nics),
        cmocka_unit_test(devices),
        cmocka_unit_test(running),
        cmocka_unit_test(fragments),
        cmocka_unit_test(kept_by_libvirt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
