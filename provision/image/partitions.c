/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/partitions.h"

#include <stdlib.h>
#include <string.h>

#include "provision/image/partitions_gpt.h"
#include "util/bytes.h"

#define SECTOR UINT64_C(512)
#define TABLE_OFFSET 446
#define ENTRY_BYTES 16
#define PRIMARY_COUNT 4
#define FIRST_LOGICAL 5
/* More than Linux takes; a chain that runs in a circle ends here. */
#define LOGICAL_LIMIT 128

struct mbr_entry {
    unsigned status, type;
    uint64_t start, size; /* bytes; start counts from what the table says */
};

static struct mbr_entry entry_at(const unsigned char *sector, size_t index)
{
    const unsigned char *at = sector + TABLE_OFFSET + index * ENTRY_BYTES;
    struct mbr_entry entry = {.status = at[0], .type = at[4]};

    entry.start = le32_at(at, 8) * SECTOR;
    entry.size = le32_at(at, 12) * SECTOR;
    return entry;
}

static bool is_extended(unsigned type)
{
    return type == 0x05 || type == 0x0f || type == 0x85;
}

/* The boot sector of a file system ends in the same mark, and has code where the table is. */
static bool has_table(const unsigned char *sector)
{
    if (sector[510] != 0x55 || sector[511] != 0xaa)
        return false;
    if (memcmp(sector + 54, "FAT", 3) == 0 || memcmp(sector + 82, "FAT32", 5) == 0 ||
        memcmp(sector + 3, "NTFS", 4) == 0 || memcmp(sector + 3, "EXFAT", 5) == 0)
        return false;
    for (size_t i = 0; i < PRIMARY_COUNT; i++) {
        if (entry_at(sector, i).status & 0x7f)
            return false;
    }
    return true;
}

static int add(const struct disk_reader *disk, struct partitions *p, unsigned number,
               uint64_t start, const struct mbr_entry *entry, struct error **err)
{
    struct partition made = {.number = number,
                             .start = start,
                             .size = entry->size,
                             .extended = is_extended(entry->type)};

    if (start == 0 || start >= disk->size)
        return error_set(err, ERROR_CONFIG,
                         "a damaged partition table: partition %u starts at byte %llu of %llu",
                         number, (unsigned long long)start, (unsigned long long)disk->size);
    snprintf(made.type, sizeof made.type, "%02x", entry->type);
    vector_push(p->items, p->count, made);
    return 0;
}

/* Each logical partition has a table of its own: itself, counted from there, and the next
 * table, counted from the extended partition. */
static int read_logical(const struct disk_reader *disk, uint64_t extended, struct partitions *p,
                        struct error **err)
{
    unsigned char sector[SECTOR];
    uint64_t at = extended;

    for (unsigned i = 0; i < LOGICAL_LIMIT; i++) {
        struct mbr_entry here, next;

        if (at + SECTOR > disk->size)
            return error_set(err, ERROR_CONFIG,
                             "a damaged partition table: logical partition %u lies behind the "
                             "end of the disk",
                             FIRST_LOGICAL + i);
        if (disk->read(disk->context, at, sector, sizeof sector, err) < 0)
            return -1;
        if (sector[510] != 0x55 || sector[511] != 0xaa)
            return i == 0 ? 0
                          : error_set(err, ERROR_CONFIG,
                                      "a damaged partition table: logical partition %u has no "
                                      "table",
                                      FIRST_LOGICAL + i);
        here = entry_at(sector, 0);
        next = entry_at(sector, 1);
        if (here.type && here.size &&
            add(disk, p, FIRST_LOGICAL + i, at + here.start, &here, err) < 0)
            return -1;
        if (!is_extended(next.type) || next.size == 0 || next.start == 0)
            return 0;
        at = extended + next.start;
    }
    return error_set(err, ERROR_CONFIG,
                     "a damaged partition table: more than %d logical partitions",
                     LOGICAL_LIMIT);
}

static int read_mbr(const struct disk_reader *disk, const unsigned char *sector,
                    struct partitions *p, struct error **err)
{
    for (unsigned i = 0; i < PRIMARY_COUNT; i++) {
        struct mbr_entry entry = entry_at(sector, i);

        if (entry.type == 0 || entry.size == 0)
            continue;
        if (add(disk, p, i + 1, entry.start, &entry, err) < 0)
            return -1;
        if (is_extended(entry.type) && read_logical(disk, entry.start, p, err) < 0)
            return -1;
    }
    p->table = PARTITION_TABLE_MBR;
    return 0;
}

/* A GPT is announced by an entry of type EE in an MBR, which tools and loaders may leave out or
 * fill with more: what has the GPT's own header counts as one. */
static int read_tables(const struct disk_reader *disk, struct partitions *p, struct error **err)
{
    unsigned char sector[SECTOR];
    bool mbr, announced = false;
    int found;

    if (disk->size < SECTOR)
        return 0;
    if (disk->read(disk->context, 0, sector, sizeof sector, err) < 0)
        return -1;
    mbr = has_table(sector);
    for (size_t i = 0; mbr && i < PRIMARY_COUNT; i++)
        announced = announced || entry_at(sector, i).type == 0xee;
    found = partitions_gpt_read(disk, announced, p, err);
    if (found != 0)
        return found < 0 ? -1 : 0;
    return mbr ? read_mbr(disk, sector, p, err) : 0;
}

int partitions_read(const struct disk_reader *disk, struct partitions *ret, struct error **err)
{
    *ret = (struct partitions){0};
    if (read_tables(disk, ret, err) == 0)
        return 0;
    partitions_done(ret);
    return -1;
}

void partitions_done(struct partitions *p)
{
    free(p->items);
    *p = (struct partitions){0};
}

const char *partition_table_name(enum partition_table table)
{
    static const char *const names[] = {"none", "MBR", "GPT"};

    return names[table];
}

uint64_t partitions_end(const struct partitions *p)
{
    uint64_t end = 0;

    for (size_t i = 0; i < p->count; i++) {
        if (p->items[i].start + p->items[i].size > end)
            end = p->items[i].start + p->items[i].size;
    }
    return end ? end + p->tail : 0;
}

const struct partition *partitions_last(const struct partitions *p)
{
    const struct partition *last = NULL;

    for (size_t i = 0; i < p->count; i++) {
        const struct partition *here = &p->items[i];

        if (!here->extended && (!last || here->start + here->size > last->start + last->size))
            last = here;
    }
    return last;
}
