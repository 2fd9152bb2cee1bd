/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in foreign data, of either byte order and at any alignment. */
#ifndef UTIL_BYTES_H
#define UTIL_BYTES_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t le16_at(const void *data, size_t offset)
{
    uint16_t value;

    memcpy(&value, (const char *)data + offset, sizeof value);
    return le16toh(value);
}

static inline uint32_t le32_at(const void *data, size_t offset)
{
    uint32_t value;

    memcpy(&value, (const char *)data + offset, sizeof value);
    return le32toh(value);
}

static inline uint64_t le64_at(const void *data, size_t offset)
{
    uint64_t value;

    memcpy(&value, (const char *)data + offset, sizeof value);
    return le64toh(value);
}

static inline uint32_t be32_at(const void *data, size_t offset)
{
    uint32_t value;

    memcpy(&value, (const char *)data + offset, sizeof value);
    return be32toh(value);
}

static inline uint64_t be64_at(const void *data, size_t offset)
{
    uint64_t value;

    memcpy(&value, (const char *)data + offset, sizeof value);
    return be64toh(value);
}

#endif
