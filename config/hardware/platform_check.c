/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of the machine, its firmware, and how it starts. */
#include <string.h>

#include "config/loader.h"
#include "util/suggest.h"

/* Machines by architecture; a name that ends in '-' is that of their versions. */
static const struct {
    const char *name;
    bool x86;
} machines[] = {{"q35", true},   {"pc", true},     {"pc-q35-", true}, {"pc-i440fx-", true},
                {"isapc", true}, {"ubuntu", true}, {"virt", false},   {"virt-", false}};

static const char *const usual_machines[] = {"q35", "pc", "virt", NULL};

static bool is_machine(const char *name, const char *known)
{
    size_t length = strlen(known);

    return known[length - 1] == '-' ? strncmp(name, known, length) == 0
                                    : strcmp(name, known) == 0;
}

static void check_family(struct loader *l, const struct node *node, const char *arch,
                         struct position at)
{
    const char *machine = node->platform.machine, *near;

    for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
        if (!is_machine(machine, machines[i].name))
            continue;
        if (arch && platform_is_x86(arch) != machines[i].x86)
            finding_error(l->d, at, "machine",
                          arena_printf(l->arena, "write %s, or leave it out",
                                       platform_is_x86(arch) ? "q35 or pc" : "virt"),
                          "machine '%s' is not one of architecture %s", machine, arch);
        return;
    }
    near = suggest_nearest(machine, usual_machines);
    if (near)
        finding_error(l->d, at, "machine", arena_printf(l->arena, "did you mean '%s'?", near),
                      "'%s' is no machine that QEMU makes", machine);
}

/* Words that nobody knows here may be a host's: it is asked before anything is made. */
static void check_machine(struct loader *l, const struct node *node, const char *arch)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    const char *machine = node->platform.machine;
    struct position at;

    if (!machine)
        return;
    at = loader_position(node->source, "machine");
    if (strspn(machine, allowed) != strlen(machine))
        finding_error(l->d, at, "machine", "write q35, pc, virt or one of their versions",
                      "'%s' cannot be the name of a machine", machine);
    else
        check_family(l, node, arch, at);
}

static bool is_q35(const struct node *node)
{
    return !node->platform.machine || strstr(node->platform.machine, "q35");
}

static void check_secure(struct loader *l, const struct node *node, const char *arch)
{
    const struct platform *p = &node->platform;
    struct position at = loader_position(node->source, "firmware");

    if (arch && strcmp(arch, "x86_64") != 0)
        finding_error(l->d, at, "firmware", "write uefi",
                      "uefi-secure is for x86_64, and the node is %s", arch);
    else if (!is_q35(node))
        finding_error(l->d, at, "firmware", "write 'machine: q35', or leave machine out",
                      "uefi-secure needs the machine q35, not '%s'", p->machine);
    if (p->features.smm.enabled == SWITCH_OFF)
        finding_error(l->d, loader_position(p->features.source, "smm"), "firmware",
                      "remove it: uefi-secure switches it on",
                      "uefi-secure needs system management mode, and smm is false");
}

static void check_firmware(struct loader *l, const struct node *node, const char *arch)
{
    const struct firmware_setting *f = &node->platform.firmware;

    if (!f->source)
        return;
    if (f->kind == FIRMWARE_UEFI_SECURE)
        check_secure(l, node, arch);
    else if (f->enrolled_keys != SWITCH_UNSET)
        finding_error(l->d, loader_position(f->source, "enrolled_keys"), "firmware",
                      "write 'kind: uefi-secure', or remove it",
                      "enrolled_keys is for uefi-secure, and the firmware is %s",
                      firmware_kinds[f->kind]);
    if (f->nvram_template && (f->kind == FIRMWARE_BIOS || !f->loader))
        finding_error(l->d, loader_position(f->source, "nvram_template"), "firmware",
                      f->kind == FIRMWARE_BIOS ? "write 'kind: uefi', or remove it"
                                               : "add 'loader', the firmware it belongs to",
                      "nvram_template is for a UEFI of one's own: %s",
                      f->kind == FIRMWARE_BIOS ? "a BIOS has no variables"
                                               : "libvirt chooses its own with its loader");
    if (f->kind == FIRMWARE_BIOS && !f->loader && arch && !platform_is_x86(arch))
        finding_error(l->d, loader_position(node->source, "firmware"), "firmware",
                      "write uefi, or leave it out", "architecture %s has no BIOS", arch);
}

static void check_boot(struct loader *l, const struct node *node)
{
    const struct boot_setting *b = &node->platform.boot;
    bool is_bios = node->platform.firmware.kind == FIRMWARE_BIOS;

    if (b->menu.timeout && b->menu.enabled != SWITCH_ON)
        finding_error(l->d, loader_position(b->menu.source, "timeout"), "boot-menu",
                      "add 'enabled: true'",
                      "the timeout is that of a menu, and there is none");
    if (!is_bios && b->reboot_timeout)
        finding_error(l->d, loader_position(b->source, "reboot_timeout"), "boot-bios",
                      "remove it", "only a BIOS has reboot_timeout, and the firmware is %s",
                      firmware_kinds[node->platform.firmware.kind]);
    if (!is_bios && b->serial != SWITCH_UNSET)
        finding_error(l->d, loader_position(b->source, "serial"), "boot-bios",
                      "remove it: UEFI shows its messages on the serial console anyway",
                      "only a BIOS has serial, and the firmware is %s",
                      firmware_kinds[node->platform.firmware.kind]);
}

static void check_kernel(struct loader *l, const struct node *node, const char *arch)
{
    const struct platform *p = &node->platform;
    const struct {
        const char *key, *value;
    } rows[] = {{"initrd", p->initrd}, {"cmdline", p->cmdline}, {"dtb", p->dtb}};

    for (size_t i = 0; i < ARRAY_SIZE(rows) && !p->kernel; i++) {
        if (rows[i].value)
            finding_error(l->d, loader_position(node->source, rows[i].key), "kernel",
                          "add 'kernel', or remove it; what a disk boots has its own",
                          "%s is for a kernel that is started from the host, and there is none",
                          rows[i].key);
    }
    if (p->dtb && arch && platform_is_x86(arch))
        finding_error(l->d, loader_position(node->source, "dtb"), "kernel", "remove it",
                      "architecture %s has no device trees", arch);
}

/* Whether a host is another machine: the URI has a name after "://". */
static bool is_remote(const struct host_entry *host)
{
    const char *authority = strstr(host->uri, "://");

    return authority && authority[3] && authority[3] != '/';
}

/* A relative path starts at the file's folder, which another host does not have. */
static void check_path(struct loader *l, const struct host_entry *host,
                       const struct document_node *value)
{
    if (!value || value->kind != DOCUMENT_SCALAR || value->text[0] == '/')
        return;
    finding_error(l->d, value->position, "host-path", "write the whole path, from / on",
                  "%s is a file on host '%s', so '%s' cannot start at a folder here",
                  value->key, host->name, value->text);
}

static void check_paths(struct loader *l, const struct node *node)
{
    static const char *const keys[] = {"kernel", "initrd", "dtb", "emulator"};
    const struct document_node *firmware = node->platform.firmware.source;

    list_each(struct host_entry, l->cluster->hosts, host)
    {
        if (!node->host || strcmp(host->name, node->host) != 0 || !is_remote(host))
            continue;
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
            check_path(l, host, document_get(node->source, keys[i]));
        if (!firmware || firmware->kind != DOCUMENT_MAPPING)
            continue;
        check_path(l, host, document_get(firmware, "loader"));
        check_path(l, host, document_get(firmware, "nvram_template"));
    }
}

/* libvirt's QEMU driver does everything but this. */
static void check_end(struct loader *l, const struct node *node)
{
    const struct platform *p = &node->platform;

    if (strcmp(on_poweroff_actions[p->on_poweroff], "restart") == 0 &&
        strcmp(on_reboot_actions[p->on_reboot], "destroy") == 0)
        finding_error(
            l->d, loader_position(node->source, "on_reboot"), "on-reboot",
            "write 'on_reboot: restart'",
            "a node that is started again when it switches itself off cannot stay off "
            "when it restarts");
}

void check_platform(struct loader *l, struct node *node)
{
    const struct platform *p = &node->platform;
    const char *arch = p->arch ? platform_archs[p->arch] : NULL;

    check_machine(l, node, arch);
    check_firmware(l, node, arch);
    check_boot(l, node);
    check_kernel(l, node, arch);
    check_paths(l, node);
    check_end(l, node);
}
