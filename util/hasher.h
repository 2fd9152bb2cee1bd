/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and SHA-512 of what comes piece by piece. */
#ifndef UTIL_HASHER_H
#define UTIL_HASHER_H

#include <stddef.h>

#include "util/memory.h"

enum hash_kind { HASH_SHA256, HASH_SHA512 };

#define HASH_TEXT 129 /* the longest digest in hex */

struct hasher;

struct hasher *hasher_new(enum hash_kind kind);
void hasher_add(struct hasher *hasher, const void *data, size_t length);
/* Lower-case hex of all that was added; the hasher is as new then. */
const char *hasher_text(struct hasher *hasher, char out[HASH_TEXT]);
void hasher_free(struct hasher *hasher); /* NULL is fine */

/* "sha256", "sha512"; hex digits of its digests. */
const char *hash_name(enum hash_kind kind);
size_t hash_digits(enum hash_kind kind);

#endif
