/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/build_guest_xml.h"

#include <inttypes.h>
#include <string.h>

#include "config/hardware/platform.h"
#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"
#include "util/size.h"

#define PREFIX "virtopo-build"

static void write_metadata(struct xmlwriter *w, const struct build_guest_template *t)
{
    xml_open(w, "metadata");
    xml_open(w, PREFIX ":guest");
    xml_attribute(w, "xmlns:" PREFIX, BUILD_TAG_URI);
    xml_attribute(w, "recipe", t->recipe);
    xml_attribute(w, "image", t->image);
    xml_attribute(w, "owner", t->owner);
    xml_close(w);
    xml_close(w);
}

static void write_firmware(struct xmlwriter *w)
{
    /* Both said: libvirt would take what its list has first, here with secure boot and there
     * without. */
    xml_open(w, "firmware");
    xml_empty(w, "feature", "enabled", "no", "name", "enrolled-keys", NULL);
    xml_empty(w, "feature", "enabled", "no", "name", "secure-boot", NULL);
    xml_close(w);
}

static void write_os(struct xmlwriter *w, const struct build_guest_template *t)
{
    xml_open(w, "os");
    xml_attribute(w, "firmware", t->nvram ? "efi" : NULL);
    xml_open(w, "type");
    xml_attribute(w, "arch", t->arch);
    xml_attribute(w, "machine", t->machine);
    xml_text(w, "hvm");
    xml_close(w);
    if (t->nvram)
        write_firmware(w);
    xml_element(w, "nvram", t->nvram);
    xml_element(w, "kernel", t->kernel);
    xml_element(w, "initrd", t->initrd);
    xml_element(w, "cmdline", t->cmdline);
    xml_close(w);
}

static void write_features(struct xmlwriter *w, const struct build_guest_template *t)
{
    bool is_x86 = platform_is_x86(t->arch);

    xml_open(w, "features");
    if (is_x86 || t->nvram)
        xml_empty(w, "acpi", NULL);
    if (is_x86)
        xml_empty(w, "apic", NULL);
    xml_close(w);
}

/* What nodes have by default (templates/domain/cpu_xml.c says why). */
static void write_cpu(struct xmlwriter *w, const struct build_guest_template *t)
{
    bool is_kvm = strcmp(t->type, "kvm") == 0;

    xml_open(w, "cpu");
    xml_attribute(w, "mode", is_kvm ? "host-passthrough" : "maximum");
    xml_attribute(w, "check", "none");
    if (!is_kvm && platform_is_x86(t->arch)) {
        xml_empty(w, "feature", "policy", "disable", "name", "la57", NULL);
        xml_empty(w, "feature", "policy", "disable", "name", "pku", NULL);
    }
    xml_close(w);
}

static void write_medium(struct xmlwriter *w, const struct build_medium *m, const char *target)
{
    xml_open(w, "disk");
    xml_attribute(w, "type", "file");
    xml_attribute(w, "device", m->cdrom ? "cdrom" : "disk");
    xml_open(w, "driver");
    xml_attribute(w, "name", "qemu");
    xml_attribute(w, "type", m->format);
    /* Nothing of it outlives a crash of the host, and what the guest frees does not become
     * part of the image. */
    if (!m->readonly && !m->cdrom) {
        xml_attribute(w, "cache", "unsafe");
        xml_attribute(w, "discard", "unmap");
    }
    xml_close(w);
    xml_empty(w, "source", "file", m->path, NULL);
    xml_empty(w, "target", "dev", target, "bus", m->cdrom ? "sata" : "virtio", NULL);
    if (m->readonly || m->cdrom)
        xml_empty(w, "readonly", NULL);
    xml_element(w, "serial", m->serial);
    if (m->boot) {
        xml_open(w, "boot");
        xml_attributef(w, "order", "%d", m->boot);
        xml_close(w);
    }
    xml_close(w);
}

static void write_media(struct xmlwriter *w, const struct build_guest_template *t)
{
    char disk[] = "vda", cdrom[] = "sda";

    for (size_t i = 0; i < t->media_count; i++) {
        char *target = t->media[i].cdrom ? cdrom : disk;

        write_medium(w, &t->media[i], target);
        target[2]++;
    }
}

static void write_channel(struct xmlwriter *w)
{
    xml_open(w, "channel");
    xml_attribute(w, "type", "unix");
    xml_empty(w, "source", "mode", "bind", NULL);
    xml_empty(w, "target", "type", "virtio", "name", BUILD_CHANNEL, NULL);
    xml_close(w);
}

static void write_devices(struct xmlwriter *w, const struct build_guest_template *t)
{
    xml_open(w, "devices");
    write_media(w, t);
    if (t->network) {
        xml_open(w, "interface");
        xml_attribute(w, "type", "user");
        xml_empty(w, "mac", "address", BUILD_MAC, NULL);
        xml_empty(w, "model", "type", "virtio", NULL);
        xml_close(w);
    }
    xml_open(w, "serial");
    xml_attribute(w, "type", "pty");
    xml_empty(w, "target", "port", "0", NULL);
    xml_close(w);
    xml_open(w, "console");
    xml_attribute(w, "type", "pty");
    xml_empty(w, "target", "type", "serial", "port", "0", NULL);
    xml_close(w);
    if (t->channel)
        write_channel(w);
    xml_open(w, "rng");
    xml_attribute(w, "model", "virtio");
    xml_open(w, "backend");
    xml_attribute(w, "model", "random");
    xml_text(w, "/dev/urandom");
    xml_close(w);
    xml_close(w);
    xml_empty(w, "memballoon", "model", "none", NULL);
    if (platform_is_x86(t->arch))
        xml_empty(w, "panic", "model", "isa", NULL);
    xml_close(w);
}

int build_guest_xml(const struct build_guest_template *t, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "domain");
    xml_attribute(&w, "type", t->type);
    xml_element(&w, "name", t->name);
    write_metadata(&w, t);
    xml_open(&w, "memory");
    xml_attribute(&w, "unit", "KiB");
    xml_textf(&w, "%" PRIu64, t->memory / KIB);
    xml_close(&w);
    xml_elementf(&w, "vcpu", "%lld", t->cpus);
    write_os(&w, t);
    write_features(&w, t);
    write_cpu(&w, t);
    xml_empty(&w, "clock", "offset", "utc", NULL);
    xml_element(&w, "on_poweroff", "destroy");
    xml_element(&w, "on_reboot", "restart");
    xml_element(&w, "on_crash", "destroy");
    write_devices(&w, t);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

char *build_guest_recipe(const char *xml)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, NULL);
    xmlNodePtr root = document ? xmlDocGetRootElement(document) : NULL;
    xmlNodePtr element =
        xmlreader_child_ns(xmlreader_child(root, "metadata"), BUILD_TAG_URI, "guest");

    return element ? xmlreader_attribute(element, "recipe") : NULL;
}
