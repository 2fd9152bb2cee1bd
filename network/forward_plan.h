/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How nodes on networks of mode user are reached: those that no network of another mode and no
 * forward of the file gives a way to their SSH server get a port of the host's loopback: the
 * one that they have; else one derived from their MAC, or the next that is free. The domain
 * says which it is: nothing else needs to remember.
 */
#ifndef NETWORK_FORWARD_PLAN_H
#define NETWORK_FORWARD_PLAN_H

#include "host/site.h"

/* Sets the ssh_port of NICs, which have their MACs. */
void forward_plan(const struct site *site);
/* Whether a forward, as a domain has it, is one that forward_plan() chose, as far as it tells.
 */
bool forward_is_chosen(const char *text);
/* The address and port at which a forward ("127.0.0.1:2222:22", as a domain has it) is reached
 * from here: false when it is not, being on another machine's loopback. */
bool forward_reach(const struct host *host, const struct port_forward *forward,
                   uint32_t *ret_ip, uint16_t *ret_port);
/* The same of the forward to a NIC's SSH server, where it has one. */
bool forward_reach_ssh(const struct host *host, const struct domain_view_nic *nic,
                       uint32_t *ret_ip, uint16_t *ret_port);

#endif
