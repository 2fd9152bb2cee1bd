/* SPDX-License-Identifier: Apache-2.0 */
/* What a host's firewall has of ours, and what the host does with packets: read through
 * host/shell.h when first asked for. */
#ifndef HOST_FIREWALL_H
#define HOST_FIREWALL_H

#include "host/site.h"
#include "templates/firewall/script.h"

/* Reads it once a survey. Thread-safe. ERROR_NOT_FOUND: this host takes no commands. */
int site_firewall(struct site_host *host, const struct firewall_view **ret,
                  struct error **err) MUST_CHECK;
/* Forgets what was read: for the next survey, and the end. */
void site_forget_firewall(struct site_host *host);

#endif
