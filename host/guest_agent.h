/* SPDX-License-Identifier: Apache-2.0 */
/* What a guest's agent is asked for besides commands. Bounded: an agent that hangs is one that
 * is not there. */
#ifndef HOST_GUEST_AGENT_H
#define HOST_GUEST_AGENT_H

#include "util/virt.h"

/* All file systems written out, and held still until the thaw. */
int guest_agent_freeze(virDomainPtr domain, struct error **err) MUST_CHECK;
int guest_agent_thaw(virDomainPtr domain, struct error **err);

#endif
