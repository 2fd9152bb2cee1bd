/* SPDX-License-Identifier: Apache-2.0 */
/* What QEMU is told to copy disks: where to, and, for disks that no guest has open, a domain
 * that has them and is never run. */
#ifndef TEMPLATES_COPY_XML_H
#define TEMPLATES_COPY_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct copy_disk {
    const char *path;   /* on the host */
    const char *format; /* "qcow2", "raw" */
    const char *target; /* "vda" */
};

/* A <disk> as virDomainBlockCopy takes it. */
int copy_disk_xml(const char *path, const char *format, char **ret,
                  struct error **err) MUST_CHECK;
int copy_domain_xml(const char *name, const char *type, const char *arch, const char *machine,
                    const struct copy_disk *disks, size_t count, char **ret,
                    struct error **err) MUST_CHECK;
/* Whether a running domain copies one of its disks to a file in `folder`; `target` is its name
 * there, for the caller to free. */
bool copy_under_way(const char *domain_xml, const char *folder, char **ret_target);

#endif
