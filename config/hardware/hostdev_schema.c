/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

static const struct field pci_fields[] = {
    {.key = "address",
     .type = FIELD_CUSTOM,
     .offset = 0, /* fills in several members */
     .flags = FIELD_REQUIRED,
     .type_text = "a PCI address such as 0000:81:00.3",
     .json_schema = "{\"type\": \"string\", \"pattern\": "
                    "\"^([0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[01][0-9a-fA-F][.][0-7]$\"}",
     .parse = hostdev_parse_pci,
     .dump = hostdev_dump_pci,
     .change = FIELD_CHANGE_RESTART,
     .summary = "Its address on the host, as lspci -D shows it",
     .example = "\"0000:81:00.3\"",
     .also = "slot bdf id"},
    {.key = "managed",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct pci_device, managed),
     .flags = FIELD_NOTE,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "true",
     .summary = "The host's driver lets go of it at the start, and takes it back at the end",
     .example = "false"},
    {.key = "rom",
     .type = FIELD_STRING,
     .offset = offsetof(struct pci_device, rom),
     .flags = FIELD_NOTE,
     .max = 4095,
     .type_text = "an absolute path or off",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the device's own",
     .summary = "A file on the host in place of its boot ROM, or off for none",
     .example = "\"off\"",
     .also = "romfile bios"},
};

const struct schema pci_device_schema = {
    .name = "PCI device",
    .size = sizeof(struct pci_device),
    .fields = pci_fields,
    .field_count = ARRAY_SIZE(pci_fields),
    .source_offset = offsetof(struct pci_device, source),
    .short_form_text =
        "write \"0000:81:00.3\" or { address: \"0000:81:00.3\", managed: false }",
    .scalar_key = "address",
};

const char *const usb_startups[] = {"default", "mandatory", "requisite", "optional", NULL};
static const char *const startup_notes[] = {
    "as mandatory",
    "it must be there",
    "it must be there at the start, and may be gone after a migration",
    "the node starts without it",
    NULL,
};

static const struct field usb_device_fields[] = {
    {.key = "id",
     .type = FIELD_CUSTOM,
     .offset = 0, /* fills in several members */
     .flags = FIELD_REQUIRED,
     .type_text = "vendor:product or bus.device",
     .json_schema = "{\"type\": [\"string\", \"number\"], \"pattern\": "
                    "\"^([0-9a-fA-F]{4}:[0-9a-fA-F]{4}|[1-9][0-9]*[.][1-9][0-9]*)$\"}",
     .parse = hostdev_parse_usb,
     .dump = hostdev_dump_usb,
     .change = FIELD_CHANGE_RESTART,
     .summary = "What it is, as lsusb shows it, or where it is plugged in",
     .example = "\"1d6b:0002\"",
     .also = "device vendor address"},
    {.key = "startup",
     .type = FIELD_ENUM,
     .offset = offsetof(struct usb_device, startup),
     .flags = FIELD_NOTE,
     .words = usb_startups,
     .notes = startup_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "What becomes of a node whose device is not there",
     .example = "optional",
     .also = "startupPolicy policy"},
};

const struct schema usb_device_schema = {
    .name = "USB device",
    .size = sizeof(struct usb_device),
    .fields = usb_device_fields,
    .field_count = ARRAY_SIZE(usb_device_fields),
    .source_offset = offsetof(struct usb_device, source),
    .short_form_text =
        "write \"1d6b:0002\", \"1.4\" or { id: \"1d6b:0002\", startup: optional }",
    .scalar_key = "id",
};

static const struct field mdev_fields[] = {
    {.key = "uuid",
     .type = FIELD_CUSTOM,
     .offset = 0,
     .flags = FIELD_REQUIRED,
     .type_text = "a UUID",
     .json_schema = "{\"type\": \"string\", \"pattern\": "
                    "\"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$\"}",
     .parse = hostdev_parse_uuid,
     .dump = hostdev_dump_uuid,
     .change = FIELD_CHANGE_RESTART,
     .summary = "The mediated device's name on the host",
     .example = "4b20d080-1b54-4048-85b3-a6a62d165c01",
     .also = "id address"},
    {.key = "display",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct mdev_device, display),
     .flags = FIELD_NOTE,
     .only = "with graphics",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "false",
     .summary = "Its picture is the one that graphics show",
     .example = "true"},
};

const struct schema mdev_device_schema = {
    .name = "mediated device",
    .size = sizeof(struct mdev_device),
    .fields = mdev_fields,
    .field_count = ARRAY_SIZE(mdev_fields),
    .source_offset = offsetof(struct mdev_device, source),
    .short_form_text =
        "write 4b20d080-1b54-4048-85b3-a6a62d165c01 or { uuid: ..., display: true }",
    .scalar_key = "uuid",
};

static const struct field hostdev_fields[] = {
    {.key = "pci",
     .type = FIELD_LIST,
     .offset = offsetof(struct hostdev_setting, pci),
     .schema = &pci_device_schema,
     .change = FIELD_CHANGE_RESTART,
     .summary = "PCI devices; the host needs an IOMMU for them",
     .example = "[\"0000:81:00.3\"]",
     .also = "vfio pcie"},
    {.key = "usb",
     .type = FIELD_LIST,
     .offset = offsetof(struct hostdev_setting, usb),
     .schema = &usb_device_schema,
     .change = FIELD_CHANGE_RESTART,
     .summary = "USB devices, by vendor and product or by bus and device",
     .example = "[\"1d6b:0002\"]"},
    {.key = "mdev",
     .type = FIELD_LIST,
     .offset = offsetof(struct hostdev_setting, mdev),
     .schema = &mdev_device_schema,
     .change = FIELD_CHANGE_RESTART,
     .summary = "Mediated devices such as parts of a graphics card",
     .example = "[4b20d080-1b54-4048-85b3-a6a62d165c01]",
     .also = "vgpu mediated"},
};

const struct schema hostdev_schema = {
    .name = "devices",
    .size = sizeof(struct hostdev_setting),
    .fields = hostdev_fields,
    .field_count = ARRAY_SIZE(hostdev_fields),
    .source_offset = offsetof(struct hostdev_setting, source),
    .short_form_text = "write { pci: [\"0000:81:00.3\"] }",
};
