/* SPDX-License-Identifier: Apache-2.0 */
#include "util/hasher.h"

#include <stdlib.h>

#include <openssl/evp.h>

struct hasher {
    enum hash_kind kind;
    EVP_MD_CTX *context;
};

/* Only a libcrypto without memory or without the algorithm fails here. */
static void begin(struct hasher *hasher)
{
    const EVP_MD *type = hasher->kind == HASH_SHA512 ? EVP_sha512() : EVP_sha256();

    if (!hasher->context || EVP_DigestInit_ex(hasher->context, type, NULL) != 1)
        abort();
}

struct hasher *hasher_new(enum hash_kind kind)
{
    struct hasher *hasher = xcalloc(1, sizeof *hasher);

    hasher->kind = kind;
    hasher->context = EVP_MD_CTX_new();
    begin(hasher);
    return hasher;
}

void hasher_add(struct hasher *hasher, const void *data, size_t length)
{
    if (EVP_DigestUpdate(hasher->context, data, length) != 1)
        abort();
}

const char *hasher_text(struct hasher *hasher, char out[HASH_TEXT])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned count = 0;

    if (EVP_DigestFinal_ex(hasher->context, bytes, &count) != 1)
        abort();
    for (unsigned i = 0; i < count; i++)
        snprintf(out + (size_t)i * 2, 3, "%02x", bytes[i]);
    begin(hasher);
    return out;
}

void hasher_free(struct hasher *hasher)
{
    if (!hasher)
        return;
    EVP_MD_CTX_free(hasher->context);
    free(hasher);
}

const char *hash_name(enum hash_kind kind)
{
    return kind == HASH_SHA512 ? "sha512" : "sha256";
}

size_t hash_digits(enum hash_kind kind)
{
    return kind == HASH_SHA512 ? 128 : 64;
}
