/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NICs that come and go. One is what its MAC and its network make it. Comings and goings are
 * live, as long as the others keep their order (by which a guest may name them); anything else
 * is a restart. What one is like (model, mtu …) is compared in hardware_diff.
 */
#ifndef PROVISION_NIC_DIFF_H
#define PROVISION_NIC_DIFF_H

#include "provision/node/machine.h"

/* Said of a NIC that a running guest gets. */
#define NIC_DIFF_PLUGGED "set up in the guest at its next boot"

void nic_diff(struct resource *r, const struct machine *m);
/* The NIC with this MAC and network, or NULL. */
const struct domain_view_nic *
nic_diff_find(const struct machine *m, const struct domain_view *view, const struct nic *nic);
/* The other way round: the wanted NIC that `have` is, or NULL. */
const struct nic *nic_diff_wanted(const struct machine *m, const struct domain_view_nic *have);

/* The wanted NIC that `have` is on another network, when libvirt can move it while the guest
 * runs; or NULL. */
const struct nic *nic_diff_moved(const struct machine *m, const struct domain_view_nic *have);

/* True for a running one whose tap is not in the bridge where it belongs, as far as this
 * machine can see; of bridges that somebody else made. */
bool nic_diff_is_off(const struct machine *m, const struct domain_view_nic *have);

#endif
