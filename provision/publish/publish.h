/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "publish": ports of a host that lead to a node, by rules of the host's
 * firewall (templates/firewall/). The rules are found by their own marks. Where nothing is
 * published, hosts are not asked: a node's tag says that it was.
 */
#ifndef PROVISION_PUBLISH_H
#define PROVISION_PUBLISH_H

#include "provision/node/machine.h"
#include "templates/firewall/rule.h"

extern const struct resource_kind publish_kind;

/* Adds what the node publishes as a wanted resource; NULL when that is nothing. */
struct resource *publish_want(struct machine *m);
/* Findings about ports that somebody else has, and hosts that cannot do it: of what this plan
 * would make. */
int publish_check(struct provision *p, struct error **err) MUST_CHECK;
/* The rules that the node needs, once it has its address. */
void publish_rules(const struct machine *m, struct rule_list *ret);

#endif
