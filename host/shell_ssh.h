/* SPDX-License-Identifier: Apache-2.0 */
/* The SSH session behind host/shell.h: one a host, by one thread at a time. */
#ifndef HOST_SHELL_SSH_H
#define HOST_SHELL_SSH_H

#include "host/shell.h"

struct shell_ssh;

/* Connects, checks the host's key, logs in. `name` is the host's, for messages. */
int shell_ssh_open(const char *name, const char *uri, struct shell_ssh **ret,
                   struct error **err) MUST_CHECK;
void shell_ssh_close(struct shell_ssh *ssh); /* NULL is fine */
/* Starts `command`, which waits for its input. A session that fails here has run nothing. */
int shell_ssh_start(struct shell_ssh *ssh, const char *command, struct error **err) MUST_CHECK;
/* Gives it `input` and waits for its end. A session that fails here is of no more use. */
int shell_ssh_finish(struct shell_ssh *ssh, const char *input,
                     const struct shell_options *options, struct shell_result *ret,
                     struct error **err) MUST_CHECK;

#endif
