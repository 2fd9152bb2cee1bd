/* SPDX-License-Identifier: Apache-2.0 */
/* NICs of a node that runs: plugged in, unplugged. */
#ifndef PROVISION_NIC_PLUG_H
#define PROVISION_NIC_PLUG_H

#include "provision/node/machine.h"

int nic_plug(const struct machine *m, virDomainPtr domain, struct task *task,
             struct error **err) MUST_CHECK;

#endif
