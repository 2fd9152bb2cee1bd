/* SPDX-License-Identifier: Apache-2.0 */
/* The names of CPU features that libvirt knows. */
#ifndef HOST_HARDWARE_CPU_FEATURE_H
#define HOST_HARDWARE_CPU_FEATURE_H

#include <stdbool.h>

#include "host/host.h"

/* Whether the host's libvirt knows all features of `names` (NULL-terminated). `*ret` is then
 * NULL, else the first one that it does not know. Only for x86: elsewhere all pass. */
int cpu_feature_check(struct host *host, const char *arch, const char *const *names,
                      const char **ret, struct error **err) MUST_CHECK;
/* The nearest name in this machine's own list, which comes with libvirt; NULL: none, or there
 * is no list. The caller frees it. */
char *cpu_feature_nearest(const char *name);

#endif
