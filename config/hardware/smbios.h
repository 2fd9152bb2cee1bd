/* SPDX-License-Identifier: Apache-2.0 */
/* The keys `smbios` and `fw_cfg` of a node: what the firmware tells the guest of its machine.
 * The rows of a part are named as libvirt's entries. */
#ifndef CONFIG_SMBIOS_H
#define CONFIG_SMBIOS_H

#include "config/schema/schema.h"

struct smbios_bios {
    const char *vendor, *version, *date, *release;
    const struct document_node *source;
};

struct smbios_system {
    const char *manufacturer, *product, *version, *serial, *sku, *family;
    const struct document_node *source;
};

struct smbios_board {
    const char *manufacturer, *product, *version, *serial, *asset, *location;
    const struct document_node *source;
};

struct smbios_chassis {
    const char *manufacturer, *version, *serial, *asset, *sku;
    const struct document_node *source;
};

enum smbios_mode { SMBIOS_SYSINFO, SMBIOS_HOST, SMBIOS_EMULATE };

struct smbios_setting {
    int mode; /* enum smbios_mode */
    struct smbios_bios bios;
    struct smbios_system system;
    struct smbios_board board;
    struct smbios_chassis chassis;
    struct string_list oem_strings;
    const struct document_node *source;
};

/* A file of the firmware's configuration: /sys/firmware/qemu_fw_cfg/by_name/NAME in the guest.
 */
struct fw_cfg {
    const char *name;  /* "opt/com.coreos/config" */
    const char *value; /* or */
    const char *file;  /* on the host, absolute */
    const struct document_node *source;
};

extern const struct schema smbios_schema, fw_cfg_schema;
extern const char *const smbios_modes[];
/* libvirt's element of a part of smbios_schema: "baseBoard" for the key "board". */
const char *smbios_element(const char *key);

#endif
