/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (libcrypto) and UUIDs of version 5 (RFC 9562), the source of every derived name. */
#ifndef UTIL_DIGEST_H
#define UTIL_DIGEST_H

#include <stdint.h>

#include "util/error.h"

#define SHA256_BYTES 32
#define SHA256_TEXT 65
#define UUID_BYTES 16
#define UUID_TEXT 37

void sha256(const void *data, size_t length, uint8_t out[SHA256_BYTES]);
/* Lower-case hex of the digest. */
const char *sha256_text(const void *data, size_t length, char out[SHA256_TEXT]);
/* Hex of a digest of a secret that takes long to make (PBKDF2), so that few guesses can be
 * tried by who sees it. `salt` keeps the same secret of others apart. */
const char *sha256_slow_text(const char *secret, const char *salt, char out[SHA256_TEXT]);
/* Reads the file once, in blocks; `progress` (may be NULL) is told the bytes done so far and
 * returns non-zero to stop (ERROR_CANCELLED). */
int sha256_file(const char *path, char out[SHA256_TEXT],
                int (*progress)(void *context, uint64_t done), void *context,
                struct error **err) MUST_CHECK;

/* The UUIDv5, in virtopo's own name space, of cluster, kind and name (joined with NUL bytes,
 * so that no two triples meet). */
void uuid_derive(const char *cluster, const char *kind, const char *name,
                 uint8_t out[UUID_BYTES]);
const char *uuid_format(const uint8_t uuid[UUID_BYTES], char out[UUID_TEXT]);

#endif
