/* SPDX-License-Identifier: Apache-2.0 */
/* Real SSH servers on the loopback address, in a mount namespace of their own, so that neither
 * the user's home folder nor the machine's SSH setup matters. */
#ifndef TESTS_UNIT_HOST_SERVER_H
#define TESTS_UNIT_HOST_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

struct server {
    pid_t pid;
    int port;
    const char *user; /* who may log in */
    char *folder;     /* scratch */
    char *key;        /* the private key that is accepted */
    char *host_key;   /* "ssh-ed25519 AAAA…" */
    char *rsa_key;    /* a second host key (OpenSSH only) */
};

enum server_kind { SERVER_OPENSSH, SERVER_DROPBEAR };

/* False when its program is not installed or namespaces are not allowed here. */
bool server_possible(enum server_kind kind);
/* Answers when this returns 0. `folder` is an empty one; the server keeps it. */
int server_start(enum server_kind kind, const char *folder, struct server *ret);
void server_stop(struct server *server);

/* Starts a program that dies with this test; its output goes to `log`. */
pid_t spawn(const char *const *argv, const char *log);
void stop(pid_t pid);
/* A loopback port that is free now. */
int free_port(void);
/* Runs a program to its end, 0 when it exits 0. */
int run(const char *const *argv);
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

#endif
