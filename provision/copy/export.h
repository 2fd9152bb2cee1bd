/* SPDX-License-Identifier: Apache-2.0 */
/* A disk of a node as one image file on this machine: copied on its host as of one moment, with
 * all that it is an overlay of, and brought here. */
#ifndef PROVISION_EXPORT_H
#define PROVISION_EXPORT_H

#include "provision/provision.h"

struct export_options {
    const char *node, *disk; /* "root", or the name of another one */
    const char *to;          /* appears whole, or not at all */
    const char *format;      /* as image_convert takes it */
    bool compress;
    bool replace; /* a file that is there is overwritten */
};

struct export_result {
    struct site_host *host;   /* where the node is */
    uint64_t capacity, bytes; /* of the disk, of the file */
    bool was_running, frozen;
    unsigned held_ms;
};

/* Whether there is such a disk of such a node, and a format that is known. */
int export_check(const struct provision *p, const struct export_options *options,
                 struct error **err) MUST_CHECK;
/* The caller holds the cluster's lock. */
int export_disk(struct provision *p, const struct export_options *options, struct task *task,
                struct export_result *ret, struct error **err) MUST_CHECK;

#endif
