/* SPDX-License-Identifier: Apache-2.0 */
/* A machine as the template of its domain: disks with their targets, NICs, tag. */
#ifndef PROVISION_DOMAIN_RENDER_H
#define PROVISION_DOMAIN_RENDER_H

#include "provision/node/machine.h"
#include "templates/domain/domain_xml.h"

struct domain_parts {
    struct domain_disk *disks; /* root, extra ones in the file's order, CD-ROMs, seed */
    size_t disk_count;
    struct domain_nic *nics;
    size_t nic_count;
    char **strings; /* what the above borrow */
    size_t string_count;
};

/* Disks that the defined domain has keep their target; new ones take the next free letter. */
void domain_parts_build(const struct machine *m, struct domain_parts *ret);
/* The template's node, names and parts; it borrows them. */
void domain_parts_fill(const struct machine *m, const struct domain_parts *parts,
                       struct domain_template *ret);
void domain_parts_done(struct domain_parts *parts);
#define auto_parts __attribute__((cleanup(domain_parts_done)))

/* `type` "kvm" or "qemu"; arch and machine as platform_arch and platform_machine have them;
 * virtualisation (NULL: not known) from the host's facts. */
int domain_render(const struct machine *m, const char *type, const char *arch,
                  const char *machine, const char *virtualisation, char **ret,
                  struct error **err) MUST_CHECK;
/* The same as a document (domain_document), the caller's to free. */
int domain_render_document(const struct machine *m, const char *type, const char *arch,
                           const char *machine, const char *virtualisation, xmlDocPtr *ret,
                           struct error **err) MUST_CHECK;

#endif
