/* SPDX-License-Identifier: Apache-2.0 */
/* A network interface of a node. */
#ifndef CONFIG_NIC_H
#define CONFIG_NIC_H

#include <stdbool.h>
#include <stdint.h>

#include "config/network/vlan.h"
#include "config/schema/schema.h"
#include "util/address.h"
#include "util/ip6.h"

struct network;

enum nic_model { NIC_VIRTIO, NIC_E1000, NIC_E1000E, NIC_RTL8139, NIC_VMXNET3 };
enum nic_link { NIC_LINK_UP, NIC_LINK_DOWN };
enum nic_driver { NIC_DRIVER_DEFAULT, NIC_DRIVER_VHOST, NIC_DRIVER_QEMU };

/* Where an IPv6 address comes from; NIC_IP6_STATIC: the file or the address plan, where the
 * network has subnet6. */
enum nic_ip6 { NIC_IP6_STATIC, NIC_IP6_DHCP, NIC_IP6_AUTO };

/* libvirt's own words, but for the first driver. */
extern const char *const nic_model_words[], *const nic_link_words[], *const nic_driver_words[];

/* Bytes a second, and bytes at once for the burst; 0: not said. */
struct nic_rate {
    uint64_t average, peak, burst;
    const struct document_node *source;
};

/* As the guest sees it: `in` is what it receives. */
struct nic_bandwidth {
    struct nic_rate in, out;
    const struct document_node *source;
};

struct nic {
    const char *network;       /* as written */
    const struct network *net; /* resolved; NULL after a finding */
    uint32_t ip;               /* 0: not yet, or dynamic */
    bool ip_explicit;          /* from the file */
    bool dynamic;              /* `ip: dhcp` */
    struct ip6 ip6;            /* likewise; all zero: not yet, or none, or dynamic */
    bool ip6_explicit;
    int ip6_from;       /* enum nic_ip6 */
    int default_route;  /* enum switch_state */
    struct list routes; /* struct route */
    struct mac mac;
    bool mac_explicit;
    bool moved;    /* its MAC is that which it had on another network */
    int model;     /* NIC_VIRTIO, … */
    long long mtu; /* 0: the network's */
    int link;      /* at the start */
    int driver;
    long long queues; /* 0: one */
    long long boot;   /* its place in the boot order, from 1; 0: none */
    struct nic_bandwidth bandwidth;
    const char *filter;       /* the name of a libvirt network filter, or NULL */
    struct vlan_setting vlan; /* its own, else the network's */
    /* To a network of mode user: struct port_forward from the file, the network's and those
     * that the node publishes. */
    struct list forwards;
    uint16_t ssh_port; /* of the host's loopback, forwarded to its SSH server; 0: none */
    const struct document_node *source;
};

extern const struct schema nic_schema, nic_address_schema, nic_tuning_schema,
    nic_bandwidth_schema, nic_rate_schema;

/* Whether it has an address of IPv6, from wherever. */
bool nic_has_ip6(const struct nic *nic);
/* Whether one of its routes is to everywhere. */
bool nic_routes_all(const struct nic *nic, bool six);
/* Whether libvirt and QEMU put one of that model into a running machine: the older ones are no
 * PCI Express devices. */
bool nic_can_hotplug(int model);
/* Whether it needs a slot of the old PCI bus. */
bool nic_is_conventional(int model);

#endif
