/* SPDX-License-Identifier: Apache-2.0 */
/*
 * More CPUs, more or less memory, for a node that runs: CPUs up to `cpus.max`; memory by DIMMs
 * up to `memory.max`, and back by the balloon. The definition has it all as ordinary memory,
 * as the guest finds it at its next boot.
 *
 * Measured with libvirt 9.0 and QEMU 7.2: a guest's kernel uses whole blocks of 128 MiB of a
 * DIMM; an onlined DIMM, and a CPU in use, are not given back.
 */
#ifndef PROVISION_RESIZE_H
#define PROVISION_RESIZE_H

#include "provision/node/machine.h"

/* What libvirt will have, in bytes: whole KiB. */
uint64_t resize_memory(const struct machine *m);
/* What the running guest has; `want` when its balloon leaves just that. */
uint64_t resize_memory_now(const struct domain_view *live, uint64_t want);
/* True when the running node can be given what the file says, without a restart. */
bool resize_can_cpus(const struct machine *m);
bool resize_can_memory(const struct machine *m);
/* Does so; nothing where nothing differs. */
int resize_live(const struct machine *m, virDomainPtr domain, struct task *task,
                struct error **err) MUST_CHECK;

#endif
