/* SPDX-License-Identifier: Apache-2.0 */
/* The keys `serial`, `console` and `channels` of a node: its lines to programs on the host. */
#ifndef CONFIG_CHARDEV_H
#define CONFIG_CHARDEV_H

#include "config/schema/schema.h"

/* What a line ends in on the host. The last one is another word in each table. */
enum chardev_type {
    CHARDEV_PTY,
    CHARDEV_UNIX,
    CHARDEV_TCP,
    CHARDEV_FILE,
    CHARDEV_DEV,
    CHARDEV_NULL,
    CHARDEV_NONE,
    CHARDEV_SPICEVMC = CHARDEV_NONE, /* channels alone */
};

enum serial_model { SERIAL_DEFAULT, SERIAL_ISA, SERIAL_PCI, SERIAL_USB };

struct chardev {
    int type;
    const char *name; /* channels: as the guest sees it */
    const char *path; /* on the host: unix, file, dev */
    const char *host; /* tcp; NULL: 127.0.0.1 */
    long long port;   /* tcp */
    int mode;         /* unix, tcp: index into chardev_modes */
    int protocol;     /* tcp: index into chardev_protocols */
    const char *log;  /* a file on the host, "none", or NULL: by default */
    int model;        /* serial: enum serial_model */
    const struct document_node *source;
};

/* libvirt's words, but for "default" and the "none" of serial_types. */
extern const char *const serial_types[],
    *const console_types[], *const channel_types[], *const chardev_modes[],
                                                        *const chardev_protocols[],
                                                            *const serial_models[];
extern const struct schema serial_schema, console_schema, channel_schema;

#endif
