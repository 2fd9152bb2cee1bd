/* SPDX-License-Identifier: Apache-2.0 */
/* The shell scripts of carry.c, each safe to run again. */
#ifndef NETWORK_CARRY_SCRIPT_H
#define NETWORK_CARRY_SCRIPT_H

/* Says the kernel's version, where commands can do it. */
extern const char carry_script_ask[];
/* on|off COMMENT BRIDGE…: the rules of carry_shield(). */
extern const char carry_script_shield[];
/* BRIDGE PARKED ALIAS [NET HALF HALF ADDRESS]…: the bridge gets its other name. Two routes to
 * the halves of each subnet take the place of the one that libvirt would refuse to start
 * beside. Says "parked" when there is such a bridge in the end. */
extern const char carry_script_park[];
/* BRIDGE PARKED NETWORK [NET HALF HALF ADDRESS]…: the new bridge's settings to the old one,
 * which takes its place. Ends the dnsmasq, as that listens on the device that is gone. */
extern const char carry_script_return[];

#endif
