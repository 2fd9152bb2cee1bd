/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of digests as publishers put them beside their images: SHA256SUMS and SHA512SUMS as
 * sha256sum writes them, CHECKSUM in BSD's style, also within a signed text. */
#ifndef PROVISION_CHECKSUMS_H
#define PROVISION_CHECKSUMS_H

#include <stdbool.h>

#include "util/error.h"
#include "util/hasher.h"

struct checksum {
    enum hash_kind kind;
    char hex[HASH_TEXT]; /* lower case; "" is none */
};

/* True for a digest of its kind in hex, of either case. */
bool checksum_parse(const char *hex, enum hash_kind kind, struct checksum *ret);
bool checksum_equal(const struct checksum *a, const struct checksum *b);

/* The digest of the file `name`, the stronger where the list has two. Refuses a list without
 * it, with two answers, or with MD5 and SHA-1 alone. `list` is what messages call it. */
int checksums_find(const char *text, size_t length, const char *list, const char *name,
                   struct checksum *ret, struct error **err) MUST_CHECK;

#endif
