/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guests carried over a restart of their network, for what libvirt cannot change in one that
 * runs. It would delete the bridge and leave their taps outside of the new one. So the bridge
 * gets another name first, under which it goes on with all its ports, its address and its
 * route; libvirt makes a new bridge, with rules, dnsmasq and whatever is to be different. What
 * that one is like is taken over by the old one, which then takes its place and name.
 *
 * Needs root on the host. Linux 6.2 and newer rename a device that is up; on older ones it is
 * down for the moment. Without root, guests are plugged in again after the restart.
 */
#ifndef NETWORK_CARRY_H
#define NETWORK_CARRY_H

#include "network/network_diff.h"

/* What a restart costs, as the note of a change: "restarts the network, no packet lost". Asks
 * the host, where guests are on the network. */
const char *carry_cost(const struct network_object *o);
/* Restarts the network, which runs as `running` and has been defined anew. */
int carry_restart(const struct network_object *o, virConnectPtr connection,
                  virNetworkPtr network, const struct network_view *running,
                  struct error **err) MUST_CHECK;
/* While libvirt takes a network's firewall rules away and puts them back, a host that has
 * bridged packets go through its firewall (bridge-nf-call-iptables) would refuse those between
 * guests. A rule of ours lets them pass from `on` to off. Where that cannot be done, nothing.
 */
void carry_shield(const struct network_object *o, bool on);
/* Starts the network's dnsmasq where it does not run; no packet is lost. */
int carry_revive_server(const struct network_object *o, virNetworkPtr network,
                        struct error **err) MUST_CHECK;

#endif
