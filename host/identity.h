/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Derived names: what everything of a cluster is called in libvirt, computed from the cluster's
 * name and its own, never stored. A cluster's name has no '_', so no two clusters meet.
 */
#ifndef HOST_IDENTITY_H
#define HOST_IDENTITY_H

#include "util/address.h"
#include "util/digest.h"

/* The pool of base images, one a host. */
#define IDENTITY_STORE "virtopo"

#define BRIDGE_TEXT 16 /* IFNAMSIZ */

/* The caller frees these. */
char *identity_domain(const char *cluster, const char *node);     /* "lab_web-1" */
char *identity_network(const char *cluster, const char *network); /* "lab_lan" */
char *identity_pool(const char *cluster);                         /* "virtopo_lab" */
char *identity_pool_path(const char *dir, const char *cluster);   /* dir/lab */

void identity_domain_uuid(const char *cluster, const char *node, char out[UUID_TEXT]);
void identity_network_uuid(const char *cluster, const char *network, char out[UUID_TEXT]);
/* Of the port that a NIC has in Open vSwitch. */
void identity_port_uuid(const char *cluster, const char *node, struct mac mac,
                        char out[UUID_TEXT]);
void identity_pool_uuid(const char *cluster, char out[UUID_TEXT]);
void identity_store_uuid(char out[UUID_TEXT]);

/* "lan-1f3a5c7e": the network's name, cut, and a digest that makes it the cluster's. */
void identity_bridge(const char *cluster, const char *network, char out[BRIDGE_TEXT]);
/* "vtp-1f3a5c7e": what the bridge is called while its network is restarted. */
void identity_parked_bridge(const char *cluster, const char *network, char out[BRIDGE_TEXT]);
/* Of the network's bridge on a host: what guests know their gateway by. */
struct mac identity_bridge_mac(const char *cluster, const char *host, const char *network);
/* A locally administered unicast address: 52 and 40 bits of a digest. `index` counts the NICs
 * that the node has on that network. */
struct mac identity_mac(const char *cluster, const char *node, const char *network,
                        unsigned index);

#endif
