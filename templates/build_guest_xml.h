/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The domain of a throw-away guest, in which an image is made. It has no tag of a cluster but
 * an element of its own:
 *
 *   <virtopo-build:guest xmlns:virtopo-build="https://virtopo.dev/xmlns/build/1"
 *                        recipe="<64 hex digits>" image="k8s" owner="ann@desk"/>
 */
#ifndef TEMPLATES_BUILD_GUEST_XML_H
#define TEMPLATES_BUILD_GUEST_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

#define BUILD_TAG_URI "https://virtopo.dev/xmlns/build/1"
/* The channel's name in the guest: /dev/virtio-ports/org.virtopo.build.0 */
#define BUILD_CHANNEL "org.virtopo.build.0"
#define BUILD_MAC "52:76:74:62:00:01"

struct build_medium {
    const char *path;   /* on the host */
    const char *format; /* "qcow2", "raw" */
    const char *serial; /* a disk's, or NULL */
    bool cdrom;         /* a SATA CD-ROM; else a virtio disk */
    bool readonly;
    int boot; /* place in the boot order, from 1; 0: none */
};

struct build_guest_template {
    const char *name, *recipe, *image;
    const char *owner;                /* or NULL */
    const char *type;                 /* "kvm", "qemu" */
    const char *arch, *machine;       /* "x86_64", "q35" */
    const struct build_medium *media; /* the first disk is vda, the next vdb … */
    size_t media_count;
    const char *kernel, *initrd, *cmdline; /* on the host; NULL: boots from its media */
    const char *nvram; /* UEFI, with its variables in this file; NULL: what the machine has */
    long long cpus;
    uint64_t memory; /* bytes */
    bool network;    /* QEMU's user networking; its card has BUILD_MAC */
    bool channel;
};

int build_guest_xml(const struct build_guest_template *t, char **ret,
                    struct error **err) MUST_CHECK;
/* The recipe that a domain's XML says it is a guest for, or NULL: not one of these. The caller
 * frees it. */
char *build_guest_recipe(const char *xml);

#endif
