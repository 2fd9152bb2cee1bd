/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/partitions_gpt.h"

#include <stdlib.h>
#include <string.h>

#include "util/bytes.h"
#include "util/size.h"

#define HEADER_BYTES 92
#define SIGNATURE "EFI PART"
#define ENTRY_BYTES 128
#define ENTRIES_LIMIT MIB
/* Far from the end of 64 bits, so that no sum of sectors' bytes leaves them. */
#define SECTOR_LIMIT (UINT64_C(1) << 48)

struct gpt {
    uint64_t sector; /* its size: 512, or 4096 on disks that have no smaller ones */
    uint64_t here, other;
    uint64_t first_usable, last_usable;
    uint64_t entries;
    uint32_t count, entry_size, entries_crc;
};

static uint32_t crc32_of(const unsigned char *data, size_t length)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < length; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

static bool header_is_good(unsigned char *h, uint64_t place, uint64_t sectors, struct gpt *g)
{
    uint32_t crc = le32_at(h, 16);

    if (memcmp(h, SIGNATURE, 8) != 0 || le32_at(h, 12) != HEADER_BYTES)
        return false;
    memset(h + 16, 0, 4);
    if (crc32_of(h, HEADER_BYTES) != crc)
        return false;
    g->here = le64_at(h, 24);
    g->other = le64_at(h, 32);
    g->first_usable = le64_at(h, 40);
    g->last_usable = le64_at(h, 48);
    g->entries = le64_at(h, 72);
    g->count = le32_at(h, 80);
    g->entry_size = le32_at(h, 84);
    g->entries_crc = le32_at(h, 88);
    return g->here == place && g->other < SECTOR_LIMIT && g->last_usable < SECTOR_LIMIT &&
           g->entries < sectors && g->entry_size >= ENTRY_BYTES && g->entry_size % 8 == 0 &&
           g->count > 0 && g->count <= ENTRIES_LIMIT / g->entry_size &&
           g->entries * g->sector + (uint64_t)g->count * g->entry_size <= sectors * g->sector;
}

/* 1: a good header and good entries, which the caller frees; 0: none. */
static int read_one(const struct disk_reader *disk, uint64_t place, struct gpt *g,
                    unsigned char **ret_entries, struct error **err)
{
    unsigned char header[HEADER_BYTES];
    uint64_t sectors = disk->size / g->sector;
    auto_free unsigned char *entries = NULL;
    size_t length;

    if (place >= sectors)
        return 0;
    if (disk->read(disk->context, place * g->sector, header, sizeof header, err) < 0)
        return -1;
    if (!header_is_good(header, place, sectors, g))
        return 0;
    length = (size_t)g->count * g->entry_size;
    entries = xmalloc(length);
    if (disk->read(disk->context, g->entries * g->sector, entries, length, err) < 0)
        return -1;
    if (crc32_of(entries, length) != g->entries_crc)
        return 0;
    *ret_entries = TAKE(entries);
    return 1;
}

/* The first three groups of a GUID are little endian. */
static void format_guid(const unsigned char *guid, char out[37])
{
    snprintf(out, 37, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", le32_at(guid, 0),
             guid[4] | guid[5] << 8, guid[6] | guid[7] << 8, guid[8], guid[9], guid[10],
             guid[11], guid[12], guid[13], guid[14], guid[15]);
}

static int add_entries(const struct gpt *g, const unsigned char *entries, struct partitions *p,
                       struct error **err)
{
    static const unsigned char unused[16];

    for (uint32_t i = 0; i < g->count; i++) {
        const unsigned char *entry = entries + (size_t)i * g->entry_size;
        uint64_t first = le64_at(entry, 32), last = le64_at(entry, 40);
        struct partition made = {.number = i + 1};

        if (memcmp(entry, unused, sizeof unused) == 0)
            continue;
        if (first < g->first_usable || last > g->last_usable || first > last)
            return error_set(err, ERROR_CONFIG,
                             "a damaged partition table: partition %u is from sector %llu to "
                             "%llu, and the disk has %llu to %llu for them",
                             i + 1, (unsigned long long)first, (unsigned long long)last,
                             (unsigned long long)g->first_usable,
                             (unsigned long long)g->last_usable);
        made.start = first * g->sector;
        made.size = (last - first + 1) * g->sector;
        format_guid(entry, made.type);
        vector_push(p->items, p->count, made);
    }
    p->table = PARTITION_TABLE_GPT;
    /* the copy's entries, in whole sectors, and its header */
    p->tail = ((uint64_t)g->count * g->entry_size + g->sector - 1) / g->sector * g->sector +
              g->sector;
    return 1;
}

/* By one size of sectors. Of a disk that grew, the copy is where the end was: the first header
 * says where. One that was cut off has it nowhere. */
static int read_by(const struct disk_reader *disk, uint64_t sector, struct partitions *p,
                   struct error **err)
{
    auto_free unsigned char *first = NULL, *copy = NULL;
    struct gpt primary = {.sector = sector}, backup = {.sector = sector};
    uint64_t last = disk->size / sector;
    int has_primary, has_backup;

    if (last < 3)
        return 0;
    has_primary = read_one(disk, 1, &primary, &first, err);
    if (has_primary < 0)
        return -1;
    has_backup = read_one(disk, last - 1, &backup, &copy, err);
    if (has_backup < 0)
        return -1;
    if (has_primary)
        p->gpt = has_backup ? GPT_WHOLE : GPT_NO_BACKUP;
    else
        p->gpt = GPT_NO_PRIMARY;
    if (!has_primary && !has_backup)
        return 0;
    return has_primary ? add_entries(&primary, first, p, err)
                       : add_entries(&backup, copy, p, err);
}

int partitions_gpt_read(const struct disk_reader *disk, bool announced, struct partitions *p,
                        struct error **err)
{
    int found = read_by(disk, 512, p, err);

    if (found == 0)
        found = read_by(disk, 4096, p, err);
    if (found != 0 || !announced)
        return found;
    return error_set(err, ERROR_CONFIG,
                     "a damaged partition table: neither the GPT at the start of the disk nor "
                     "its copy at the end can be read");
}
