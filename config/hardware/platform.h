/* SPDX-License-Identifier: Apache-2.0 */
/* The machine that a node is: architecture, firmware, boot, clock, features and what happens at
 * its end. Rows of the node itself are in node_platform_schema. */
#ifndef CONFIG_PLATFORM_H
#define CONFIG_PLATFORM_H

#include <stdint.h>

#include "config/hardware/boot.h"
#include "config/hardware/clock.h"
#include "config/hardware/features.h"
#include "config/hardware/fragment.h"
#include "config/hardware/smbios.h"
#include "config/schema/schema.h"

enum firmware_kind { FIRMWARE_BIOS, FIRMWARE_UEFI, FIRMWARE_UEFI_SECURE };

struct firmware_setting {
    int kind;           /* enum firmware_kind; BIOS, not said: what the architecture has */
    int enrolled_keys;  /* enum switch_state; on by default for UEFI_SECURE */
    const char *loader; /* a firmware file on the host instead of libvirt's choice */
    const char *nvram_template; /* what its variables start from */
    const struct document_node *source;
};

struct boot_menu {
    int enabled; /* enum switch_state */
    uint64_t timeout;
    const struct document_node *source;
};

struct boot_setting {
    struct string_list order; /* names of disks, CD-ROMs, networks, or boot_groups */
    struct boot_menu menu;
    uint64_t reboot_timeout; /* ms; 0: none */
    int serial;              /* enum switch_state: the BIOS talks to the serial console */
    const struct document_node *source;
};

struct pm_setting {
    int suspend_to_mem, suspend_to_disk; /* enum switch_state */
    const struct document_node *source;
};

struct platform {
    int arch;            /* index into platform_archs; 0: the host's */
    const char *machine; /* NULL: by architecture */
    const char *emulator;
    struct firmware_setting firmware;
    struct boot_setting boot;
    const char *kernel, *initrd, *cmdline, *dtb;
    struct clock_setting clock;
    struct features_setting features;
    struct pm_setting pm;
    int on_poweroff, on_reboot, on_crash; /* indices into the words below */
    struct smbios_setting smbios;
    struct list fw_cfg; /* struct fw_cfg */
    struct list xml;    /* struct fragment */
    const char *title;
    const char *os;    /* as written: libosinfo's short id or whole id */
    const char *os_id; /* the whole id; set by the checks */
};

extern const struct schema node_platform_schema, firmware_schema, boot_schema, pm_schema;
/* Words of the file, NULL-terminated; also libvirt's, but for the first architecture ("host").
 */
extern const char *const platform_archs[],
    *const firmware_kinds[], *const on_poweroff_actions[], *const on_reboot_actions[],
                                                               *const on_crash_actions[];

struct node;
/* The architecture that the node wants, or `host`. */
const char *platform_arch(const struct node *node, const char *host);
/* Its machine: the one given, or the architecture's usual one. */
const char *platform_machine(const struct node *node, const char *arch);
bool platform_is_x86(const char *arch);
/* enum firmware_kind that it starts with; where none is given, UEFI on what has no BIOS. */
int platform_firmware(const struct node *node, const char *arch);
/* What follows from other keys: a clock with a timezone has that for its offset. */
void platform_resolve(struct node *node);

#endif
