/* SPDX-License-Identifier: Apache-2.0 */
/* Devices of the host that nodes are given, and devices that its QEMU does not make. */
#include "hostworld.h"

#include <string.h>

#define NODE(keys) "nodes:\n  a: { image: tiny, " keys " }\n"

/* A card with two functions in one IOMMU group below a bridge, one of them in use; another one
 * alone; two equal USB sticks and one other; a mediated device. */
#define PCI(bus, function, class, group)                                               \
    "<device><name>pci_0000_" bus "_00_" function "</name><parent>computer</parent>"   \
    "<capability type='pci'><class>" class "</class>"                                  \
                                           "<domain>0</domain><bus>" bus               \
                                           "</bus><slot>0</slot><function>" function   \
                                           "</function><product id='0x1520'/><vendor " \
                                           "id='0x8086'/>" group "</capability></device>"
#define MEMBER(bus, function) \
    "<address domain='0x0000' bus='0x" bus "' slot='0x00' function='0x" function "'/>"
#define SHARED                                                    \
    "<iommuGroup number='7'>" MEMBER("01", "0") MEMBER("02", "0") \
        MEMBER("02", "1") "</iommuGroup>"
#define USB(device, product)                                         \
    "<device><name>usb_1_" device "</name><parent>computer</parent>" \
    "<capability type='usb_device'><bus>1</bus><device>" device      \
    "</device><product id='0x" product                               \
    "'>Stick</product><vendor id='0x0781'>SanDisk</vendor></capability></device>"
#define UUID "4b20d080-1b54-4048-85b3-a6a62d165c01"
#define DOMAIN                                                                        \
    "<domain type='test'><name>busy</name><uuid>00000000-0000-0000-0000-000000000009" \
    "</uuid><memory>1024</memory><os><type>hvm</type></os><devices>"                  \
    "<hostdev mode='subsystem' type='pci' managed='yes'><source>" MEMBER(             \
        "03", "0") "</source></hostdev><hostdev mode='subsystem' type='usb'><source>" \
                   "<address bus='1' device='4'/></source></hostdev></devices></domain>"

#define DEVICES                                                                                \
    "<device><name>computer</name><capability type='system'><hardware>"                        \
    "<uuid>00000000-0000-0000-0000-000000000001</uuid></hardware><firmware/>"                  \
    "</capability></device>" PCI("01", "0", "0x060400", SHARED)                                \
        PCI("02", "0", "0x020000", SHARED) PCI("02", "1", "0x020000", SHARED)                  \
            PCI("03", "0", "0x030000",                                                         \
                "<iommuGroup number='8'>" MEMBER("03", "0") "</iommuGroup>")                   \
                PCI("04", "0", "0x010802",                                                     \
                    "<iommuGroup number='9'>" MEMBER("04", "0") "</iommuGroup>")               \
                    USB("2", "5583") USB("3", "5583")                                          \
                        USB("4",                                                               \
                            "5591") "<device><name>mdev_4b20d080_1b54_4048_85b3_a6a62d165c01"  \
                                    "</name><parent>computer</parent><capability type='mdev'>" \
                                    "<type id='i915-GVTg_V5_8'/><uuid>" UUID "</uuid>"         \
                                    "<iommuGroup number='12'/></capability></device>"

/* The test driver's devices have no drivers: these are put into what it says. */
static const char *driver_of(const char *name)
{
    static const char *const drivers[][2] = {{"pci_0000_01_00_0", "pcieport"},
                                             {"pci_0000_02_00_0", "igb"},
                                             {"pci_0000_02_00_1", "igb"},
                                             {"pci_0000_03_00_0", "vfio-pci"},
                                             {"pci_0000_04_00_0", "nvme"}};

    for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
        if (strcmp(drivers[i][0], name) == 0)
            return drivers[i][1];
    }
    return NULL;
}

char *__real_virNodeDeviceGetXMLDesc(virNodeDevicePtr device, unsigned flags);
char *__wrap_virNodeDeviceGetXMLDesc(virNodeDevicePtr device, unsigned flags);
char *__wrap_virNodeDeviceGetXMLDesc(virNodeDevicePtr device, unsigned flags)
{
    auto_free char *xml = __real_virNodeDeviceGetXMLDesc(device, flags);
    const char *driver = driver_of(virNodeDeviceGetName(device));
    const char *behind = strstr(xml, "<capability");

    if (!driver)
        return TAKE(xml);
    return xasprintf("%.*s<driver><name>%s</name></driver>%s", (int)(behind - xml), xml, driver,
                     behind);
}

static const struct hostworld kvm = {"capabilities-kvm.xml", "domcaps-kvm.xml", false,
                                     DEVICES DOMAIN};
static const struct hostworld defined = {"capabilities-kvm.xml", "domcaps-kvm.xml", true,
                                         DEVICES DOMAIN};
static const struct hostworld no_iommu = {"capabilities-qemu.xml", "domcaps-qemu.xml", false,
                                          DEVICES};

static void pci_that_is_free(void **state)
{
    (void)state;
    expect_findings(&kvm, NODE("devices: { pci: [\"0000:04:00.0\"] }"), "");
    expect_findings(&kvm, NODE("devices: { pci: [\"02:00.0\", \"02:00.1\"] }"), "");
    expect_findings(&defined, NODE("devices: { pci: [\"0000:99:00.0\"] }"), "");
}

static void pci_that_is_missing(void **state)
{
    (void)state;
    expect_findings(&kvm, NODE("devices: { pci: [\"0000:04:00.1\"] }"),
                    "4:38 node 'a' wants PCI device 0000:04:00.1, which host 'local' does not "
                    "have [host-pci]\n"
                    "  did you mean 0000:04:00.0? `lspci -D` on the host lists them\n");
}

static void pci_of_others(void **state)
{
    (void)state;
    expect_findings(&kvm, NODE("devices: { pci: [\"0000:03:00.0\"] }"),
                    "4:38 node 'a' wants PCI device 0000:03:00.0 of host 'local', which domain "
                    "'busy' has [host-device]\n"
                    "  stop that one, or take another device\n");
}

/* The bridge may stay with the host. */
static void pci_of_a_shared_group(void **state)
{
    (void)state;
    expect_findings(&kvm, NODE("devices: { pci: [\"0000:02:00.0\"] }"),
                    "4:38 PCI device 0000:02:00.0 of host 'local' is in IOMMU group 7 with "
                    "0000:02:00.1, which driver igb has: they can only be given away together "
                    "[host-pci]\n"
                    "  give the node that one as well, or take it from its driver (virsh "
                    "nodedev-detach)\n");
}

static void unmanaged_pci(void **state)
{
    (void)state;
    expect_findings(
        &kvm, NODE("devices: { pci: [{ address: \"0000:04:00.0\", managed: false }] }"),
        "4:38 PCI device 0000:04:00.0 of host 'local' has driver nvme: unmanaged, it must have "
        "vfio-pci [host-pci]\n"
        "  leave 'managed' out, and libvirt sees to it; or virsh nodedev-detach\n");
}

static void no_iommu_in_use(void **state)
{
    (void)state;
    expect_findings(
        &no_iommu, NODE("devices: { pci: [\"0000:04:00.0\"] }"),
        "4:38 node 'a' wants PCI device 0000:04:00.0, and host 'local' has no IOMMU "
        "in use: it cannot give any away [host-iommu]\n"
        "  switch on VT-d or AMD-Vi in its firmware, and on Intel add "
        "intel_iommu=on to its kernel's command line\n");
}

static void usb(void **state)
{
    (void)state;
    expect_findings(&kvm, NODE("devices: { usb: [\"1.2\", \"1.3\"] }"), "");
    expect_findings(&kvm, NODE("devices: { usb: [{ id: \"0781:0001\", startup: optional }] }"),
                    "");
    expect_findings(
        &kvm, NODE("devices: { usb: [\"0781:5583\"] }"),
        "4:38 host 'local' has 2 USB devices 0781:5583 [host-usb]\n"
        "  name one by bus and device, as in 1.4: `lsusb` on the host lists them\n");
    expect_findings(
        &kvm, NODE("devices: { usb: [\"0781:5592\"] }"),
        "4:38 node 'a' wants USB device 0781:5592, which host 'local' does not have "
        "[host-usb]\n"
        "  plug it in (`lsusb` on the host lists what is there), or write startup: "
        "optional\n");
    expect_findings(&kvm, NODE("devices: { usb: [\"0781:5591\"] }"),
                    "4:38 node 'a' wants USB device 0781:5591 of host 'local', which domain "
                    "'busy' has [host-device]\n"
                    "  stop that one, or take another device\n");
}

static void mediated(void **state)
{
    (void)state;
    expect_findings(&kvm, NODE("devices: { mdev: [" UUID "] }"), "");
    expect_findings(&kvm, NODE("devices: { mdev: [11111111-1b54-4048-85b3-a6a62d165c01] }"),
                    "4:39 node 'a' wants mediated device 11111111-1b54-4048-85b3-a6a62d165c01, "
                    "which host 'local' does not have [host-mdev]\n"
                    "  make it on the host (mdevctl start), `virsh nodedev-list --cap mdev` "
                    "lists those that are there\n");
}

static void screens(void **state)
{
    (void)state;
    expect_findings(&qemu_host, NODE("graphics: spice, video: qxl"), "");
    expect_findings(&kvm_host, NODE("graphics: vnc, video: virtio"), "");
    expect_findings(&kvm_host, NODE("graphics: none"), "");
    expect_findings(&kvm_host, NODE("graphics: spice"),
                    "4:31 node 'a' wants graphics 'spice', which QEMU on host 'local' does not "
                    "have [host-device]\n"
                    "  write vnc: Fedora's and Red Hat's QEMU is built without SPICE\n");
    expect_findings(
        &kvm_host, NODE("graphics: vnc, video: { model: qxl }"),
        "4:52 node 'a' wants video model 'qxl', which QEMU on host 'local' does not "
        "have [host-device]\n"
        "  it has vga, virtio, none, bochs, ramfb\n");
}

static void tpm(void **state)
{
    const struct hostworld made = {"capabilities-qemu.xml", "domcaps-qemu.xml", true};

    (void)state;
    expect_findings(&kvm_host, NODE("tpm: \"2.0\""), "");
    expect_findings(&made, NODE("tpm: \"2.0\""), "");
    expect_findings(&qemu_host, NODE("tpm: \"2.0\""),
                    "4:26 node 'a' wants a TPM, and host 'local' has no swtpm to emulate one "
                    "[host-tpm]\n"
                    "  install swtpm and swtpm-tools there, and start libvirtd anew\n");
    expect_findings(
        &kvm_host, NODE("tpm: \"1.2\""),
        "4:26 node 'a' wants TPM version '1.2', which QEMU on host 'local' does not "
        "have [host-device]\n"
        "  it has 2.0\n");
}

static void buses(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("disks: [{ name: d, size: 1G, bus: nvme }]"), "");
    expect_findings(&qemu_host,
                    NODE("disks: [{ name: d, size: 1G, bus: usb }], usb: qemu-xhci"), "");
    expect_findings(&qemu_host, NODE("disks: [{ name: d, size: 1G, bus: nvme }]"),
                    "4:55 node 'a' wants disk bus 'nvme', which QEMU on host 'local' does not "
                    "have [host-device]\n"
                    "  libvirt makes NVMe disks from release 11.5 on: write virtio\n");
    expect_findings(&qemu_host, NODE("disk: { size: 1G, bus: nvme }"),
                    "4:44 node 'a' wants disk bus 'nvme', which QEMU on host 'local' does not "
                    "have [host-device]\n"
                    "  libvirt makes NVMe disks from release 11.5 on: write virtio\n");
}

static void small_devices(void **state)
{
    (void)state;
    expect_findings(&kvm_host, NODE("panic: isa"), "");
    expect_findings(&qemu_host, NODE("panic: isa"), ""); /* not told */
    expect_findings(&kvm_host, NODE("shares: [{ source: /srv, target: /srv, driver: 9p }]"),
                    "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(pci_that_is_free),
        WORLD_TEST(pci_that_is_missing),
        WORLD_TEST(pci_of_others),
        WORLD_TEST(pci_of_a_shared_group),
        WORLD_TEST(unmanaged_pci),
        WORLD_TEST(no_iommu_in_use),
        WORLD_TEST(screens),
        WORLD_TEST(tpm),
        WORLD_TEST(buses),
        WORLD_TEST(small_devices),
        WORLD_TEST(usb),
        WORLD_TEST(mediated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
