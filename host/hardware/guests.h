/* SPDX-License-Identifier: Apache-2.0 */
/* The architectures and machine types that a host has emulators for, from libvirt's
 * capabilities. */
#ifndef HOST_HARDWARE_GUESTS_H
#define HOST_HARDWARE_GUESTS_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

struct host_machine {
    char *name;      /* "q35", "pc-q35-7.2" */
    char *canonical; /* of an alias: "pc-q35-7.2"; else NULL */
    bool deprecated;
    long long max_cpus; /* 0: not told */
};

struct host_guest {
    char *arch;
    bool kvm; /* libvirt offers it; host_facts.kvm says whether it works */
    struct host_machine *machines;
    size_t machine_count;
};

struct host_guests {
    struct host_guest *items;
    size_t count;
};

/* `capabilities` is the root element. */
void guests_parse(xmlNodePtr capabilities, struct host_guests *ret);
void guests_done(struct host_guests *guests);

/* NULL: there is no emulator for it. */
const struct host_guest *guests_arch(const struct host_guests *guests, const char *arch);
const struct host_machine *guests_machine(const struct host_guest *guest, const char *name);

#endif
