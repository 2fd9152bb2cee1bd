/* SPDX-License-Identifier: Apache-2.0 */
/* A guest that QEMU has stopped, as the file of its disk could not be written: nothing goes on
 * by itself. */
#ifndef PROVISION_BUILD_GUEST_PAUSE_H
#define PROVISION_BUILD_GUEST_PAUSE_H

#include "host/site.h"

/* -1: it is, and why. What libvirt does not tell counts as running. */
int guest_pause_check(const struct site_host *host, virDomainPtr domain, const char *image,
                      struct error **err) MUST_CHECK;

#endif
