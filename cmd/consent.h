/* SPDX-License-Identifier: Apache-2.0 */
/* The yes that what interrupts or destroys needs. */
#ifndef CMD_CONSENT_H
#define CMD_CONSENT_H

#include "cmd/context.h"

struct consent {
    const char *what;     /* for the error: "removing cluster 'lab'", "restarting 2 nodes" */
    const char *question; /* "Remove cluster 'lab' with its 3 nodes and their disks?" */
    /* An option that --yes is not enough without, like "--destroy-data"; or NULL. */
    const char *option;
    bool option_given;
};

/* 0 when it is given: by --yes (and the option, where there is one), or by `y` to the question
 * on a terminal. Otherwise ERROR_CONSENT, which says what to add; ERROR_CANCELLED for Ctrl-C.
 */
int consent_ask(const struct context *context, const struct consent *consent,
                struct error **err) MUST_CHECK;

#endif
