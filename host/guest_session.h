/* SPDX-License-Identifier: Apache-2.0 */
/* An SSH session in a guest, for what does more there than knock. */
#ifndef HOST_GUEST_SESSION_H
#define HOST_GUEST_SESSION_H

#include <libssh/libssh.h>

#include "host/guest.h"

/* As guest_probe; the session (non-blocking) when it came to GUEST_READY, else NULL. */
ssh_session guest_session_open(const struct guest_login *login, int timeout_ms,
                               const volatile int *cancel, struct guest_probe *ret);
void guest_session_close(ssh_session session);

#endif
