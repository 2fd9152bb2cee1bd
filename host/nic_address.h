/* SPDX-License-Identifier: Apache-2.0 */
/* The address of a NIC that somebody else gave it. */
#ifndef HOST_NIC_ADDRESS_H
#define HOST_NIC_ADDRESS_H

#include <stdint.h>

#include <libvirt/libvirt.h>

#include "util/address.h"

/* What libvirt knows of the IPv4 address of a running domain's NIC: from the leases of its
 * networks, else from the host's ARP table, else from the guest's agent. 0: nothing (yet). */
uint32_t nic_address(virDomainPtr domain, struct mac mac);

#endif
