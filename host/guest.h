/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reaching a guest: the stages on the way to its SSH, each probed once and quickly, so that a
 * wait can say how far it came. The caller loops, with its own bound.
 */
#ifndef HOST_GUEST_H
#define HOST_GUEST_H

#include <stdint.h>

#include "util/address.h"
#include "util/error.h"

/* In the order in which a booting guest passes them. */
enum guest_stage {
    GUEST_NO_ARP,       /* nobody answers for the address on the segment */
    GUEST_PORT_CLOSED,  /* the machine answers, the port refuses */
    GUEST_PORT_SILENT,  /* the machine answers ARP, the port neither opens nor refuses */
    GUEST_NO_BANNER,    /* connected, but no SSH banner */
    GUEST_NO_HANDSHAKE, /* an SSH server that does not come to an end with us */
    GUEST_KEY_CHANGED,  /* an SSH server with another host key than the seed gave */
    GUEST_KEY_REFUSED,  /* the login's key is not accepted, or cannot be used */
    GUEST_READY,
};

struct guest_login {
    uint32_t ip;
    int port;
    const char *user;
    const char *key_path; /* private key file */
    const char *host_key; /* "ssh-ed25519 AAAA…" to insist on, or NULL: any, and tell it */
    /* Behind a port that somebody else holds open a connection tells nothing, and one that came
     * before the guest was up is not heard of again soon: how long to wait for the server's
     * first words on it. 0: to the end. */
    int banner_ms;
};

struct guest_probe {
    enum guest_stage stage;
    char *detail;   /* what the system or libssh said, or NULL */
    char *host_key; /* the key that the server showed, once it got so far */
};

/* The longest that a TCP connect is waited for: the kernel's next SYN comes after a second and
 * the one after that two later, so a new connect finds a guest that came up sooner. */
#define GUEST_CONNECT_MS 1000

/*
 * Tries once, giving up after `timeout_ms` or when *cancel (may be NULL) becomes non-zero, then
 * with the stage reached so far. Never fails: the result is the stage. First only a TCP connect
 * (cheap for the guest, at most GUEST_CONNECT_MS); SSH only when the port is open. `timeout_ms`
 * may well be many seconds: a login given up half-way costs a slow guest all of its work again.
 * GUEST_NO_ARP and GUEST_PORT_CLOSED can come back at once: pause between two probes.
 */
void guest_probe(const struct guest_login *login, int timeout_ms, const volatile int *cancel,
                 struct guest_probe *ret);
void guest_probe_done(struct guest_probe *probe);
/* What goes behind the address in a message: "does not answer ARP: …". */
const char *guest_stage_text(enum guest_stage stage);

#endif
