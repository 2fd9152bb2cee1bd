/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command in a guest, by its agent or by SSH: bounded, its output kept. Which of the two is
 * there, and whether the guest lets them, is seen by trying: -1 means that the command was not
 * run to its end, and why.
 */
#ifndef HOST_GUEST_EXEC_H
#define HOST_GUEST_EXEC_H

#include "host/guest.h"
#include "util/buffer.h"
#include "util/virt.h"

struct guest_result {
    int status; /* exit code; -1: killed by a signal */
    struct buffer output;
};
void guest_result_done(struct guest_result *result);
#define auto_guest_result __attribute__((cleanup(guest_result_done)))

/* What comes out over it is cut off. */
#define GUEST_OUTPUT_MOST (64u << 10)

struct guest_limits {
    unsigned connect_ms; /* until the guest takes the command */
    unsigned run_ms;     /* until the command has ended */
    const volatile int *cancel;
};

/* The agent's guest-exec. One that is not configured, not running, or told not to do this is
 * ERROR_NOT_FOUND. */
int guest_exec_agent(virDomainPtr domain, const char *const *argv,
                     const struct guest_limits *limits, struct guest_result *ret,
                     struct error **err) MUST_CHECK;
/* A line for the login's shell. No way in is ERROR_NOT_FOUND. */
int guest_exec_ssh(const struct guest_login *login, const char *command,
                   const struct guest_limits *limits, struct guest_result *ret,
                   struct error **err) MUST_CHECK;

#endif
