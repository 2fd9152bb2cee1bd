/* SPDX-License-Identifier: Apache-2.0 */
/* The key `shares` of a node: folders of the host that the guest mounts. */
#ifndef CONFIG_SHARE_H
#define CONFIG_SHARE_H

#include <stdbool.h>

#include "config/schema/schema.h"

#define SHARE_TAG_LONGEST 36 /* of virtiofs; 9p has 31 */
#define SHARE_TAG_LONGEST_9P 31

enum share_driver { SHARE_VIRTIOFS, SHARE_9P };
enum share_access { SHARE_ACCESS_DEFAULT, SHARE_PASSTHROUGH, SHARE_MAPPED, SHARE_SQUASH };

struct share {
    const char *source; /* folder on the host, absolute */
    const char *target; /* folder in the guest, absolute; NULL: not mounted */
    const char *tag;    /* what the guest mounts it by; never NULL after load */
    int driver;         /* enum share_driver */
    bool readonly;
    int access;          /* 9p: enum share_access */
    int cache;           /* virtiofs: index into share_caches */
    long long queue;     /* virtiofs: 0: QEMU's own */
    int xattr;           /* virtiofs */
    const char *options; /* more mount options, or NULL */
    const struct document_node *source_node;
};

/* libvirt's words, but for "default" and "9p" (there "path"). */
extern const char *const share_drivers[], *const share_accesses[], *const share_caches[];
extern const struct schema share_schema;

/* True when a share's daemon must see the guest's memory. */
bool shares_need_shared_memory(const struct list *shares);

#endif
