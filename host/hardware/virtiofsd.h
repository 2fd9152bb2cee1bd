/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon that serves virtiofs shares. */
#ifndef HOST_HARDWARE_VIRTIOFSD_H
#define HOST_HARDWARE_VIRTIOFSD_H

#include "host/hardware/answer.h"
#include "host/host.h"

/* libvirt does not tell. On this machine it is looked for where libvirt looks: HOST_UNKNOWN for
 * another one. */
enum host_answer virtiofsd_find(const struct host *host);
/* In `folders` (NULL-terminated), where files of QEMU describe such daemons. */
enum host_answer virtiofsd_find_in(const char *const *folders);

#endif
