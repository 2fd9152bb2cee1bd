/* SPDX-License-Identifier: Apache-2.0 */
/* One key of a node or a network changed at a time: what plan says of it, line by line, and
 * that it says nothing more once that is done. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

struct line {
    const char *key, *value;
};

static const struct line network_lines[] = {
    {"mode", "nat"},          {"subnet", "10.20.0.0/24"},
    {"gateway", "10.20.0.1"}, {"dhcp", "[10.20.0.100, 10.20.0.110]"},
    {"dns", "true"},          {"bridge", "br-lan"},
    {"stp", "false"},         {"forward_delay", "0s"},
    {"mtu", "1400"},          {"autostart", "false"},
};

static const struct line node_lines[] = {
    {"host", "local"},
    {"image", "tiny"},
    {"cpus", "2"},
    {"memory", "256M"},
    {"disk", "4M"},
    {"disks", "[{ name: data, size: 1G }]"},
    {"networks", "[{ lan: 10.20.0.5 }, san]"},
    {"depends_on", "[db]"},
    {"ready", "{ kind: ssh, timeout: 60s }"},
    {"files", "[{ path: /etc/a, content: a }]"},
    {"packages", "[curl]"},
    {"run", "[echo a]"},
    {"labels", "{ role: web }"},
    {"virt", "auto"},
    {"cloud_init", "{ timezone: UTC }"},
    {"autostart", "false"},
    {"description", "text"},
};

static void add_lines(struct buffer *out, const char *indent, const struct line *lines,
                      size_t count, const struct line *changed)
{
    bool found = !changed;

    for (size_t i = 0; i < count; i++) {
        bool this = changed && strcmp(changed->key, lines[i].key) == 0;
        const char *value = this ? changed->value : lines[i].value;

        found = found || this;
        if (value)
            buffer_printf(out, "%s%s: %s\n", indent, lines[i].key, value);
    }
    if (!found)
        buffer_printf(out, "%s%s: %s\n", indent, changed->key, changed->value);
}

/* The file, with one line of the network or of the node changed; value NULL: left out. */
static char *text_with(const struct line *network, const struct line *node)
{
    auto_buffer struct buffer out = {0};

    buffer_puts(&out, "networks:\n  san: { mode: isolated, subnet: 10.30.0.0/24 }\n  lan:\n");
    add_lines(&out, "    ", network_lines, ARRAY_SIZE(network_lines), network);
    buffer_puts(&out, "nodes:\n  db: { image: tiny }\n  web:\n");
    add_lines(&out, "    ", node_lines, ARRAY_SIZE(node_lines), node);
    return buffer_take(&out);
}

struct row {
    struct line line;
    const char *expected; /* all that plan shows */
    bool undone; /* refused, or the test driver cannot do it (attach, resize, replug) */
};

#define NONE "No changes.\n"
static const struct row node_rows[] = {
    {{"host", NULL}, NONE},
    {{"image", "other"},
     "+   image other  copy 2 MiB from @/other.raw\n"
     "-/+ node  web    image tiny (16d978beb7c0) -> other (1b7f98139686) recreate, loses disk "
     "root\n"
     "Plan: 1 to add, 1 to replace.\n"},
    {{"cpus", "3"},
     "~   node web  cpus 2 -> 3  restart\n"
     "Plan: 1 to change.\n"},
    {{"cpus", NULL},
     "~   node web  cpus 2 -> 1  restart\n"
     "Plan: 1 to change.\n"},
    {{"memory", "512M"},
     "~   node web  memory 256 MiB -> 512 MiB  restart\n"
     "Plan: 1 to change.\n"},
    {{"disk", "8M"},
     "~   node web  disk 4 MiB -> 8 MiB  live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disk", "2M"},
     "t.yaml:23:11: error: disk 'root' of node 'web' has 4M and cannot shrink to 2M "
     "[disk-shrink]\n"
     "   23 |     disk: 2M\n"
     "      |           ^~\n"
     "hint: disks only grow: set its size to 4M or more\n",
     .undone = true},
    {{"disk", NULL}, NONE},
    {{"disks", NULL},
     "~   node web  disk data removed (data)  data-loss\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disks", "[{ name: data, size: 2G }]"},
     "~   node web  disk data 1 GiB -> 2 GiB  live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disks", "[{ name: data, size: 512M }]"},
     "t.yaml:24:33: error: disk 'data' of node 'web' has 1G and cannot shrink to 512M "
     "[disk-shrink]\n"
     "   24 |     disks: [{ name: data, size: 512M }]\n"
     "      |                                 ^~~~\n"
     "hint: disks only grow: set its size to 1G or more\n",
     .undone = true},
    {{"disks", "[{ name: data, size: 1G }, { name: log, size: 1G }]"},
     "~   node web  disk log added (1 GiB)  live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disks", "[{ name: log, size: 1G }, { name: data, size: 1G }]"},
     "~   node web  disk log added (1 GiB)  live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disks", "[{ name: data, size: 1G }, { name: log, size: 1G, bus: sata }]"},
     "~   node web  disk log added (1 GiB)  restart\n"
     "Plan: 1 to change.\n"},
    {{"disks", "[{ name: data, size: 1G, bus: scsi }]"},
     "~   node web  disk data bus virtio -> scsi  restart\n"
     "Plan: 1 to change.\n"},
    {{"disks", "[{ name: data, size: 1G, cache: none }]"},
     "~   node web  disk data cache added (none)  restart\n"
     "Plan: 1 to change.\n"},
    {{"disks", "[{ name: data, size: 1G, discard: unmap }]"},
     "~   node web  disk data discard added (unmap)  restart\n"
     "Plan: 1 to change.\n"},
    {{"disks", "[{ name: data, size: 1G, serial: x1 }]"},
     "~   node web  disk data serial data -> x1  restart\n"
     "Plan: 1 to change.\n"},
    {{"disks", "[{ name: other, size: 1G }]"},
     "~   node web  disk other added (1 GiB)  live\n"
     "~   node web  disk data removed (data)  data-loss\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disks", "[{ name: data, size: 1G, format: raw }]"},
     "~   node web  disk data format added (raw)  restart\n"
     "~   node web  disk data removed (data)      data-loss\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disks", "[{ name: data, size: 1G }, { name: old, source: /srv/old.qcow2 }]"},
     "~   node web  disk old added (/srv/old.qcow2)  live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"disks", "[{ name: data, source: /srv/old.qcow2 }]"},
     "~   node web  disk data source added (file: /srv/old.qcow2) restart\n"
     "~   node web  disk data removed (data)  data-loss\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"cdroms", "[/srv/a.iso]"},
     "~   node web  cdrom cd1 added (/srv/a.iso)  restart\n"
     "Plan: 1 to change.\n"},
    {{"networks", "[{ lan: 10.20.0.6 }, san]"},
     "~   network lan  address of web 10.20.0.5 -> 10.20.0.6  live\n"
     "~   node    web  address on lan 10.20.0.5 -> 10.20.0.6  restart\n"
     "Plan: 2 to change.\n"},
    {{"networks", "[{ lan: 10.20.0.5 }]"},
     "~   network san  address of web removed (10.30.0.2)  live\n"
     "~   node    web  network 2 removed (lab_san 52:44:da:08:f5:44) live\n"
     "Plan: 2 to change.\n",
     .undone = true},
    {{"networks", "[san, { lan: 10.20.0.5 }]"},
     "~   node web  network 1 lab_lan 52:82:c2:8d:0b:b1 -> lab_san 52:44:da:08:f5:44 restart\n"
     "~   node web  network 2 lab_san 52:44:da:08:f5:44 -> lab_lan 52:82:c2:8d:0b:b1 restart\n"
     "~   node web  address on san 10.20.0.5 -> 10.30.0.2  restart\n"
     "~   node web  address on lan 10.30.0.2 -> 10.20.0.5  restart\n"
     "Plan: 1 to change.\n"},
    {{"networks", "[{ lan: 10.20.0.5 }, san, san]"},
     "~   network san  address of web added (10.30.0.3)             live\n"
     "~   node    web  network 3 added (lab_san 52:9e:66:6a:de:c5)  live, set up in the guest "
     "at its next boot\n"
     "Plan: 2 to change.\n",
     .undone = true},
    {{"networks", "[{ lan: dhcp }, san]"},
     "~   network lan  address of web removed (10.20.0.5)  live\n"
     "~   node    web  seed                                restart, what the guest hears at "
     "its next boot changed\n"
     "Plan: 2 to change.\n"},
    {{"networks", "[{ network: lan, ip: 10.20.0.5, mac: '52:54:00:00:00:01' }, san]"},
     "~   network lan  address of web added (10.20.0.5)    live\n"
     "~   network lan  address of web removed (10.20.0.5)  live\n"
     "~   node    web  network 1 lab_lan 52:82:c2:8d:0b:b1 -> lab_lan 52:54:00:00:00:01 "
     "restart\n"
     "Plan: 2 to change.\n"},
    {{"networks", "[{ network: lan, ip: 10.20.0.5, model: e1000 }, san]"},
     "~   node web  network 1 model virtio -> e1000  restart\n"
     "Plan: 1 to change.\n"},
    {{"networks", "[{ network: lan, ip: 10.20.0.5, mtu: 1300 }, san]"},
     "~   node web  network 1 mtu 1400 -> 1300  restart\n"
     "Plan: 1 to change.\n"},
    {{"depends_on", NULL},
     "~   node web  depends_on removed (db)  live\n"
     "Plan: 1 to change.\n"},
    {{"ready", NULL},
     "~   node web  ready.timeout removed (1m)  live\n"
     "Plan: 1 to change.\n"},
    {{"ready", "none"},
     "~   node web  ready.kind ssh -> none      live\n"
     "~   node web  ready.timeout removed (1m)  live\n"
     "Plan: 1 to change.\n"},
    {{"ready", "{ kind: ssh, timeout: 90s }"},
     "~   node web  ready.timeout 1m -> 90s  live\n"
     "Plan: 1 to change.\n"},
    {{"files", "[{ path: /etc/a, content: b }]"},
     "-/+ node web  files /etc/a -> /etc/a, changed  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"files", "[{ path: /etc/a, content: a, mode: '0600' }]"},
     "-/+ node web  files /etc/a -> /etc/a, changed  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"files", "[{ path: /etc/a, content: a, owner: nobody }]"},
     "-/+ node web  files /etc/a -> /etc/a, changed  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"files", "[{ path: /etc/b, content: a }]"},
     "-/+ node web  files /etc/a -> /etc/b  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"files", NULL},
     "-/+ node web  files removed (/etc/a)  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"packages", "[curl, vim]"},
     "-/+ node web  packages curl -> 2 entries  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"packages", NULL},
     "-/+ node web  packages removed (curl)  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"run", "[echo b]"},
     "-/+ node web  run  recreate, loses disk root, changed\n"
     "Plan: 1 to replace.\n"},
    {{"run", NULL},
     "-/+ node web  run removed  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"labels", "{ role: db }"},
     "~   node web  labels role: web -> role: db  live\n"
     "Plan: 1 to change.\n"},
    {{"labels", "{ role: web, more: x }"},
     "~   node web  labels role: web -> more: x, role: web  live\n"
     "Plan: 1 to change.\n"},
    {{"labels", NULL},
     "~   node web  labels removed (role: web)  live\n"
     "Plan: 1 to change.\n"},
    {{"virt", "qemu"}, NONE},
    {{"virt", "kvm"},
     "~   node web  virt qemu -> kvm  restart\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"cloud_init", "{ timezone: Europe/Vienna }"},
     "-/+ node web  cloud_init  recreate, loses disk root, changed\n"
     "Plan: 1 to replace.\n"},
    {{"cloud_init", NULL},
     "-/+ node web  cloud_init removed  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"autostart", "true"},
     "~   node web  autostart off -> on  live\n"
     "Plan: 1 to change.\n"},
    {{"description", "other"},
     "~   node web  description text -> other  live\n"
     "Plan: 1 to change.\n"},
    {{"description", NULL},
     "~   node web  description removed (text)  live\n"
     "Plan: 1 to change.\n"},
    {{"arch", "i686"}, NONE}, /* as libvirt's test driver is */
    {{"arch", "x86_64"},
     "~   node web  machine arch i686 -> x86_64  restart\n"
     "Plan: 1 to change.\n"},
    {{"machine", "pc"},
     "~   node web  machine q35 -> pc  restart\n"
     "Plan: 1 to change.\n"},
    {{"emulator", "/usr/bin/qemu"},
     "~   node web  emulator added (/usr/bin/qemu)  restart\n"
     "Plan: 1 to change.\n"},
    {{"firmware", "uefi"},
     "-/+ node web  firmware added (uefi)  recreate, loses disk root\n"
     "Plan: 1 to replace.\n"},
    {{"boot", "{ menu: true }"},
     "~   node web  boot added (menu: true)  restart\n"
     "Plan: 1 to change.\n"},
    {{"kernel", "/srv/vmlinuz"},
     "~   node web  kernel added (/srv/vmlinuz)  restart\n"
     "Plan: 1 to change.\n"},
    {{"initrd", "/srv/initrd\n    kernel: /srv/vmlinuz"},
     "~   node web  kernel added (/srv/vmlinuz)  restart\n"
     "~   node web  initrd added (/srv/initrd)   restart\n"
     "Plan: 1 to change.\n"},
    {{"cmdline", "quiet\n    kernel: /srv/vmlinuz"},
     "~   node web  kernel added (/srv/vmlinuz)  restart\n"
     "~   node web  cmdline added (quiet)        restart\n"
     "Plan: 1 to change.\n"},
    {{"dtb", "/srv/dtb\n    kernel: /srv/vmlinuz"},
     "~   node web  kernel added (/srv/vmlinuz)  restart\n"
     "~   node web  dtb added (/srv/dtb)         restart\n"
     "Plan: 1 to change.\n"},
    {{"clock", "localtime"},
     "~   node web  clock utc -> localtime  restart\n"
     "Plan: 1 to change.\n"},
    {{"features", "{ pmu: false, hyperv: { relaxed: true } }"},
     "~   node web  features added (hyperv: {\"relaxed\":true}, pmu: false) restart\n"
     "Plan: 1 to change.\n"},
    {{"pm", "{ suspend_to_mem: true }"},
     "~   node web  pm added (suspend_to_mem: true)  restart\n"
     "Plan: 1 to change.\n"},
    {{"on_poweroff", "restart"},
     "~   node web  on_poweroff destroy -> restart  restart\n"
     "Plan: 1 to change.\n"},
    {{"on_reboot", "destroy"},
     "~   node web  on_reboot restart -> destroy  restart\n"
     "Plan: 1 to change.\n"},
    {{"on_crash", "preserve"},
     "~   node web  on_crash destroy -> preserve  restart\n"
     "Plan: 1 to change.\n"},
    {{"smbios", "{ system: { serial: a } }"},
     "~   node web  smbios added (system: {\"serial\":\"a\"})  restart\n"
     "Plan: 1 to change.\n"},
    {{"fw_cfg", "{ opt/a: b }"},
     "~   node web  fw_cfg.opt/a added  restart\n"
     "Plan: 1 to change.\n"},
    {{"title", "Front"},
     "~   node web  title added (Front)  live\n"
     "Plan: 1 to change.\n"},
    {{"graphics", "vnc"},
     "~   node web  graphics added (vnc)  restart\n"
     "~   node web  video added (yes)     restart\n"
     "Plan: 1 to change.\n"},
    {{"graphics", "[{ type: vnc, password: s3cret }, spice]"},
     "~   node web  graphics added (2 entries)  restart\n"
     "~   node web  video added (yes)           restart\n"
     "Plan: 1 to change.\n"},
    {{"video", "vga"},
     "~   node web  video auto -> vga  restart\n"
     "Plan: 1 to change.\n"},
    {{"sound", "ich9"},
     "~   node web  sound none -> ich9  restart\n"
     "Plan: 1 to change.\n"},
    {{"input", "tablet"},
     "~   node web  input added (tablet)  restart\n"
     "Plan: 1 to change.\n"},
    {{"usb", "qemu-xhci"},
     "~   node web  usb auto -> qemu-xhci  restart\n"
     "Plan: 1 to change.\n"},
    {{"serial", "none"},
     "~   node web  serial added (none)  restart\n"
     "Plan: 1 to change.\n"},
    {{"console", "pty"},
     "~   node web  console added (pty)  restart\n"
     "Plan: 1 to change.\n"},
    {{"channels", "[org.example.0]"},
     "~   node web  channels.org.example.0 added (name: org.example.0, type: unix) restart\n"
     "Plan: 1 to change.\n"},
    {{"agent", "false"},
     "~   node web  agent added (false)  restart\n"
     "Plan: 1 to change.\n"},
    {{"shares", "[/srv/a:/mnt/a]"},
     "~   node web  shares added (source: /srv/a, tag: share0, target: ...) restart\n"
     "~   node web  memory added (yes)  restart\n"
     "Plan: 1 to change.\n"},
    {{"devices", "{ pci: ['81:00.3'], usb: ['1d6b:0002'] }"},
     "~   node web  devices added (pci: [\"0000:81:00.3\"], usb: [\"1d6b:00...) restart\n"
     "Plan: 1 to change.\n"},
    {{"watchdog", "{ model: i6300esb, action: pause }"},
     "~   node web  watchdog none -> i6300esb       restart\n"
     "~   node web  watchdog.action reset -> pause  restart\n"
     "Plan: 1 to change.\n"},
    {{"rng", "none"},
     "~   node web  rng added (none)  restart\n"
     "Plan: 1 to change.\n"},
    {{"tpm", "2.0"},
     "~   node web  tpm none -> 2.0  restart\n"
     "Plan: 1 to change.\n"},
    {{"balloon", "none"},
     "~   node web  balloon virtio -> none  restart\n"
     "Plan: 1 to change.\n"},
    {{"panic", "isa"},
     "~   node web  panic none -> isa  restart\n"
     "Plan: 1 to change.\n"},
    {{"vsock", "{ cid: 42 }"},
     "~   node web  vsock added (true)    restart\n"
     "~   node web  vsock.cid added (42)  restart\n"
     "Plan: 1 to change.\n"},
    {{"iommu", "intel"},
     "~   node web  iommu none -> intel  restart\n"
     "Plan: 1 to change.\n"},
    {{"os", "debian12"},
     "~   node web  os added (debian12)  live\n"
     "Plan: 1 to change.\n"},
    {{"publish", "['8080:80']"},
     "~   node web  publish added (8080:80)  live\n"
     "Plan: 1 to change.\n"},
    {{"xml", "<on_crash>preserve</on_crash>"},
     "~   node web  xml added  restart\n"
     "Plan: 1 to change.\n"},
};

#define CUT "live, restarts the network, its guests are cut off for about a second\n"
#define SEED "restart, what the guest hears at its next boot changed\n"

static const struct row network_rows[] = {
    {{"mode", "isolated"},
     "~   network lan  mode nat -> isolated  " CUT
     "~   node    web  seed                  " SEED "Plan: 2 to change.\n",
     .undone = true},
    {{"subnet", "10.20.0.0/16"},
     "-/+ network lan  subnet 10.20.0.0/24 -> 10.20.0.0/16  recreate\n"
     "~   node    web  network lan                          restart, is made anew\n"
     "Plan: 1 to change, 1 to replace.\n",
     .undone = true},
    {{"gateway", "10.20.0.2"},
     "~   network lan  host address 10.20.0.1/24 -> 10.20.0.2/24  " CUT
     "~   node    web  seed                                       " SEED "Plan: 2 to change.\n",
     .undone = true},
    {{"dhcp", "true"},
     "~   network lan  dhcp 10.20.0.100 - 10.20.0.110 -> none  live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"dhcp", "false"},
     "~   network lan  dhcp 10.20.0.100 - 10.20.0.110 -> none  live\n"
     "~   network lan  address of web removed (10.20.0.5)      live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"dhcp", "[10.20.0.100, 10.20.0.120]"},
     "~   network lan  dhcp 10.20.0.100 - 10.20.0.110 -> 10.20.0.100 - 10.20.0.120 live\n"
     "Plan: 1 to change.\n",
     .undone = true},
    {{"dns", "false"},
     "~   network lan  dns on -> off  " CUT "~   node    web  seed           " SEED
     "Plan: 2 to change.\n",
     .undone = true},
    {{"bridge", "br-x"},
     "-/+ network lan  bridge br-lan -> br-x  recreate\n"
     "~   node    web  network lan            restart, is made anew\n"
     "Plan: 1 to change, 1 to replace.\n",
     .undone = true},
    {{"stp", "true"},
     "~   network lan  stp off -> on  " CUT "Plan: 1 to change.\n",
     .undone = true},
    {{"forward_delay", "2s"},
     "~   network lan  forward_delay 0s -> 2s  " CUT "Plan: 1 to change.\n",
     .undone = true},
    {{"mtu", "9000"},
     "~   network lan  mtu 1400 -> 9000            " CUT
     "~   node    web  network 1 mtu 1400 -> 9000  restart\n"
     "Plan: 2 to change.\n",
     .undone = true},
    {{"mtu", NULL},
     "~   network lan  mtu removed (1400)            " CUT
     "~   node    web  network 1 mtu removed (1400)  restart\n"
     "Plan: 2 to change.\n",
     .undone = true},
    {{"routes", "[{ to: 10.9.0.0/16, via: 10.20.0.254 }]"},
     "~   network lan  dhcp options added (dhcp-option=option:classless-static-route,"
     "10.9.0.0/16,10.20.0.254,0.0.0.0/0,10.20.0.1) " CUT "~   node    web  seed  " SEED
     "Plan: 2 to change.\n",
     .undone = true},
    {{"subnet6", "'fd00:21::/64'"},
     "~   network lan  nat of IPv6 added (on)                      " CUT
     "~   network lan  host address of IPv6 added (fd00:21::1/64)  " CUT
     "~   network lan  IPv6 address of web added (fd00:21::5)      live\n"
     "~   node    web  IPv6 address on lan added (fd00:21::5)      restart\n"
     "Plan: 2 to change.\n",
     .undone = true},
    {{"forward_dev", "eth0"},
     "~   network lan  forward_dev added (eth0)  " CUT "Plan: 1 to change.\n",
     .undone = true},
    {{"autostart", "true"},
     "~   network lan  autostart off -> on  live\n"
     "Plan: 1 to change.\n"},
};

static char *text_of(const struct row *row, bool is_node)
{
    return text_with(is_node ? NULL : &row->line, is_node ? &row->line : NULL);
}

/* Each row starts from the same cluster, on a driver that is as new. */
static void check_row(const struct row *row, bool is_node, void **state)
{
    auto_free char *before = text_with(NULL, NULL);
    auto_free char *after = text_of(row, is_node);

    world_settle(before);
    expect_plan(before, NONE);
    expect_plan(after, row->expected);
    if (!row->undone) {
        world_settle(after);
        expect_plan(after, NONE);
    }
    assert_int_equal(world_stop(state), 0);
    assert_int_equal(world_start(state), 0);
}

static void keys_of_nodes(void **state)
{
    for (size_t i = 0; i < ARRAY_SIZE(node_rows); i++)
        check_row(&node_rows[i], true, state);
}

static void keys_of_networks(void **state)
{
    for (size_t i = 0; i < ARRAY_SIZE(network_rows); i++)
        check_row(&network_rows[i], false, state);
}

static bool has_row(const struct row *rows, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].line.key, key) == 0)
            return true;
    }
    return false;
}

/* Of networks of other modes than that of the test, and what goes with another key alone. */
static bool is_elsewhere(const char *key)
{
    static const char *const keys[] = {
        "name",    "external", "count",  "dev",     "type",    "vlan",    "trunk",    "uplink",
        "address", "address6", "create", "confirm", "persist", "forward", "gateway6", "dhcp6"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if (strcmp(key, keys[i]) == 0)
            return true;
    }
    return false;
}

static void expect_rows(const struct schema *schema, const struct row *rows, size_t count)
{
    schema_each (schema, field) {
        const char *key = field->key;

        if (!(field->flags & (FIELD_DEFERRED | FIELD_NO_SPEC)) && !is_elsewhere(key) &&
            !has_row(rows, count, key))
            fail_msg("no row for the key '%s' of a %s", key, schema->name);
    }
}

static void every_key_has_a_row(void **state)
{
    (void)state;
    expect_rows(&node_schema, node_rows, ARRAY_SIZE(node_rows));
    expect_rows(&network_schema, network_rows, ARRAY_SIZE(network_rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_has_a_row),
        WORLD_TEST(keys_of_nodes),
        WORLD_TEST(keys_of_networks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
