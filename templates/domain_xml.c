/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain_xml.h"

#include <inttypes.h>
#include <string.h>

/* Root ports that stay free, so that disks and NICs can be added to a running machine. */
#define SPARE_PORTS 8

static const char *const bus_words[] = {"virtio", "scsi", "sata"};
static const char *const cache_words[] = {NULL,           "none",       "writeback",
                                          "writethrough", "directsync", "unsafe"};
static const char *const discard_words[] = {NULL, "unmap", "ignore"};
static const char *const model_words[] = {"virtio", "e1000", "e1000e", "rtl8139"};

static bool is_x86(const struct domain_template *t)
{
    return strcmp(t->arch, "x86_64") == 0 || strcmp(t->arch, "i686") == 0;
}

/* PCI Express machines, where only a root port takes a device at run time. */
static bool has_root_ports(const struct domain_template *t)
{
    return strstr(t->machine, "q35") || strncmp(t->machine, "virt", 4) == 0;
}

static void write_boot_order(struct xmlwriter *w, int order)
{
    if (order <= 0)
        return;
    xml_open(w, "boot");
    xml_attributef(w, "order", "%d", order);
    xml_close(w);
}

static void write_alias(struct xmlwriter *w, const char *alias)
{
    if (alias)
        xml_empty(w, "alias", "name", alias, NULL);
}

static void write_disk(struct xmlwriter *w, const struct domain_disk *disk)
{
    xml_open(w, "disk");
    xml_attribute(w, "type", "file");
    xml_attribute(w, "device", "disk");
    /* never left to be guessed: a guest can write another format's header into a raw disk */
    xml_open(w, "driver");
    xml_attribute(w, "name", "qemu");
    xml_attribute(w, "type", disk->format);
    xml_attribute(w, "cache", cache_words[disk->cache]);
    xml_attribute(w, "discard", discard_words[disk->discard]);
    xml_close(w);
    xml_empty(w, "source", "file", disk->path, NULL);
    xml_empty(w, "target", "dev", disk->target, "bus", bus_words[disk->bus], NULL);
    if (disk->readonly)
        xml_empty(w, "readonly", NULL);
    xml_element(w, "serial", disk->serial);
    write_boot_order(w, disk->boot_order);
    write_alias(w, disk->alias);
    xml_close(w);
}

static void write_nic(struct xmlwriter *w, const struct domain_nic *nic)
{
    xml_open(w, "interface");
    xml_attribute(w, "type", "network");
    xml_empty(w, "mac", "address", nic->mac, NULL);
    xml_empty(w, "source", "network", nic->network, NULL);
    xml_empty(w, "model", "type", model_words[nic->model], NULL);
    if (nic->mtu > 0) {
        xml_open(w, "mtu");
        xml_attributef(w, "size", "%lld", nic->mtu);
        xml_close(w);
    }
    /* the firmware would load a network boot ROM that is never used */
    xml_empty(w, "rom", "enabled", "no", NULL);
    write_alias(w, nic->alias);
    xml_close(w);
}

static void write_head(struct xmlwriter *w, const struct domain_template *t)
{
    xml_element(w, "name", t->name);
    xml_element(w, "uuid", t->uuid);
    if (t->node->description) {
        xml_open(w, "description");
        xml_text(w, t->node->description);
        xml_close(w);
    }
    if (t->tag) {
        xml_open(w, "metadata");
        tag_write(w, t->tag);
        xml_close(w);
    }
    xml_open(w, "memory");
    xml_attribute(w, "unit", "KiB");
    xml_textf(w, "%" PRIu64, t->node->memory / 1024 + (t->node->memory % 1024 ? 1 : 0));
    xml_close(w);
    xml_elementf(w, "vcpu", "%lld", t->node->cpus);
    xml_open(w, "os");
    xml_open(w, "type");
    xml_attribute(w, "arch", t->arch);
    xml_attribute(w, "machine", t->machine);
    xml_text(w, "hvm");
    xml_close(w);
    xml_close(w);
}

static void write_cpu(struct xmlwriter *w, const struct domain_template *t)
{
    bool kvm = strcmp(t->type, "kvm") == 0;

    xml_open(w, "features");
    xml_empty(w, "acpi", NULL);
    if (is_x86(t))
        xml_empty(w, "apic", NULL);
    xml_close(w);
    xml_open(w, "cpu");
    xml_attribute(w, "mode", kvm ? "host-passthrough" : "maximum");
    xml_attribute(w, "check", "none");
    /* QEMU's emulator has five-level paging, but many kernels crash on it; and it forgets all
     * address translations when protection keys are loaded, at each change of process */
    if (!kvm && is_x86(t)) {
        xml_empty(w, "feature", "policy", "disable", "name", "la57", NULL);
        xml_empty(w, "feature", "policy", "disable", "name", "pku", NULL);
    }
    xml_close(w);
}

static void write_behaviour(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "clock");
    xml_attribute(w, "offset", "utc");
    if (is_x86(t)) {
        xml_empty(w, "timer", "name", "rtc", "tickpolicy", "catchup", NULL);
        xml_empty(w, "timer", "name", "pit", "tickpolicy", "delay", NULL);
        xml_empty(w, "timer", "name", "hpet", "present", "no", NULL);
    }
    xml_close(w);
    xml_element(w, "on_poweroff", "destroy");
    xml_element(w, "on_reboot", "restart");
    xml_element(w, "on_crash", "destroy");
    if (is_x86(t)) {
        xml_open(w, "pm");
        xml_empty(w, "suspend-to-mem", "enabled", "no", NULL);
        xml_empty(w, "suspend-to-disk", "enabled", "no", NULL);
        xml_close(w);
    }
}

static size_t count_bus(const struct domain_template *t, int bus)
{
    size_t count = 0;

    for (size_t i = 0; i < t->disk_count; i++)
        count += t->disks[i].bus == bus;
    return count;
}

static void write_scsi(struct xmlwriter *w)
{
    xml_empty(w, "controller", "type", "scsi", "index", "0", "model", "virtio-scsi", NULL);
}

static void write_controllers(struct xmlwriter *w, const struct domain_template *t)
{
    bool scsi = count_bus(t, DISK_SCSI) > 0;
    /* a port each: virtio disks, NICs, SCSI, serial (the agent's channel), rng, balloon */
    size_t ports = count_bus(t, DISK_VIRTIO) + t->nic_count + (scsi ? 1 : 0) + 3 + SPARE_PORTS;

    xml_empty(w, "controller", "type", "usb", "model", "none", NULL);
    if (scsi)
        write_scsi(w);
    if (!has_root_ports(t))
        return;
    xml_empty(w, "controller", "type", "pci", "index", "0", "model", "pcie-root", NULL);
    for (size_t i = 1; i <= ports; i++) {
        xml_open(w, "controller");
        xml_attribute(w, "type", "pci");
        xml_attributef(w, "index", "%zu", i);
        xml_attribute(w, "model", "pcie-root-port");
        xml_close(w);
    }
}

static void write_consoles(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "serial");
    xml_attribute(w, "type", "pty");
    if (t->console_log)
        xml_empty(w, "log", "file", t->console_log, "append", "on", NULL);
    xml_empty(w, "target", "port", "0", NULL);
    xml_close(w);
    xml_open(w, "console");
    xml_attribute(w, "type", "pty");
    if (t->console_log)
        xml_empty(w, "log", "file", t->console_log, "append", "on", NULL);
    xml_empty(w, "target", "type", "serial", "port", "0", NULL);
    xml_close(w);
    xml_open(w, "channel");
    xml_attribute(w, "type", "unix");
    xml_empty(w, "target", "type", "virtio", "name", "org.qemu.guest_agent.0", NULL);
    xml_close(w);
}

static void write_devices(struct xmlwriter *w, const struct domain_template *t)
{
    xml_open(w, "devices");
    for (size_t i = 0; i < t->disk_count; i++)
        write_disk(w, &t->disks[i]);
    write_controllers(w, t);
    for (size_t i = 0; i < t->nic_count; i++)
        write_nic(w, &t->nics[i]);
    write_consoles(w, t);
    xml_empty(w, "memballoon", "model", "virtio", NULL);
    xml_open(w, "rng");
    xml_attribute(w, "model", "virtio");
    xml_open(w, "backend");
    xml_attribute(w, "model", "random");
    xml_text(w, "/dev/urandom");
    xml_close(w);
    xml_close(w);
    xml_close(w);
}

int domain_xml(const struct domain_template *t, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "domain");
    xml_attribute(&w, "type", t->type);
    write_head(&w, t);
    write_cpu(&w, t);
    write_behaviour(&w, t);
    write_devices(&w, t);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

int domain_disk_xml(const struct domain_disk *disk, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_disk(&w, disk);
    return xml_finish(&w, ret, err);
}

int domain_scsi_xml(char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_scsi(&w);
    return xml_finish(&w, ret, err);
}

int domain_nic_xml(const struct domain_nic *nic, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    write_nic(&w, nic);
    return xml_finish(&w, ret, err);
}
