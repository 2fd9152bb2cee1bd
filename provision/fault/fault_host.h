/* SPDX-License-Identifier: Apache-2.0 */
/* The part of faults that is done on a host by its shell: queues and filters of taps. */
#ifndef PROVISION_FAULT_HOST_H
#define PROVISION_FAULT_HOST_H

#include "provision/fault/fault_field.h"

/* Sets the taps there of all nodes that change or are touched, and of those that hear others
 * because these do. Nothing to do is nothing done. */
int fault_host_apply(const struct fault_field *field, const struct site_host *host,
                     struct error **err) MUST_CHECK;

#endif
