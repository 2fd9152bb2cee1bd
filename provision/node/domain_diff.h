/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between a node as the file has it, as it was last applied (its tag), as it is
 * defined, and as it runs. */
#ifndef PROVISION_DOMAIN_DIFF_H
#define PROVISION_DOMAIN_DIFF_H

#include "provision/node/machine.h"

/* Notes of changes. */
#define DIFF_OUTSIDE "changed outside of virtopo"
#define DIFF_WAITS "waits for a restart"

int domain_diff(void *context, struct resource *r, struct error **err);

#endif
