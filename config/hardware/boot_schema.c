/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"
#include "config/hardware/platform.h"

#define MENU_LONGEST 65535 /* ms */

static const struct field boot_menu_fields[] = {
    {.key = "enabled",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct boot_menu, enabled),
     .change = FIELD_CHANGE_RESTART,
     .summary = "The firmware asks what to start from",
     .example = "true",
     .also = "enable"},
    {.key = "timeout",
     .type = FIELD_DURATION,
     .offset = offsetof(struct boot_menu, timeout),
     .flags = FIELD_NOTE,
     .min = 1,
     .max = MENU_LONGEST,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the firmware's",
     .summary = "How long it waits for an answer",
     .example = "3s"},
};

static const struct schema boot_menu_schema = {
    .name = "menu",
    .size = sizeof(struct boot_menu),
    .fields = boot_menu_fields,
    .field_count = ARRAY_SIZE(boot_menu_fields),
    .source_offset = offsetof(struct boot_menu, source),
    .short_form_text = "write true or { enabled: true, timeout: 3s }",
    .scalar_key = "enabled",
};

static const struct field boot_fields[] = {
    {.key = "order",
     .type = FIELD_STRINGS,
     .offset = offsetof(struct boot_setting, order),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "[root]",
     .summary = "What it starts from: names of disks, CD-ROMs and networks, or disk, cdrom and "
                "network for all of a kind",
     .example = "[root, lan]",
     .also = "devices dev"},
    {.key = "menu",
     .type = FIELD_STRUCT,
     .offset = offsetof(struct boot_setting, menu),
     .schema = &boot_menu_schema,
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "false",
     .summary = "A menu of what to start from",
     .example = "{ enabled: true, timeout: 3s }",
     .also = "bootmenu"},
    {.key = "reboot_timeout",
     .type = FIELD_DURATION,
     .offset = offsetof(struct boot_setting, reboot_timeout),
     .flags = FIELD_NOTE,
     .min = 1,
     .max = MENU_LONGEST,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "it does not",
     .summary = "After what time a BIOS that found nothing tries again",
     .example = "10s",
     .also = "reboottimeout"},
    {.key = "serial",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct boot_setting, serial),
     .change = FIELD_CHANGE_RESTART,
     .summary = "The BIOS shows its messages on the serial console",
     .example = "true",
     .also = "useserial"},
};

/* A list is the order. */
static bool bind_order(struct binder *b, const struct document_node *node, void *target)
{
    struct field order = *schema_field(&boot_schema, "order");

    if (node->kind != DOCUMENT_SEQUENCE)
        return false;
    order.key = "boot";
    schema_bind_field(b, &order, node, target);
    return true;
}

const struct schema boot_schema = {
    .name = "boot",
    .size = sizeof(struct boot_setting),
    .fields = boot_fields,
    .field_count = ARRAY_SIZE(boot_fields),
    .source_offset = offsetof(struct boot_setting, source),
    .short_form = bind_order,
    .short_form_text = "write [root, lan] or { order: [root, lan], menu: true }",
    .short_form_schema = "type: array\nitems: { type: string }",
};
