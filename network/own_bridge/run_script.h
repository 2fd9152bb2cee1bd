/* SPDX-License-Identifier: Apache-2.0 */
/* Running the script of a bridge on its host. */
#ifndef NETWORK_OWN_BRIDGE_RUN_SCRIPT_H
#define NETWORK_OWN_BRIDGE_RUN_SCRIPT_H

#include "host/shell.h"
#include "templates/bridge_script.h"

/* Runs a verb to its end, whatever becomes of the connection meanwhile. `what` is for the
 * message: "making bridge br-prod". */
int run_script(struct host *host, const struct bridge_script *script, const char *verb,
               const char *what, struct error **err) MUST_CHECK;
/* Runs `make` so that the host puts everything back unless it is confirmed over a new
 * connection, and confirms it. */
int run_script_guarded(struct host *host, const struct bridge_script *script,
                       struct error **err) MUST_CHECK;

#endif
