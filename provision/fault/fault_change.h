/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of `virtopo fault` want, on the model alone: fault_field_commit does it. */
#ifndef PROVISION_FAULT_CHANGE_H
#define PROVISION_FAULT_CHANGE_H

#include "provision/fault/fault_field.h"

int fault_link_down(struct fault_field *field, const char *node, const char *network,
                    struct error **err) MUST_CHECK;
int fault_netem(struct fault_field *field, const char *node, const char *network,
                const struct netem *netem, struct error **err) MUST_CHECK;
/* `words` are the sides, names of nodes and groups with ',' between them, and '/' between the
 * sides: {"a,b", "/", "c"}. Takes the place of a partition that is there. */
int fault_partition(struct fault_field *field, const char *const *words, size_t count,
                    struct error **err) MUST_CHECK;
int fault_kill(struct fault_field *field, const char *node, struct error **err) MUST_CHECK;
/* All faults of those nodes and groups; without any, of the cluster. */
int fault_heal(struct fault_field *field, const char *const *words, size_t count,
               struct error **err) MUST_CHECK;

#endif
