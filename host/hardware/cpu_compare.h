/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the host's hypervisor can make a CPU of a model and features, as libvirt sees it when
 * it starts the guest. */
#ifndef HOST_HARDWARE_CPU_COMPARE_H
#define HOST_HARDWARE_CPU_COMPARE_H

#include "config/cluster.h"
#include "host/hardware/answer.h"
#include "host/hardware/domcaps.h"

/* HOST_UNKNOWN where libvirt cannot tell (other architectures than x86, its mock). With
 * HOST_NO,
 * `*missing` is what the host lacks: "hle, rtm"; the caller frees it. */
int cpu_compare(struct host *host, const struct domcaps *guest, const struct cpu_setting *cpus,
                enum host_answer *ret, char **missing, struct error **err) MUST_CHECK;

#endif
