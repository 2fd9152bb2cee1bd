/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"
#include "config/hardware/platform.h"

const char *const firmware_kinds[] = {"bios", "uefi", "uefi-secure", NULL};
static const char *const firmware_notes[] = {
    "SeaBIOS, as in an old PC",
    "UEFI that starts anything",
    "UEFI that starts what Microsoft's keys have signed; with machine q35",
    NULL,
};

static const struct field firmware_fields[] = {
    {.key = "kind",
     .type = FIELD_ENUM,
     .offset = offsetof(struct firmware_setting, kind),
     .words = firmware_kinds,
     .notes = firmware_notes,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RECREATE,
     .default_text = "bios; uefi where there is no BIOS",
     .summary = "The firmware that it starts with",
     .example = "uefi",
     .also = "type"},
    {.key = "enrolled_keys",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct firmware_setting, enrolled_keys),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RECREATE,
     .default_text = "true for uefi-secure",
     .summary =
         "Whether the usual keys are known from the start; without them any system starts",
     .example = "false",
     .only = "with kind: uefi-secure"},
    {.key = "loader",
     .type = FIELD_PATH,
     .offset = offsetof(struct firmware_setting, loader),
     .change = FIELD_CHANGE_RECREATE,
     .summary = "A firmware on the host, instead of the one that libvirt chooses",
     .example = "/usr/share/OVMF/OVMF_CODE_4M.fd",
     .also = "path file"},
    {.key = "nvram_template",
     .type = FIELD_PATH,
     .offset = offsetof(struct firmware_setting, nvram_template),
     .change = FIELD_CHANGE_RECREATE,
     .summary = "What its variables start from",
     .example = "/usr/share/OVMF/OVMF_VARS_4M.fd",
     .also = "nvram template vars",
     .only = "with loader and a kind of UEFI"},
};

const struct schema firmware_schema = {
    .name = "firmware",
    .size = sizeof(struct firmware_setting),
    .fields = firmware_fields,
    .field_count = ARRAY_SIZE(firmware_fields),
    .source_offset = offsetof(struct firmware_setting, source),
    .short_form_text = "write bios, uefi, uefi-secure or { kind: uefi, loader: "
                       "/usr/share/OVMF/OVMF_CODE_4M.fd }",
    .scalar_key = "kind",
};

static const struct field pm_fields[] = {
    {.key = "suspend_to_mem",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct pm_setting, suspend_to_mem),
     .change = FIELD_CHANGE_RESTART,
     .summary = "The guest may sleep",
     .example = "true"},
    {.key = "suspend_to_disk",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct pm_setting, suspend_to_disk),
     .change = FIELD_CHANGE_RESTART,
     .summary = "The guest may hibernate",
     .example = "true"},
};

const struct schema pm_schema = {
    .name = "pm",
    .size = sizeof(struct pm_setting),
    .fields = pm_fields,
    .field_count = ARRAY_SIZE(pm_fields),
    .source_offset = offsetof(struct pm_setting, source),
    .short_form_text = "write { suspend_to_mem: true }",
};
