/* SPDX-License-Identifier: Apache-2.0 */
#include "util/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "util/buffer.h"

#define BLOCK (1024 * 1024)
#define SLOW_ROUNDS 100000 /* about 30 ms */

/* 1d9c729c-1726-4d24-ac66-b1cfc003240c. Every identity that virtopo ever derived hangs on
 * it: it never changes. */
static const uint8_t name_space[UUID_BYTES] = {0x1d, 0x9c, 0x72, 0x9c, 0x17, 0x26, 0x4d, 0x24,
                                               0xac, 0x66, 0xb1, 0xcf, 0xc0, 0x03, 0x24, 0x0c};

static void cleanup_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void digest(const EVP_MD *type, const void *data, size_t length, uint8_t *out)
{
    /* Only a libcrypto without memory or without the algorithm gets here. */
    if (EVP_Digest(data, length, out, NULL, type, NULL) != 1)
        abort();
}

static void to_hex(const uint8_t *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        snprintf(out + i * 2, 3, "%02x", bytes[i]);
}

void sha256(const void *data, size_t length, uint8_t out[SHA256_BYTES])
{
    digest(EVP_sha256(), data, length, out);
}

const char *sha256_text(const void *data, size_t length, char out[SHA256_TEXT])
{
    uint8_t bytes[SHA256_BYTES];

    sha256(data, length, bytes);
    to_hex(bytes, sizeof bytes, out);
    return out;
}

const char *sha256_slow_text(const char *secret, const char *salt, char out[SHA256_TEXT])
{
    uint8_t bytes[SHA256_BYTES];

    if (PKCS5_PBKDF2_HMAC(secret, (int)strlen(secret), (const unsigned char *)salt,
                          (int)strlen(salt), SLOW_ROUNDS, EVP_sha256(), sizeof bytes,
                          bytes) != 1)
        abort();
    to_hex(bytes, sizeof bytes, out);
    return out;
}

int sha256_file(const char *path, char out[SHA256_TEXT],
                int (*progress)(void *context, uint64_t done), void *context,
                struct error **err)
{
    __attribute__((cleanup(cleanup_context))) EVP_MD_CTX *hash = EVP_MD_CTX_new();
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
    auto_free char *block = xmalloc(BLOCK);
    uint8_t bytes[SHA256_BYTES];
    uint64_t done = 0;
    ssize_t n;

    if (fd < 0)
        return error_errno(err, errno, "cannot open '%s'", path);
    if (!hash || EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1)
        abort();
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    while ((n = read(fd, block, BLOCK)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, errno, "cannot read '%s'", path);
        if (EVP_DigestUpdate(hash, block, (size_t)n) != 1)
            abort();
        done += (uint64_t)n;
        if (progress && progress(context, done))
            return error_set(err, ERROR_CANCELLED, "reading '%s' was cancelled", path);
    }
    if (EVP_DigestFinal_ex(hash, bytes, NULL) != 1)
        abort();
    to_hex(bytes, sizeof bytes, out);
    return 0;
}

void uuid_derive(const char *cluster, const char *kind, const char *name,
                 uint8_t out[UUID_BYTES])
{
    auto_buffer struct buffer b = {0};
    uint8_t hash[EVP_MAX_MD_SIZE];

    buffer_append(&b, name_space, sizeof name_space);
    buffer_append(&b, cluster, strlen(cluster) + 1);
    buffer_append(&b, kind, strlen(kind) + 1);
    buffer_puts(&b, name);
    digest(EVP_sha1(), b.data, b.length, hash);
    memcpy(out, hash, UUID_BYTES);
    out[6] = (uint8_t)((out[6] & 0x0f) | 0x50);
    out[8] = (uint8_t)((out[8] & 0x3f) | 0x80);
}

const char *uuid_format(const uint8_t uuid[UUID_BYTES], char out[UUID_TEXT])
{
    char hex[UUID_BYTES * 2 + 1];

    to_hex(uuid, UUID_BYTES, hex);
    snprintf(out, UUID_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return out;
}
