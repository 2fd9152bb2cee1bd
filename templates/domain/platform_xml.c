/* SPDX-License-Identifier: Apache-2.0 */
/* <os>, and what happens at the domain's end. */
#include <inttypes.h>

#include "templates/domain/domain_part.h"

static void write_firmware_feature(struct xmlwriter *w, const char *name, bool enabled)
{
    xml_empty(w, "feature", "enabled", enabled ? "yes" : "no", "name", name, NULL);
}

/* Without both said, libvirt takes what its list has first, on one host with Microsoft's keys
 * and on the other without secure boot. */
static void write_choice(struct xmlwriter *w, const struct firmware_setting *f, int kind)
{
    bool secure = kind == FIRMWARE_UEFI_SECURE;

    xml_open(w, "firmware");
    write_firmware_feature(w, "enrolled-keys", secure && f->enrolled_keys != SWITCH_OFF);
    write_firmware_feature(w, "secure-boot", secure);
    xml_close(w);
}

static void write_loader(struct xmlwriter *w, const struct firmware_setting *f, int kind)
{
    xml_open(w, "loader");
    if (kind != FIRMWARE_BIOS) {
        xml_attribute(w, "readonly", "yes");
        xml_attribute(w, "secure", kind == FIRMWARE_UEFI_SECURE ? "yes" : "no");
    }
    xml_attribute(w, "type", kind == FIRMWARE_BIOS ? "rom" : "pflash");
    xml_text(w, f->loader);
    xml_close(w);
    if (f->nvram_template)
        xml_empty(w, "nvram", "template", f->nvram_template, NULL);
}

static void write_menu(struct xmlwriter *w, const struct boot_setting *boot)
{
    if (boot->menu.enabled != SWITCH_UNSET) {
        xml_open(w, "bootmenu");
        xml_attribute(w, "enable", boot->menu.enabled == SWITCH_ON ? "yes" : "no");
        if (boot->menu.timeout)
            xml_attributef(w, "timeout", "%" PRIu64, boot->menu.timeout);
        xml_close(w);
    }
    if (boot->serial == SWITCH_UNSET && !boot->reboot_timeout)
        return;
    xml_open(w, "bios");
    if (boot->serial != SWITCH_UNSET)
        xml_attribute(w, "useserial", boot->serial == SWITCH_ON ? "yes" : "no");
    if (boot->reboot_timeout)
        xml_attributef(w, "rebootTimeout", "%" PRIu64, boot->reboot_timeout);
    xml_close(w);
}

void platform_xml_write_os(struct xmlwriter *w, const struct domain_template *t)
{
    const struct platform *p = &t->node->platform;
    int kind = platform_firmware(t->node, t->arch);
    bool is_chosen = kind != FIRMWARE_BIOS && !p->firmware.loader;

    xml_open(w, "os");
    xml_attribute(w, "firmware", is_chosen ? "efi" : NULL);
    xml_open(w, "type");
    xml_attribute(w, "arch", t->arch);
    xml_attribute(w, "machine", t->machine);
    xml_text(w, "hvm");
    xml_close(w);
    if (is_chosen)
        write_choice(w, &p->firmware, kind);
    if (p->firmware.loader)
        write_loader(w, &p->firmware, kind);
    xml_element(w, "kernel", p->kernel);
    xml_element(w, "initrd", p->initrd);
    xml_element(w, "cmdline", p->cmdline);
    xml_element(w, "dtb", p->dtb);
    write_menu(w, &p->boot);
    smbios_xml_write_mode(w, t);
    xml_close(w);
}

static void write_pm(struct xmlwriter *w, const struct domain_template *t)
{
    const struct pm_setting *pm = &t->node->platform.pm;
    bool is_x86 = domain_is_x86(t);

    if (!is_x86 && !pm->suspend_to_mem && !pm->suspend_to_disk)
        return;
    xml_open(w, "pm");
    if (is_x86 || pm->suspend_to_mem)
        xml_empty(w, "suspend-to-mem", "enabled",
                  pm->suspend_to_mem == SWITCH_ON ? "yes" : "no", NULL);
    if (is_x86 || pm->suspend_to_disk)
        xml_empty(w, "suspend-to-disk", "enabled",
                  pm->suspend_to_disk == SWITCH_ON ? "yes" : "no", NULL);
    xml_close(w);
}

void platform_xml_write_behaviour(struct xmlwriter *w, const struct domain_template *t)
{
    const struct platform *p = &t->node->platform;

    clock_xml_write(w, t);
    xml_element(w, "on_poweroff", on_poweroff_actions[p->on_poweroff]);
    xml_element(w, "on_reboot", on_reboot_actions[p->on_reboot]);
    xml_element(w, "on_crash", on_crash_actions[p->on_crash]);
    write_pm(w, t);
}

void platform_xml_write_os_id(struct xmlwriter *w, const struct domain_template *t)
{
    if (!t->node->platform.os_id)
        return;
    xml_open(w, "libosinfo:libosinfo");
    xml_attribute(w, "xmlns:libosinfo", "http://libosinfo.org/xmlns/libvirt/domain/1.0");
    xml_empty(w, "libosinfo:os", "id", t->node->platform.os_id, NULL);
    xml_close(w);
}
