/* SPDX-License-Identifier: Apache-2.0 */
/* <os>, and what happens at the domain's end. */
#include "config/hardware/platform.h"

#include <string.h>

#include "templates/import/import_part.h"
#include "templates/import/normal_rule.h"
#include "templates/tag.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

char *import_machine_kind(const char *machine)
{
    if (strncmp(machine, "pc-q35-", 7) == 0)
        return xstrdup("q35");
    if (strncmp(machine, "pc-i440fx-", 10) == 0)
        return xstrdup("pc");
    if (strncmp(machine, "virt-", 5) == 0)
        return xstrdup("virt");
    return xstrdup(machine);
}

static void import_machine(json_t *node, xmlNodePtr domain, bool is_x86,
                           struct import_notes *notes)
{
    auto_free char *arch = import_text(domain, "os/type@arch");
    auto_free char *machine = import_text(domain, "os/type@machine");
    auto_free char *kind = import_machine_kind(machine ? machine : is_x86 ? "pc" : "virt");

    if (machine && strcmp(machine, kind) != 0)
        import_note(notes, "the machine is %s: to keep that version, add 'machine: %s'",
                    machine, machine);
    if (arch && strcmp(arch, "x86_64") != 0)
        import_set_word(node, "arch", platform_archs, arch);
    if (strcmp(kind, is_x86 ? "q35" : "virt") != 0)
        import_set_text(node, "machine", kind);
    if (!xmlreader_is(domain, "type", "kvm"))
        import_set_text(node, "virt", "qemu");
}

static bool has_firmware_feature(xmlNodePtr os, const char *name)
{
    import_each(xmlreader_child(os, "firmware"), "feature", n)
    {
        if (xmlreader_is(n, "name", name) && xmlreader_is(n, "enabled", "yes"))
            return true;
    }
    return false;
}

static void import_firmware(json_t *node, xmlNodePtr os, struct import_notes *notes)
{
    auto_free char *nvram = xmlreader_child_text(os, "nvram");
    auto_free char *loader = import_text(os, "loader");
    auto_free char *template = import_text(os, "nvram@template");
    bool is_chosen = xmlreader_is(os, "firmware", "efi");
    bool is_flash = xmlreader_is(xmlreader_child(os, "loader"), "type", "pflash");
    bool is_secure = xmlreader_is(xmlreader_child(os, "loader"), "secure", "yes") ||
                     has_firmware_feature(os, "secure-boot");
    int kind = !is_chosen && !is_flash ? FIRMWARE_BIOS
               : is_secure             ? FIRMWARE_UEFI_SECURE
                                       : FIRMWARE_UEFI;

    if (nvram && *nvram)
        import_note(notes,
                    "the firmware's variables in %s stay there: this node starts with new ones",
                    nvram);
    if (kind != FIRMWARE_BIOS)
        import_set_text(node, "firmware.kind", firmware_kinds[kind]);
    if (is_chosen && is_secure && !has_firmware_feature(os, "enrolled-keys"))
        import_set(node, "firmware.enrolled_keys", json_false());
    if (is_chosen)
        return;
    import_set_text(node, "firmware.loader", loader);
    import_set_text(node, "firmware.nvram_template", template);
}

/* What libvirt takes where nothing is said. */
static void import_action(json_t *node, xmlNodePtr domain, const char *key,
                          const char *const *words, const char *otherwise)
{
    auto_free char *action = xmlreader_child_text(domain, key);

    import_set_word(node, key, words, action ? action : otherwise);
}

/* QEMU lets a guest sleep unless it is told not to; virtopo tells it so. */
static void import_sleep(json_t *node, xmlNodePtr domain, bool is_x86)
{
    static const struct {
        const char *element, *key;
    } rows[] = {{"pm/suspend-to-mem@enabled", "pm.suspend_to_mem"},
                {"pm/suspend-to-disk@enabled", "pm.suspend_to_disk"}};

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        auto_free char *enabled = import_text(domain, rows[i].element);

        if (!enabled ? is_x86 : strcmp(enabled, "yes") == 0)
            import_set(node, rows[i].key, json_true());
        else if (!is_x86 && enabled)
            import_set(node, rows[i].key, json_false());
    }
}

/* What other programs keep for themselves. */
static void note_metadata(xmlNodePtr domain, struct import_notes *notes)
{
    static const char *const known[] = {TAG_URI, TAG_RUN_URI,
                                        "http://libosinfo.org/xmlns/libvirt/domain/1.0", NULL};
    xmlNodePtr metadata = xmlreader_child(domain, "metadata");

    for (xmlNodePtr n = metadata ? metadata->children : NULL; n; n = n->next) {
        const char *uri = n->type == XML_ELEMENT_NODE && n->ns ? (const char *)n->ns->href : "";

        if (n->type == XML_ELEMENT_NODE && !import_has_word(known, uri))
            import_note(notes, "what another program noted (%s) is left out", uri);
    }
}

static void import_os_id(json_t *node, xmlNodePtr domain)
{
    static const char uri[] = "http://libosinfo.org/xmlns/libvirt/domain/1.0";
    xmlNodePtr info = xmlreader_child_ns(xmlreader_child(domain, "metadata"), uri, "libosinfo");
    auto_free char *id = xmlreader_attribute(xmlreader_child_ns(info, uri, "os"), "id");

    import_set_text(node, "os", id);
}

/* The usual one is left to the host. */
static void import_emulator(json_t *node, xmlNodePtr emulator)
{
    auto_free char *path = emulator ? xmlreader_text(emulator) : NULL;

    if (emulator && !normal_drops_element(emulator))
        import_set_text(node, "emulator", path);
}

void import_platform(json_t *node, xmlNodePtr domain, struct import_notes *notes)
{
    static const struct import_row rows[] = {
        {"title", "title", IMPORT_TEXT},
        {"description", "description", IMPORT_TEXT},
        {"boot.menu.enabled", "os/bootmenu@enable", IMPORT_SWITCH},
        {"boot.menu.timeout", "os/bootmenu@timeout", IMPORT_MS},
        {"boot.reboot_timeout", "os/bios@rebootTimeout", IMPORT_MS},
        {"boot.serial", "os/bios@useserial", IMPORT_SWITCH},
        {"kernel", "os/kernel", IMPORT_TEXT},
        {"initrd", "os/initrd", IMPORT_TEXT},
        {"cmdline", "os/cmdline", IMPORT_TEXT},
        {"dtb", "os/dtb", IMPORT_TEXT},
        {0},
    };
    auto_free char *arch = import_text(domain, "os/type@arch");
    bool is_x86 = platform_is_x86(arch ? arch : "x86_64");
    xmlNodePtr devices = xmlreader_child(domain, "devices");

    import_rows(node, domain, rows);
    import_emulator(node, xmlreader_child(devices, "emulator"));
    import_machine(node, domain, is_x86, notes);
    import_firmware(node, xmlreader_child(domain, "os"), notes);
    import_action(node, domain, "on_poweroff", on_poweroff_actions, "destroy");
    import_action(node, domain, "on_reboot", on_reboot_actions, "restart");
    import_action(node, domain, "on_crash", on_crash_actions, "destroy");
    import_sleep(node, domain, is_x86);
    import_os_id(node, domain);
    note_metadata(domain, notes);
}
