/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <endian.h>
#include <string.h>

#include "provision/image/partitions.h"
#include "util/size.h"

/* ---- disks by hand ---- */

static unsigned char *disk;
static struct disk_reader reader;

static int read_disk(void *context, uint64_t offset, void *data, size_t length,
                     struct error **err)
{
    (void)context;
    (void)err;
    assert_true(offset <= reader.size && length <= reader.size - offset);
    memcpy(data, disk + offset, length);
    return 0;
}

static int open_disk(void **state)
{
    (void)state;
    disk = xcalloc(1, 4 * MIB);
    reader = (struct disk_reader){.size = 4 * MIB, .read = read_disk};
    return 0;
}

static int close_disk(void **state)
{
    (void)state;
    memory_cleanup_free(&disk);
    return 0;
}

static void put32(uint64_t offset, uint32_t value)
{
    value = htole32(value);
    memcpy(disk + offset, &value, sizeof value);
}

static void put64(uint64_t offset, uint64_t value)
{
    value = htole64(value);
    memcpy(disk + offset, &value, sizeof value);
}

/* An entry of the table in the sector `at`; start and size in sectors. */
static void put_mbr(uint64_t at, unsigned index, unsigned type, uint32_t start, uint32_t size)
{
    uint64_t offset = at * 512 + 446 + index * 16;

    disk[offset + 4] = (unsigned char)type;
    put32(offset + 8, start);
    put32(offset + 12, size);
    memcpy(disk + at * 512 + 510, "\x55\xaa", 2);
}

static uint32_t crc32_of(const unsigned char *data, size_t length)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < length; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

/* Header at sector `here` of 4 entries at sector `entries`, which are as they are. */
static void put_gpt(uint64_t sector, uint64_t here, uint64_t other, uint64_t entries)
{
    unsigned char *h = disk + here * sector;

    memcpy(h, "EFI PART", 8);
    put32(here * sector + 8, 0x10000);
    put32(here * sector + 12, 92);
    put64(here * sector + 24, here);
    put64(here * sector + 32, other);
    put64(here * sector + 40, 8);
    put64(here * sector + 48, reader.size / sector - 8);
    put64(here * sector + 72, entries);
    put32(here * sector + 80, 4);
    put32(here * sector + 84, 128);
    put32(here * sector + 88, crc32_of(disk + entries * sector, (size_t)512));
    put32(here * sector + 16, 0);
    put32(here * sector + 16, crc32_of(h, 92));
}

/* Linux' type, from and to in sectors. */
static void put_gpt_entry(uint64_t offset, uint64_t first, uint64_t last)
{
    static const unsigned char type[16] = {0xaf, 0x3d, 0xc6, 0x0f, 0x83, 0x84, 0x72, 0x47,
                                           0x8e, 0x79, 0x3d, 0x69, 0xd8, 0x47, 0x7d, 0xe4};

    memcpy(disk + offset, type, sizeof type);
    put64(offset + 32, first);
    put64(offset + 40, last);
}

/* Two partitions, with the copy at the end: numbers 1 and 3. */
static void make_gpt(uint64_t sector)
{
    uint64_t last = reader.size / sector - 1;

    put_mbr(0, 0, 0xee, 1, (uint32_t)last);
    put_gpt_entry(2 * sector, 8, 99);
    put_gpt_entry(2 * sector + 256, 100, 299);
    memcpy(disk + (last - 1) * sector, disk + 2 * sector, 512);
    put_gpt(sector, 1, last, 2);
    put_gpt(sector, last, 1, last - 1);
}

static void expect_partition(const struct partitions *p, size_t index, unsigned number,
                             uint64_t start, uint64_t size, const char *type)
{
    assert_true(index < p->count);
    assert_int_equal(p->items[index].number, number);
    assert_int_equal(p->items[index].start, start);
    assert_int_equal(p->items[index].size, size);
    assert_string_equal(p->items[index].type, type);
}

static void expect_table(struct partitions *p, enum partition_table table, size_t count)
{
    struct error *err = NULL;

    expect_ok(partitions_read(&reader, p, &err), &err);
    assert_int_equal(p->table, table);
    assert_int_equal(p->count, count);
}

static void expect_damaged(const char *message)
{
    struct partitions p;
    struct error *err = NULL;
    int result = partitions_read(&reader, &p, &err);

    if (err)
        assert_int_equal(err->kind, ERROR_CONFIG);
    expect_error(result, &err, message, NULL);
    assert_null(p.items);
}

/* ---- MBR ---- */

static void no_table(void **state)
{
    auto_partitions struct partitions p = {0};

    (void)state;
    expect_table(&p, PARTITION_TABLE_NONE, 0);
    assert_int_equal(partitions_end(&p), 0);
    assert_null(partitions_last(&p));
    /* no disk for a table */
    reader.size = 511;
    expect_table(&p, PARTITION_TABLE_NONE, 0);
    reader.size = 512;
    expect_table(&p, PARTITION_TABLE_NONE, 0);
    /* file systems all over it */
    memset(disk + 446, 1, 64);
    memcpy(disk + 510, "\x55\xaa", 2);
    expect_table(&p, PARTITION_TABLE_NONE, 0);
    memset(disk + 446, 0, 64);
    put_mbr(0, 0, 0x83, 8, 8);
    memcpy(disk + 82, "FAT32   ", 8);
    expect_table(&p, PARTITION_TABLE_NONE, 0);
}

static void mbr(void **state)
{
    auto_partitions struct partitions p = {0};

    (void)state;
    put_mbr(0, 0, 0x83, 8, 100);
    put_mbr(0, 2, 0x82, 200, 50);
    disk[446] = 0x80;
    expect_table(&p, PARTITION_TABLE_MBR, 2);
    expect_partition(&p, 0, 1, 8 * 512, 100 * 512, "83");
    expect_partition(&p, 1, 3, 200 * 512, 50 * 512, "82");
    assert_int_equal(partitions_end(&p), 250 * 512);
    assert_int_equal(partitions_last(&p)->number, 3);
    assert_string_equal(partition_table_name(p.table), "MBR");
}

static void logical(void **state)
{
    auto_partitions struct partitions p = {0};

    (void)state;
    put_mbr(0, 0, 0x83, 8, 100);
    put_mbr(0, 1, 0x0f, 1000, 2000);
    put_mbr(1000, 0, 0x83, 8, 100);
    put_mbr(1000, 1, 0x05, 500, 600);
    put_mbr(1500, 0, 0x83, 8, 1000);
    expect_table(&p, PARTITION_TABLE_MBR, 4);
    expect_partition(&p, 1, 2, 1000 * 512, 2000 * 512, "0f");
    assert_true(p.items[1].extended);
    expect_partition(&p, 2, 5, 1008 * 512, 100 * 512, "83");
    expect_partition(&p, 3, 6, 1508 * 512, 1000 * 512, "83");
    /* the extended one ends later, and holds nothing there */
    assert_int_equal(partitions_end(&p), 3000 * 512);
    assert_int_equal(partitions_last(&p)->number, 6);
}

static void damaged_mbr(void **state)
{
    (void)state;
    put_mbr(0, 0, 0x83, 8192, 100);
    expect_damaged("a damaged partition table: partition 1 starts at byte 4194304 of 4194304");
    put_mbr(0, 0, 0x05, 1000, 2000);
    put_mbr(1000, 1, 0x05, 7192, 2000);
    expect_damaged(
        "a damaged partition table: logical partition 6 lies behind the end of the disk");
    put_mbr(1000, 1, 0x05, 500, 600);
    expect_damaged("a damaged partition table: logical partition 6 has no table");
    /* round in a circle */
    put_mbr(1500, 1, 0x05, 500, 600);
    expect_damaged("a damaged partition table: more than 128 logical partitions");
}

/* ---- GPT ---- */

static void gpt(void **state)
{
    auto_partitions struct partitions p = {0};

    (void)state;
    make_gpt(512);
    expect_table(&p, PARTITION_TABLE_GPT, 2);
    assert_int_equal(p.gpt, GPT_WHOLE);
    expect_partition(&p, 0, 1, 8 * 512, 92 * 512, "0fc63daf-8483-4772-8e79-3d69d8477de4");
    expect_partition(&p, 1, 3, 100 * 512, 200 * 512, "0fc63daf-8483-4772-8e79-3d69d8477de4");
    assert_int_equal(p.tail, 1024);
    assert_int_equal(partitions_end(&p), 300 * 512 + 1024);
    assert_int_equal(partitions_last(&p)->number, 3);
}

static void gpt_of_large_sectors(void **state)
{
    auto_partitions struct partitions p = {0};

    (void)state;
    make_gpt(4096);
    expect_table(&p, PARTITION_TABLE_GPT, 2);
    expect_partition(&p, 1, 3, 100 * 4096, 200 * 4096, "0fc63daf-8483-4772-8e79-3d69d8477de4");
    assert_int_equal(p.tail, 8192);
}

static void half_a_gpt(void **state)
{
    auto_partitions struct partitions p = {0};

    (void)state;
    make_gpt(512);
    reader.size -= MIB; /* cut off */
    expect_table(&p, PARTITION_TABLE_GPT, 2);
    assert_int_equal(p.gpt, GPT_NO_BACKUP);
    partitions_done(&p);
    reader.size += MIB;
    disk[512 + 40]++;
    expect_table(&p, PARTITION_TABLE_GPT, 2);
    assert_int_equal(p.gpt, GPT_NO_PRIMARY);
    expect_partition(&p, 1, 3, 100 * 512, 200 * 512, "0fc63daf-8483-4772-8e79-3d69d8477de4");
    partitions_done(&p);
    /* nothing but the copy */
    memset(disk, 0, MIB);
    expect_table(&p, PARTITION_TABLE_GPT, 2);
    assert_int_equal(p.gpt, GPT_NO_PRIMARY);
}

static void damaged_gpt(void **state)
{
    (void)state;
    make_gpt(512);
    disk[1024 + 40]++;
    disk[4 * MIB - 512 + 60]++;
    expect_damaged(
        "a damaged partition table: neither the GPT at the start of the disk nor its "
        "copy at the end can be read");
    memset(disk, 0, 4 * MIB);
    put_gpt_entry(1024, 8, 9000);
    put_gpt(512, 1, 8191, 2);
    expect_damaged("a damaged partition table: partition 1 is from sector 8 to 9000, and the "
                   "disk has 8 to 8184 for them");
    put_gpt_entry(1024, 100, 99);
    put_gpt(512, 1, 8191, 2);
    expect_damaged("a damaged partition table: partition 1 is from sector 100 to 99, and the "
                   "disk has 8 to 8184 for them");
}

/* A reader that fails is not a damaged table. */
static int refuse(void *context, uint64_t offset, void *data, size_t length, struct error **err)
{
    (void)context;
    (void)data;
    (void)length;
    return error_set(err, ERROR_SYSTEM, "no byte %llu", (unsigned long long)offset);
}

static void unreadable(void **state)
{
    struct partitions p;
    struct error *err = NULL;

    (void)state;
    reader.read = refuse;
    expect_error(partitions_read(&reader, &p, &err), &err, "no byte 0", NULL);
}

#define DISK_TEST(test) cmocka_unit_test_setup_teardown(test, open_disk, close_disk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DISK_TEST(no_table),    DISK_TEST(mbr),         DISK_TEST(logical),
        DISK_TEST(damaged_mbr), DISK_TEST(gpt),         DISK_TEST(gpt_of_large_sectors),
        DISK_TEST(half_a_gpt),  DISK_TEST(damaged_gpt), DISK_TEST(unreadable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
