/* SPDX-License-Identifier: Apache-2.0 */
/* Ports of the host that QEMU forwards to a node, against those that its domain has. */
#ifndef PROVISION_FORWARD_DIFF_H
#define PROVISION_FORWARD_DIFF_H

#include "provision/node/machine.h"

/* Adds what differs, in the definition or in what runs: a new start each. */
void forward_diff(struct resource *r, const struct machine *m);

#endif
