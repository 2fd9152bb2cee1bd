/* SPDX-License-Identifier: Apache-2.0 */
/* What a libvirt URI says about reaching its host by SSH. */
#ifndef HOST_SHELL_URI_H
#define HOST_SHELL_URI_H

#include <stdbool.h>

#include "util/error.h"

struct shell_uri {
    char *server, *user; /* user NULL: what ~/.ssh/config or the login says */
    int port;            /* 0: likewise */
    char *keyfile;       /* or NULL */
    char *known_hosts;   /* or NULL */
    bool no_verify;      /* any host key */
};

/* ERROR_NOT_FOUND for a URI without SSH in it, with what to write instead as its hint. */
int shell_uri_parse(const char *uri, struct shell_uri *ret, struct error **err) MUST_CHECK;
void shell_uri_done(struct shell_uri *uri);
#define auto_shell_uri __attribute__((cleanup(shell_uri_done)))

#endif
