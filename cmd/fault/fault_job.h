/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that make or undo faults have in common: a look, the lock, a second look,
 * the change, and what is on then. */
#ifndef CMD_FAULT_JOB_H
#define CMD_FAULT_JOB_H

#include "cmd/context.h"
#include "provision/fault/fault_field.h"

/* What a command wants of the field; called for each look. */
typedef int fault_job_fn(struct context *context, struct fault_field *field,
                         struct error **err);

int fault_job_run(struct context *context, fault_job_fn *change, struct error **err);

#endif
