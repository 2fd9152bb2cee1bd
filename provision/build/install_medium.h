/* SPDX-License-Identifier: Apache-2.0 */
/* The medium of an installation as a file of this machine. */
#ifndef PROVISION_INSTALL_MEDIUM_H
#define PROVISION_INSTALL_MEDIUM_H

#include "config/image/image.h"
#include "engine/resource.h"
#include "provision/fetch/checksums.h"

/* Fetches it unless it is there. `*ret`: its path, which the caller frees; NULL for an
 * installation without a medium. */
int install_medium_fetch(const struct image *image, struct task *task, char **ret,
                         struct error **err) MUST_CHECK;
/* For people: "debian-12-netinst.iso". The caller frees it. */
char *install_medium_name(const struct install_medium *medium);

/* The digest of what would come today, by downloading it where nothing says it. */
int install_medium_digest(const struct image *image, struct task *task, struct checksum *ret,
                          struct error **err) MUST_CHECK;

#endif
