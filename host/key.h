/* SPDX-License-Identifier: Apache-2.0 */
/* SSH keys: a cluster's own login key (in $XDG_DATA_HOME/virtopo/<cluster>/, 0600), and the
 * host keys given to guests, so that their identity is known before the first connection. */
#ifndef HOST_KEY_H
#define HOST_KEY_H

#include "util/error.h"

/* Path of the cluster's own private key; it need not exist. The caller frees it. */
char *key_cluster_path(const char *cluster);
/* What a cluster's own key says of itself: "virtopo:<cluster>". The caller frees it. */
char *key_comment(const char *cluster);
/* "ssh-ed25519 AAAA… comment" belonging to a private key file: derived from it, and only where
 * that takes a passphrase from <path>.pub. ERROR_NOT_FOUND when there is no private key. An
 * unreadable or too openly readable one (as ssh refuses it), and one that tells its public
 * half in neither way, is an error with a remedy. */
int key_public(const char *path, char **ret, struct error **err) MUST_CHECK;
/* Whether a login with it can be tried now: it is there and needs no passphrase, or an SSH
 * agent runs, which may have it. */
int key_check_usable(const char *path, struct error **err) MUST_CHECK;
/* Makes an ed25519 key pair at `path` (0600) and `path`.pub unless it is there, and a missing
 * .pub from the private key: safe against another process doing so at the same time. */
int key_ensure(const char *path, const char *comment, struct error **err) MUST_CHECK;
/* A new ed25519 pair in memory: OpenSSH private key text and "ssh-ed25519 AAAA…". */
int key_generate(char **ret_private, char **ret_public, struct error **err) MUST_CHECK;
/* Removes the cluster's own key and its folder; a missing one is fine. */
int key_forget(const char *cluster, struct error **err) MUST_CHECK;

/* True when both are the same key, whatever comment follows its type and base64. */
bool key_is_same(const char *a, const char *b);
/* For libssh where it might ask for a passphrase on the terminal: gives none. */
int key_no_passphrase(const char *prompt, char *buffer, size_t length, int echo, int verify,
                      void *unused);

#endif
