/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <string.h>

static void init_networks(struct model *m)
{
    m->lan = (struct network){
        .name = "lan",
        .mode = NETWORK_NAT,
        .subnet = {0x0a140000, 24},
        .gateway = 0x0a140001,
        .dhcp = {.enabled = true, .has_range = true, .first = 0x0a140064, .last = 0x0a1400c7},
        .dns = {.enabled = true},
    };
    m->san = (struct network){
        .name = "san",
        .mode = NETWORK_ISOLATED,
        .subnet = {0x0a1e0000, 24},
        .gateway = 0x0a1e0001,
        .dhcp = {.enabled = true},
        .dns = {.enabled = true},
        .mtu = 9000,
    };
    m->hosts[0] = (struct network_host){"52:54:00:aa:00:0a", 0x0a14000a, "db"};
    m->hosts[1] = (struct network_host){"52:54:00:aa:00:0b", 0x0a14000b, "web-1"};
    m->hosts[2] = (struct network_host){"", 0x0a14000c, "named-only"};
    m->network = (struct network_template){
        .name = "lab_lan",
        .uuid = "11111111-2222-5333-8444-555555555556",
        .bridge = "vt-1a2b3c4d",
        .domain = "lab.test",
        .network = &m->lan,
        .hosts = m->hosts,
        .host_count = 3,
        .tag = &m->tag,
    };
}

static void init_node(struct model *m)
{
    m->image = (struct image){.name = "debian12", .user = "debian"};
    m->nics[0] = (struct nic){.network = "lan",
                              .net = &m->lan,
                              .ip = 0x0a14000b,
                              .mac = {{0x52, 0x54, 0, 0xaa, 0, 11}}};
    m->nics[1] = (struct nic){.network = "san",
                              .net = &m->san,
                              .ip = 0x0a1e000b,
                              .mac = {{0x52, 0x54, 0, 0xbb, 0, 11}}};
    m->node = (struct node){
        .name = "web-1",
        .image = &m->image,
        .cpus = {.count = 2},
        .memory = {.size = UINT64_C(512) << 20},
        .nics = {m->nics, 2},
    };
    m->seed = (struct seed_template){
        .cluster = &m->cluster,
        .node = &m->node,
        .instance_id = "lab-web-1-0011223344",
        .authorized_key = MODEL_KEY,
        .login = "root",
    };
}

static void init_domain(struct model *m)
{
    m->disks[0] = (struct domain_disk){.path = "/var/lib/virtopo/lab/web-1.qcow2",
                                       .format = "qcow2",
                                       .target = "vda",
                                       .alias = "ua-root",
                                       .boot_order = 1};
    m->disks[1] = (struct domain_disk){.path = "/var/lib/virtopo/lab/web-1-data.qcow2",
                                       .format = "qcow2",
                                       .target = "sda",
                                       .serial = "data",
                                       .alias = "ua-data",
                                       .bus = DISK_SCSI,
                                       .cache = DISK_CACHE_NONE,
                                       .discard = DISK_DISCARD_UNMAP};
    m->disks[2] = (struct domain_disk){.path = "/var/lib/virtopo/lab/web-1-old.raw",
                                       .format = "raw",
                                       .target = "sdb",
                                       .alias = "ua-old",
                                       .bus = DISK_SATA};
    m->disks[3] = (struct domain_disk){.path = "/var/lib/virtopo/lab/web-1-seed.iso",
                                       .format = "raw",
                                       .target = "vdb",
                                       .alias = "ua-seed",
                                       .readonly = true};
    m->domain_nics[0] = (struct domain_nic){
        .network = "lab_lan", .mac = "52:54:00:aa:00:0b", .alias = "ua-net0"};
    m->domain_nics[1] = (struct domain_nic){.network = "lab_san",
                                            .mac = "52:54:00:bb:00:0b",
                                            .model = NIC_E1000E,
                                            .mtu = 9000,
                                            .alias = "ua-net1"};
    m->domain = (struct domain_template){
        .name = "lab_web-1",
        .uuid = "11111111-2222-5333-8444-555555555555",
        .type = "qemu",
        .arch = "x86_64",
        .machine = "q35",
        .console_log = "/var/log/libvirt/qemu/lab_web-1-console.log",
        .node = &m->node,
        .disks = m->disks,
        .disk_count = 4,
        .nics = m->domain_nics,
        .nic_count = 2,
        .tag = &m->tag,
    };
}

void model_init(struct model *m)
{
    memset(m, 0, sizeof *m);
    m->cluster = (struct cluster){.name = "lab", .domain = "lab.test"};
    m->tag = (struct tag){
        .cluster = xstrdup("lab"),
        .kind = xstrdup("node"),
        .name = xstrdup("web-1"),
        .host = xstrdup("local"),
        .owner = xstrdup("ann@desk"),
        .spec = json_pack("{s:i, s:s}", "cpus", 2, "memory", "512M"),
    };
    init_networks(m);
    init_node(m);
    init_domain(m);
}

void model_done(struct model *m)
{
    tag_done(&m->tag);
    json_decref(m->node.cloud_init);
}

void model_add_work(struct model *m)
{
    static const char binary[] = {'a', 0, (char)0xff};

    m->packages[0] = "nginx";
    m->packages[1] = "curl";
    m->node.packages = (struct string_list){m->packages, 2};
    m->run[0] = "systemctl enable --now nginx";
    m->run[1] = "echo \"a: b\" > /tmp/x # not a comment";
    m->node.run = (struct string_list){m->run, 2};
    m->files[0] = (struct guest_file){.path = "/etc/motd",
                                      .content = "hi\n  there: yes\n",
                                      .content_length = 16,
                                      .mode = "0644",
                                      .owner = "root:root"};
    m->files[1] = (struct guest_file){
        .path = "/srv/x", .content = "1", .content_length = 1, .owner = "nginx:nginx"};
    m->files[2] = (struct guest_file){
        .path = "/bin.dat", .content = binary, .content_length = 3, .mode = "0600"};
    m->files[3] = (struct guest_file){.path = "/empty", .content = ""};
    m->node.files = (struct list){m->files, 4};
}
