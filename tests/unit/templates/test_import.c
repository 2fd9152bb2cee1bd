/* SPDX-License-Identifier: Apache-2.0 */
/* Each area of a domain's XML in the words of the file, and what is compared of it. */
#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "config/schema/schema_tidy.h"
#include "golden.h"
#include "templates/import/explicit.h"
#include "templates/import/import.h"
#include "templates/import/lost.h"
#include "templates/import/normal.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

#define HEAD                                                                                 \
    "<domain type='kvm'><name>n</name><memory unit='GiB'>1</memory><vcpu>1</vcpu><os><type " \
    "arch='x86_64' machine='q35'>hvm</type></os>"
#define CPU "<cpu mode='host-passthrough'/>"

static xmlDocPtr parse(const char *xml)
{
    struct error *err = NULL;
    xmlDocPtr document = xmlreader_parse(xml, &err);

    assert_non_null(document);
    return document;
}

/* What a key of the node is; the caller frees it. */
static char *key_of(const char *xml, const char *key, struct import_notes *notes)
{
    auto_xml xmlDocPtr document = parse(xml);
    struct import_world world;
    json_t *node;
    char *text;

    import_world_init(&world);
    node =
        schema_tidy(&node_schema, import_node(xmlDocGetRootElement(document), &world, notes));
    text = json_dumps(json_object_get(node, key), JSON_ENCODE_ANY | JSON_COMPACT);
    json_decref(node);
    import_world_done(&world);
    return text;
}

struct row {
    const char *xml; /* between the head and </domain> */
    const char *key;
    const char *json; /* NULL: not there */
};

static void check_rows(const struct row *rows)
{
    for (; rows->xml; rows++) {
        struct import_notes notes = {0};
        auto_free char *xml = xasprintf("%s%s</domain>", HEAD, rows->xml);
        auto_free char *text = key_of(xml, rows->key, &notes);

        import_notes_done(&notes);
        if (rows->json && text)
            assert_string_equal(text, rows->json);
        if (!rows->json != !text)
            fail_msg("%s of %s is %s", rows->key, rows->xml, text ? text : "not there");
    }
}

static void cpus(void **state)
{
    static const struct row rows[] = {
        {CPU, "cpus", NULL},
        {"", "cpus", "{\"model\":\"qemu64\",\"check\":\"none\"}"},
        {"<cpu><model>Nehalem</model><feature name='aes' policy='force'/><feature "
         "name='pae'/></cpu>",
         "cpus",
         "{\"model\":\"Nehalem\",\"features\":{\"aes\":\"force\",\"pae\":\"require\"}}"},
        {"<cpu mode='host-model' check='full'><topology sockets='1' dies='1' cores='1' "
         "threads='1'/></cpu>",
         "cpus",
         "{\"mode\":\"host-model\",\"topology\":{\"sockets\":1},"
         "\"check\":\"full\"}"},
        {CPU
         "<cputune><vcpupin vcpu='0' cpuset='4'/><vcpupin vcpu='2' cpuset='4'/><emulatorpin "
         "cpuset='1'/><iothreadpin iothread='1' "
         "cpuset='2'/><period>1000</period><quota>5000</quota></cputune>",
         "cpus",
         "{\"pin\":{\"0,2\":\"4\",\"emulator\":\"1\",\"iothread1\":\"2\"},\"quota\":{\"vcpu\":"
         "5000,\"period\":1000}}"},
        {"<cpu mode='host-passthrough' migratable='off'><cache mode='passthrough'/><numa><cell "
         "id='0' cpus='0' memory='512' unit='MiB'><distances><sibling id='0' "
         "value='10'/><sibling "
         "id='1' value='31'/></distances></cell><cell id='1' memory='524288'/></numa></cpu>",
         "cpus",
         "{\"numa\":[{\"cpus\":\"0\",\"memory\":\"512M\",\"distances\":{\"1\":31}},{\"memory\":"
         "\"512M\"}],\"migratable\":false,\"cache\":\"passthrough\"}"},
        {0},
    };

    (void)state;
    check_rows(rows);
}

static void memory(void **state)
{
    static const struct row rows[] = {
        {"", "memory", NULL},
        {"<memoryBacking><hugepages/><nosharepages/><locked/></memoryBacking>", "memory",
         "{\"hugepages\":true,\"locked\":true,\"ksm\":false}"},
        {"<maxMemory slots='4' unit='GiB'>8</maxMemory><numatune><memory mode='interleave' "
         "nodeset='0-1'/></numatune>",
         "memory", "{\"max\":\"8G\",\"slots\":4,\"nodes\":\"0-1\",\"mode\":\"interleave\"}"},
        {0},
    };

    (void)state;
    check_rows(rows);
}

static void platform(void **state)
{
    static const struct row rows[] = {
        {"", "machine", NULL},
        {"<on_crash>preserve</on_crash>", "on_crash", "\"preserve\""},
        {"<pm><suspend-to-mem enabled='no'/><suspend-to-disk enabled='no'/></pm>", "pm", NULL},
        {"", "pm", "{\"suspend_to_mem\":true,\"suspend_to_disk\":true}"},
        {"<features><acpi/><apic/></features>", "features", NULL},
        {"", "features", "{\"acpi\":false,\"apic\":false}"},
        {"<features><acpi/><apic/><kvm><hint-dedicated state='on'/></kvm><hyperv><spinlocks "
         "state='on' retries='4096'/></hyperv></features>",
         "features", "{\"hyperv\":{\"spinlocks\":4096},\"kvm\":{\"hint_dedicated\":true}}"},
        {"<clock offset='localtime'><timer name='rtc' tickpolicy='catchup'/><timer name='hpet' "
         "present='no'/></clock>",
         "clock", "\"localtime\""},
        {"<sysinfo type='smbios'><baseBoard><entry "
         "name='serial'>1</entry></baseBoard></sysinfo>",
         "smbios", "{\"board\":{\"serial\":\"1\"}}"},
        {"<sysinfo type='fwcfg'><entry name='opt/a'>b</entry><entry name='opt/c' "
         "file='/d'/></sysinfo>",
         "fw_cfg", "{\"opt/a\":\"b\",\"opt/c\":{\"file\":\"/d\"}}"},
        {0},
    };

    (void)state;
    check_rows(rows);
}

static void disks(void **state)
{
    static const struct row rows[] = {
        {"", "disk", "\"none\""},
        {"<devices><disk type='file'><driver type='qcow2'/><source file='/a.qcow2'/><target "
         "dev='vda'/></disk></devices>",
         "disks",
         "[{\"name\":\"vda\",\"source\":\"/a.qcow2\",\"serial\":\"none\",\"boot\":1}]"},
        {"<devices><disk type='block'><driver type='raw' cache='none' io='native'/><source "
         "dev='/dev/sdb'/><target dev='sda' bus='sata'/><serial>X</serial></disk></devices>",
         "disks",
         "[{\"name\":\"sda\",\"source\":\"/dev/"
         "sdb\",\"serial\":\"X\",\"bus\":\"sata\",\"cache\":"
         "\"none\",\"io\":\"native\",\"boot\":1}]"},
        {"<devices><disk type='network'><source protocol='sheepdog' name='x'/><target "
         "dev='vda'/></disk></devices>",
         "disks", NULL},
        {"<devices><disk type='file' device='cdrom'><source file='/a.iso'/><target dev='sda' "
         "bus='sata'/></disk><disk device='cdrom'><target dev='hdb' "
         "bus='ide'/></disk></devices>",
         "cdroms", "[\"/a.iso\",{\"bus\":\"ide\"}]"},
        {0},
    };

    (void)state;
    check_rows(rows);
}

static void devices(void **state)
{
    static const struct row rows[] = {
        {"<devices><interface type='bridge'><mac address='52:54:00:00:00:01'/><source "
         "bridge='br0'/></interface></devices>",
         "networks",
         "[{\"network\":\"br0\",\"mac\":\"52:54:00:00:00:01\",\"model\":\"rtl8139\"}]"},
        {"<devices><interface type='user'/></devices>", "networks", NULL},
        {"", "serial", "\"none\""},
        {"<devices><serial type='pty'/></devices>", "serial", "{\"log\":\"none\"}"},
        {"", "agent", "false"},
        {"<devices><channel type='unix'><target type='virtio' "
         "name='org.qemu.guest_agent.0'/></channel></devices>",
         "agent", NULL},
        {"<devices><graphics type='vnc' passwd='x'/><video><model "
         "type='qxl' ram='65536' vram='65536' vgamem='16384'/></video></devices>",
         "graphics", "\"vnc\""},
        {"<devices><video><model type='qxl' ram='65536' vram='65536' "
         "vgamem='16384'/></video></devices>",
         "video", "\"qxl\""},
        {"<devices><hostdev mode='subsystem' type='pci'><source><address domain='0' bus='129' "
         "slot='0' function='3'/></source></hostdev></devices>",
         "devices", "{\"pci\":[{\"address\":\"0000:81:00.3\",\"managed\":false}]}"},
        {"<devices><filesystem><source dir='/s'/><target dir='t'/></filesystem></devices>",
         "shares",
         "[{\"source\":\"/s\",\"tag\":\"t\",\"driver\":\"9p\",\"access\":\"passthrough\"}]"},
        {"", "rng", "\"none\""},
        {"<devices><rng><backend model='random'>/dev/urandom</backend></rng></devices>", "rng",
         NULL},
        {"<devices><tpm model='tpm-crb'><backend type='emulator' "
         "version='2.0'/></tpm></devices>",
         "tpm", "\"2.0\""},
        {"<devices><watchdog model='itco' action='reset'/></devices>", "watchdog", NULL},
        {0},
    };

    (void)state;
    check_rows(rows);
}

static void notes(void **state)
{
    struct import_notes notes = {0};
    auto_free char *text = key_of("<domain type='kvm'><os><type arch='x86_64' "
                                  "machine='pc-q35-7.2'>hvm</type></os><devices>"
                                  "<graphics type='vnc' passwd='geheim'/></devices></domain>",
                                  "graphics", &notes);

    (void)state;
    assert_null(strstr(text, "geheim"));
    assert_int_equal(notes.count, 2);
    assert_string_equal(
        notes.items[0],
        "the machine is pc-q35-7.2: to keep that version, add 'machine: pc-q35-7.2'");
    assert_non_null(strstr(notes.items[1], "graphics has a password"));
    assert_null(strstr(notes.items[1], "geheim"));
    import_notes_done(&notes);
}

static void names(void **state)
{
    static const char *const rows[][2] = {{"web", "web-2"},
                                          {"Web_Server 1", "web-server-1"},
                                          {"", "node"},
                                          {"__--", "node"},
                                          {"a", "a"},
                                          {"-x-", "x"},
                                          {"\xc3\x84rger", "rger"}};
    json_t *taken = json_pack("{s:b}", "web", 1);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        auto_free char *name = import_name(rows[i][0], "node", taken);

        assert_string_equal(name, rows[i][1]);
    }
    json_decref(taken);
}

/* What of the first domain the second lacks: notes, and fragments as one text. */
static char *missing(const char *one, const char *two, struct import_notes *missing_notes)
{
    auto_xml xmlDocPtr a = parse(one), b = parse(two);
    auto_xml xmlDocPtr normal = xmlCopyDoc(a, 1), other = xmlCopyDoc(b, 1);
    xmlNodePtr x = xmlDocGetRootElement(normal), y = xmlDocGetRootElement(other);
    struct import_notes added = {0};
    json_t *refused = json_object(), *list;
    struct buffer text = {0};

    lost_twins(x, xmlDocGetRootElement(a));
    lost_twins(y, xmlDocGetRootElement(b));
    domain_normal(x);
    domain_normal(y);
    domain_missing(x, y, missing_notes, &added);
    list = lost_fragments(x, y, refused);
    for (size_t i = 0; i < json_array_size(list); i++)
        buffer_puts(&text, json_string_value(json_array_get(list, i)));
    json_decref(list);
    json_decref(refused);
    import_notes_done(&added);
    return buffer_take(&text);
}

static void lost(void **state)
{
    struct import_notes found = {0};
    auto_free char *text = missing(
        HEAD
        "<devices><disk type='file'><driver name='qemu' type='raw' queues='4'/><source "
        "file='/a'/><target dev='vda'/><address type='pci'/></disk><smartcard mode='host'/>"
        "<graphics type='rdp' passwd='geheim'/></devices></domain>",
        HEAD
        "<devices><disk type='file'><driver name='qemu' type='raw'/><source file='/a'/><target "
        "dev='vda'/><alias name='ua-disk-vda'/></disk></devices></domain>",
        &found);

    (void)state;
    assert_int_equal(found.count, 3);
    assert_string_equal(found.items[0], "disk /a: <driver queues=\"4\"/>");
    assert_string_equal(found.items[1], "<smartcard mode=\"host\"/>");
    assert_string_equal(text,
                        "<disk>\n  <driver name=\"qemu\" type=\"raw\" queues=\"4\"/>\n  <alias "
                        "name=\"ua-disk-vda\"/>\n</disk>\n<smartcard mode=\"host\"/>\n"
                        "<graphics type=\"rdp\"/>\n");
    import_notes_done(&found);
}

/* Said or not, it is the same. */
static void same(void **state)
{
    static const char *const rows[][2] = {
        {"<currentMemory unit='MiB'>1024</currentMemory>", ""},
        {"<clock offset='utc'><timer name='hpet' present='yes'/></clock>", "<clock/>"},
        {"<devices><controller type='pci' index='1'/><memballoon model='virtio'/></devices>",
         "<devices/>"},
        {"<devices><interface type='network'><mac address='52:54:00:AA:00:01'/><source "
         "network='a' portid='x' bridge='virbr0'/><target dev='vnet3'/><model "
         "type='virtio'/></interface></devices>",
         "<devices><interface type='network'><mac address='52:54:00:aa:00:01'/><source "
         "network='a'/><model type='virtio'/><rom enabled='no'/></interface></devices>"},
        {"<pm><suspend-to-mem enabled='yes'/></pm>", ""},
        {"<devices><graphics type='vnc' port='5901' autoport='yes' "
         "listen='127.0.0.1'/></devices>",
         "<devices><graphics type='vnc' port='-1' autoport='yes'><listen type='address' "
         "address='127.0.0.1'/></graphics></devices>"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        for (int turned = 0; turned < 2; turned++) {
            struct import_notes found = {0};
            auto_free char *one = xasprintf("%s%s</domain>", HEAD, rows[i][turned]);
            auto_free char *two = xasprintf("%s%s</domain>", HEAD, rows[i][!turned]);
            auto_free char *text = missing(one, two, &found);

            if (found.count)
                fail_msg("%s: %s", one, found.items[0]);
            assert_string_equal(text, "");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpus),  cmocka_unit_test(memory),  cmocka_unit_test(platform),
        cmocka_unit_test(disks), cmocka_unit_test(devices), cmocka_unit_test(notes),
        cmocka_unit_test(names), cmocka_unit_test(lost),    cmocka_unit_test(same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
