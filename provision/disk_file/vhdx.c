/* SPDX-License-Identifier: Apache-2.0 */
/* Hyper-V's images, by [MS-VHDX]; little endian. */
#include <string.h>

#include "provision/disk_file/foreign.h"
#include "util/bytes.h"
#include "util/size.h"

#define HEADER_1 (64 * KIB)
#define HEADER_2 (128 * KIB)
#define REGIONS_1 (192 * KIB)
#define REGIONS_2 (256 * KIB)
#define TABLE_BYTES (64 * KIB)
#define ENTRY_BYTES 32
#define REGIONS_LIMIT 2047
#define HAS_PARENT 2u

#define BLOCK_STATE 7u
#define BLOCK_PRESENT 6u
#define BLOCK_PLACE UINT64_C(0xfffffffffff00000)

#define GUID_BYTES 16
static const unsigned char guid_map[] = "\x66\x77\xc2\x2d\x23\xf6\x00\x42"
                                        "\x9d\x64\x11\x5e\x9b\xfd\x4a\x08";
static const unsigned char guid_metadata[] = "\x06\xa2\x7c\x8b\x90\x47\x9a\x4b"
                                             "\xb8\xfe\x57\x5f\x05\x0f\x88\x6e";
static const unsigned char guid_parameters[] = "\x37\x67\xa1\xca\x36\xfa\x43\x4d"
                                               "\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b";
static const unsigned char guid_size[] = "\x24\x42\xa5\x2f\x1b\xcd\x76\x48"
                                         "\xb2\x11\x5d\xbe\xd8\x3b\xf4\xb8";
static const unsigned char guid_parent[] = "\x2d\x5f\xd3\xa8\x0b\xb3\x4d\x45"
                                           "\xab\xf7\xd3\xd8\x48\x34\xab\x0c";

static bool recognise(const struct foreign *f)
{
    return memcmp(f->header, "vhdxfile", 8) == 0;
}

/* Of the two headers, the one written last counts. What its log has is not in the tables yet.
 */
static int check_log(const struct foreign *f, struct error **err)
{
    static const unsigned char none[GUID_BYTES];
    unsigned char headers[2][80], *last;
    bool there[2];

    for (size_t i = 0; i < 2; i++) {
        if (foreign_read(f, i ? HEADER_2 : HEADER_1, headers[i], sizeof headers[i], err) < 0)
            return -1;
        there[i] = memcmp(headers[i], "head", 4) == 0;
    }
    if (!there[0] && !there[1])
        return foreign_damaged(f, "it has no header", err);
    last = headers[!there[0] || (there[1] && le64_at(headers[1], 8) > le64_at(headers[0], 8))];
    if (memcmp(last + 48, none, sizeof none) != 0)
        return foreign_refused(f,
                               "was not closed: what was written last is in its log, not in "
                               "its place",
                               "open it once with the program that wrote it", err);
    return 0;
}

struct place {
    uint64_t offset, length;
};

static int find_regions(const struct foreign *f, struct place *map, struct place *metadata,
                        struct error **err)
{
    static const uint64_t copies[] = {REGIONS_1, REGIONS_2};
    auto_free unsigned char *table = xmalloc(TABLE_BYTES);
    uint32_t count = 0;

    for (size_t i = 0; i < ARRAY_SIZE(copies); i++) {
        if (foreign_read(f, copies[i], table, TABLE_BYTES, err) < 0)
            return -1;
        if (memcmp(table, "regi", 4) == 0)
            break;
    }
    count = memcmp(table, "regi", 4) == 0 ? le32_at(table, 8) : 0;
    for (uint32_t i = 0; i < count && i < REGIONS_LIMIT; i++) {
        const unsigned char *entry = table + 16 + (size_t)i * ENTRY_BYTES;
        struct place place = {le64_at(entry, 16), le32_at(entry, 24)};

        if (memcmp(entry, guid_map, GUID_BYTES) == 0)
            *map = place;
        else if (memcmp(entry, guid_metadata, GUID_BYTES) == 0)
            *metadata = place;
    }
    return map->offset && metadata->offset ? 0 : foreign_damaged(f, "it has no tables", err);
}

static int read_item(const struct foreign *f, const struct place *metadata,
                     const unsigned char *entry, void *data, size_t length, struct error **err)
{
    return foreign_read(f, metadata->offset + le32_at(entry, 16), data, length, err);
}

static int read_metadata(const struct foreign *f, const struct place *metadata,
                         uint64_t *ret_capacity, uint64_t *ret_block, struct error **err)
{
    auto_free unsigned char *table = xmalloc(TABLE_BYTES);
    unsigned char value[8] = {0};
    bool parent = false;

    if (metadata->offset > f->bytes)
        return foreign_cut_off(f, metadata->offset, err);
    if (foreign_read(f, metadata->offset, table, TABLE_BYTES, err) < 0)
        return -1;
    if (memcmp(table, "metadata", 8) != 0)
        return foreign_damaged(f, "its metadata is not where it should be", err);
    for (uint16_t i = 0; i < le16_at(table, 10) && i < REGIONS_LIMIT; i++) {
        const unsigned char *entry = table + 32 + (size_t)i * ENTRY_BYTES;

        if (memcmp(entry, guid_parent, GUID_BYTES) == 0)
            parent = true;
        if (memcmp(entry, guid_parameters, GUID_BYTES) == 0) {
            if (read_item(f, metadata, entry, value, 8, err) < 0)
                return -1;
            *ret_block = le32_at(value, 0);
            parent = parent || (le32_at(value, 4) & HAS_PARENT);
        }
        if (memcmp(entry, guid_size, GUID_BYTES) == 0) {
            if (read_item(f, metadata, entry, value, 8, err) < 0)
                return -1;
            *ret_capacity = le64_at(value, 0);
        }
    }
    return parent
               ? foreign_refused(f,
                                 "is the difference to another one, so it is not a whole disk",
                                 "make a whole one of it: Convert-VHD", err)
               : foreign_capacity(f, *ret_capacity, err);
}

/* Its last byte: blocks are whole. */
static uint64_t block_place(const void *context, const unsigned char *entry)
{
    const uint64_t *block = context;
    uint64_t value = le64_at(entry, 0), place = value & BLOCK_PLACE;

    if ((value & BLOCK_STATE) != BLOCK_PRESENT)
        return 0;
    return place > UINT64_MAX - *block ? place : place + *block - 1;
}

static int inspect(const struct foreign *f, uint64_t *ret_capacity, struct error **err)
{
    struct place map = {0}, metadata = {0};
    uint64_t block = 0;

    *ret_capacity = 0;
    if (check_log(f, err) < 0 || find_regions(f, &map, &metadata, err) < 0 ||
        read_metadata(f, &metadata, ret_capacity, &block, err) < 0)
        return -1;
    if (block == 0)
        return foreign_damaged(f, "its blocks have no size", err);
    return foreign_table(f, map.offset, map.length / sizeof(uint64_t), sizeof(uint64_t),
                         block_place, &block, err);
}

const struct foreign_format foreign_vhdx = {
    .word = "vhdx",
    .qemu = "vhdx",
    .kind = "VHDX",
    .recognise = recognise,
    .inspect = inspect,
};
