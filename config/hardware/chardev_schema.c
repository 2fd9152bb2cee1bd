/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

const char *const serial_types[] = {"pty", "unix", "tcp", "file", "dev", "null", "none", NULL};
static const char *const serial_type_notes[] = {
    "a terminal of the host, for virsh console",
    "a UNIX socket",
    "a TCP connection",
    "a file that is written",
    "a device of the host",
    "nowhere",
    "there is no serial port",
    NULL,
};
const char *const console_types[] = {"pty", "unix", "tcp", "file", "dev", "null", NULL};
static const char *const console_type_notes[] = {
    "a terminal of the host, for virsh console",
    "a UNIX socket",
    "a TCP connection",
    "a file that is written",
    "a device of the host",
    "nowhere",
    NULL,
};
const char *const channel_types[] = {"pty", "unix", "tcp",      "file",
                                     "dev", "null", "spicevmc", NULL};
static const char *const channel_type_notes[] = {
    "a terminal of the host", "a UNIX socket; libvirt makes it where there is no path",
    "a TCP connection",       "a file that is written",
    "a device of the host",   "nowhere",
    "the SPICE viewer",       NULL,
};
const char *const chardev_modes[] = {"bind", "connect", NULL};
static const char *const mode_notes[] = {
    "QEMU waits for the other side",
    "QEMU connects, and the other side must be there",
    NULL,
};
const char *const chardev_protocols[] = {"raw", "telnet", NULL};
static const char *const protocol_notes[] = {
    "the bytes alone",
    "for telnet",
    NULL,
};
const char *const serial_models[] = {"default", "isa-serial", "pci-serial", "usb-serial", NULL};
static const char *const serial_model_notes[] = {
    "the machine's own", "a PC's port", "a PCI card", "a USB adapter", NULL,
};

/* What all three have. */
static const struct field source_fields[] = {
    {.key = "path",
     .type = FIELD_STRING,
     .offset = offsetof(struct chardev, path),
     .max = 4095,
     .type_text = "an absolute path",
     .only = "with type unix, file or dev",
     .change = FIELD_CHANGE_RESTART,
     .summary = "The socket, file or device on the host",
     .example = "/run/web.sock",
     .also = "source file socket"},
    {.key = "host",
     .type = FIELD_STRING,
     .offset = offsetof(struct chardev, host),
     .flags = FIELD_NOTE,
     .max = 255,
     .only = "with type tcp",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "127.0.0.1",
     .summary = "The address to wait on or to connect to",
     .example = "127.0.0.1",
     .also = "address listen"},
    {.key = "port",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct chardev, port),
     .min = 1,
     .max = 65535,
     .only = "with type tcp",
     .change = FIELD_CHANGE_RESTART,
     .summary = "The TCP port to wait on or to connect to",
     .example = "4555",
     .also = "service"},
    {.key = "mode",
     .type = FIELD_ENUM,
     .offset = offsetof(struct chardev, mode),
     .flags = FIELD_NOTE,
     .words = chardev_modes,
     .notes = mode_notes,
     .only = "with type unix or tcp",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "bind",
     .summary = "Whether QEMU waits for the other side, or connects to it",
     .example = "connect"},
    {.key = "protocol",
     .type = FIELD_ENUM,
     .offset = offsetof(struct chardev, protocol),
     .flags = FIELD_NOTE,
     .words = chardev_protocols,
     .notes = protocol_notes,
     .only = "with type tcp",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "raw",
     .summary = "What goes over the connection",
     .example = "telnet"},
    {.key = "log",
     .type = FIELD_STRING,
     .offset = offsetof(struct chardev, log),
     .flags = FIELD_NOTE,
     .max = 4095,
     .type_text = "an absolute path or none",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "the node's console log for the first serial port, else none",
     .summary = "A file on the host that keeps what the guest says",
     .example = "/var/log/web-modem.log",
     .also = "logfile"},
};

static const struct schema source_schema = {
    .name = "line",
    .size = sizeof(struct chardev),
    .fields = source_fields,
    .field_count = ARRAY_SIZE(source_fields),
    .source_offset = offsetof(struct chardev, source),
};

static const struct field serial_fields[] = {
    {.key = "type",
     .type = FIELD_ENUM,
     .offset = offsetof(struct chardev, type),
     .words = serial_types,
     .notes = serial_type_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "pty",
     .summary = "Where it ends on the host; none alone stands for no serial port",
     .example = "tcp",
     .also = "kind"},
    {.key = "model",
     .type = FIELD_ENUM,
     .offset = offsetof(struct chardev, model),
     .flags = FIELD_NOTE,
     .words = serial_models,
     .notes = serial_model_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "The card; default is the machine's own",
     .example = "pci-serial"},
};

const struct schema serial_schema = {
    .name = "serial port",
    .size = sizeof(struct chardev),
    .fields = serial_fields,
    .field_count = ARRAY_SIZE(serial_fields),
    .source_offset = offsetof(struct chardev, source),
    .short_form_text = "write pty, none or { type: tcp, port: 4555 }",
    .scalar_key = "type",
    .rest = &source_schema,
};

static const struct field console_fields[] = {
    {.key = "type",
     .type = FIELD_ENUM,
     .offset = offsetof(struct chardev, type),
     .words = console_types,
     .notes = console_type_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "pty",
     .summary = "Where it ends on the host",
     .example = "unix",
     .also = "kind"},
};

const struct schema console_schema = {
    .name = "console",
    .size = sizeof(struct chardev),
    .fields = console_fields,
    .field_count = ARRAY_SIZE(console_fields),
    .source_offset = offsetof(struct chardev, source),
    .short_form_text = "write pty or { type: unix, path: /run/web.console }",
    .scalar_key = "type",
    .rest = &source_schema,
};

static const struct field channel_fields[] = {
    {.key = "name",
     .type = FIELD_STRING,
     .offset = offsetof(struct chardev, name),
     .flags = FIELD_REQUIRED,
     .max = 64,
     .change = FIELD_CHANGE_RESTART,
     .summary = "Its name in the guest, in /dev/virtio-ports",
     .example = "org.example.0"},
    {.key = "type",
     .type = FIELD_ENUM,
     .offset = offsetof(struct chardev, type),
     .words = channel_types,
     .notes = channel_type_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "unix",
     .summary = "Where it ends on the host",
     .example = "spicevmc",
     .also = "kind"},
};

const struct schema channel_schema = {
    .name = "channel",
    .size = sizeof(struct chardev),
    .fields = channel_fields,
    .field_count = ARRAY_SIZE(channel_fields),
    .source_offset = offsetof(struct chardev, source),
    .short_form_text = "write org.example.0 or { name: org.example.0, path: /run/web.sock }",
    .scalar_key = "name",
    .rest = &source_schema,
};
