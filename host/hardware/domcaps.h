/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a host's hypervisor offers to one sort of guest (architecture, machine type, KVM or
 * emulation), from libvirt's domain capabilities. Older releases tell less than newer ones, and
 * some drivers tell nothing: what is not told is HOST_UNKNOWN, which is not a no.
 */
#ifndef HOST_HARDWARE_DOMCAPS_H
#define HOST_HARDWARE_DOMCAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/hardware/answer.h"
#include "host/host.h"

/* The lists of words; domcaps.c says where each stands. */
enum domcaps_list {
    DOMCAPS_FIRMWARE,      /* bios, efi */
    DOMCAPS_SECURE_LOADER, /* yes, no: for secure boot */
    DOMCAPS_MEMORY_SOURCE, /* file, anonymous, memfd */
    DOMCAPS_DISK_BUS,      /* virtio, scsi, … */
    DOMCAPS_GRAPHICS,      /* vnc, spice, … */
    DOMCAPS_VIDEO,         /* virtio, qxl, … */
    DOMCAPS_HOSTDEV,       /* pci, usb, mdev, … */
    DOMCAPS_RNG_MODEL,     /* virtio, … */
    DOMCAPS_RNG_BACKEND,   /* random, egd, builtin */
    DOMCAPS_FILESYSTEM,    /* path (9p), virtiofs */
    DOMCAPS_TPM_MODEL,     /* tpm-tis, tpm-crb, … */
    DOMCAPS_TPM_BACKEND,   /* passthrough, emulator (where swtpm is installed) */
    DOMCAPS_TPM_VERSION,   /* 1.2, 2.0 */
    DOMCAPS_CHANNEL,       /* unix, spicevmc, … */
    DOMCAPS_PANIC_MODEL,   /* isa, pvpanic, … */
    DOMCAPS_HYPERV,        /* relaxed, vapic, … */
    DOMCAPS_LISTS,
};

struct domcaps_words {
    enum host_answer supported; /* of the element that the list stands in */
    bool told;                  /* the list is there */
    char **items;
    size_t count;
};

struct domcaps_model {
    char *name;
    enum host_answer usable; /* by the CPU of the host, without features taken away */
    bool deprecated;
    char *blockers; /* what the host's CPU lacks: "hle, rtm"; NULL: not told */
};

/* A feature of the host-model, as libvirt sees it from its CPU model. */
struct domcaps_feature {
    char *name;
    bool required; /* else it is missing on the host */
};

struct domcaps {
    char *arch, *machine, *type; /* as asked for */
    long long max_cpus;          /* 0: not told */
    struct domcaps_words lists[DOMCAPS_LISTS];
    struct domcaps_words modes; /* of the CPU: those that are supported */
    struct domcaps_model *models;
    size_t model_count;
    struct domcaps_feature *features;
    size_t feature_count;
};

/* A document. */
int domcaps_parse(const char *xml, struct domcaps *ret, struct error **err) MUST_CHECK;
/* Asks the host; all is unknown where its driver has no such call (libvirt's mock). */
int domcaps_read(struct host *host, const char *arch, const char *machine, const char *type,
                 struct domcaps *ret, struct error **err) MUST_CHECK;
void domcaps_done(struct domcaps *caps);
#define auto_domcaps __attribute__((cleanup(domcaps_done)))

/* Whether the list has the word. */
enum host_answer domcaps_has(const struct domcaps *caps, enum domcaps_list list,
                             const char *word);
/* Its words as "a, b, c"; the caller frees it. */
char *domcaps_text(const struct domcaps *caps, enum domcaps_list list);
/* Whether a CPU mode ("host-passthrough") is supported. */
enum host_answer domcaps_has_mode(const struct domcaps *caps, const char *mode);
/* A CPU model by its name, or NULL. */
const struct domcaps_model *domcaps_model(const struct domcaps *caps, const char *name);
/* Whether the host's CPU is known to lack the feature. */
bool domcaps_lacks_feature(const struct domcaps *caps, const char *name);

#endif
