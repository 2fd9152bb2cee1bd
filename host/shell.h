/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands on a host: what libvirt has no call for (links, routes, rules, files). On a local
 * host a process; on one that is reached by SSH, over a session of our own, opened when it is
 * first needed, with the user, port, keys and known hosts of the libvirt URI and ~/.ssh/config,
 * and kept for the run. The commands of a host run one after the other; any thread may ask.
 */
#ifndef HOST_SHELL_H
#define HOST_SHELL_H

#include "host/host.h"
#include "util/buffer.h"

#define SHELL_OUTPUT_MOST (8u << 20)

struct shell_options {
    unsigned timeout_ms; /* 0: 30 s; over it the run fails with ERROR_TIMEOUT */
    const volatile int *cancel;
    bool root;  /* runs as root: by sudo, without a password, where the login is not */
    bool fresh; /* over a connection made now: to know that the host can still be reached */
};

struct shell_result {
    int status;           /* exit code */
    struct buffer output; /* of stdout and stderr, at most SHELL_OUTPUT_MOST */
};
void shell_result_done(struct shell_result *result);
#define auto_shell_result __attribute__((cleanup(shell_result_done)))

/*
 * Runs `script` with the host's /bin/sh; `args` (NULL-terminated, or NULL) are $1 and so on,
 * its standard input is empty. The script is read to its end before any of it runs: one that a
 * broken connection cut off does nothing (at most 100 KiB). 0 when it ran to its end, whatever
 * its exit code. ERROR_NOT_FOUND: this host takes no commands (no SSH in its URI, libvirt's
 * test driver, no way in), with the remedy as hint. `options` may be NULL.
 */
int shell_run(struct host *host, const char *script, const char *const *args,
              const struct shell_options *options, struct shell_result *ret,
              struct error **err) MUST_CHECK;
/* The same, where an exit code that is not 0 is an error: "WHAT on host 'x' failed", with the
 * output's end as its detail. `output` may be NULL. */
int shell_check(struct host *host, const char *what, const char *script,
                const char *const *args, const struct shell_options *options,
                struct buffer *output, struct error **err) MUST_CHECK;

#endif
