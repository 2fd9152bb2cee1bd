/* SPDX-License-Identifier: Apache-2.0 */
/* The order of a plan: of resources by what they need, and of steps by plan.h's rules. */
#ifndef ENGINE_PLAN_ORDER_H
#define ENGINE_PLAN_ORDER_H

#include "engine/plan.h"

/* All resources, those needed before those that need them. The caller frees the array. A
 * cycle is an error that names its members. */
int plan_order_resources(const struct resource_set *set, struct resource ***ret,
                         struct error **err) MUST_CHECK;
/* Fills in plan->steps from the resources' actions. */
int plan_order_steps(struct plan *plan, struct error **err) MUST_CHECK;

#endif
