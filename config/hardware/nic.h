/* SPDX-License-Identifier: Apache-2.0 */
/* A network interface of a node. */
#ifndef CONFIG_NIC_H
#define CONFIG_NIC_H

#include <stdbool.h>
#include <stdint.h>

#include "config/schema/schema.h"
#include "util/address.h"

struct network;

enum nic_model { NIC_VIRTIO, NIC_E1000, NIC_E1000E, NIC_RTL8139 };

struct nic {
    const char *network;       /* as written */
    const struct network *net; /* resolved; NULL after a finding */
    uint32_t ip;               /* 0: not yet, or dynamic */
    bool ip_explicit;          /* from the file */
    bool dynamic;              /* `ip: dhcp` */
    struct mac mac;
    bool mac_explicit;
    int model;     /* NIC_VIRTIO, … */
    long long mtu; /* 0: the network's */
    const struct document_node *source;
};

extern const struct schema nic_schema;

#endif
