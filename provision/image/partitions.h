/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What partitions a disk has: MBR with logical ones in extended ones, GPT with its copy at the
 * end of the disk. The tables are a guest's, so nothing in them is believed: what does not fit
 * together is an error, and a hostile table costs a bounded time.
 */
#ifndef PROVISION_PARTITIONS_H
#define PROVISION_PARTITIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

/* A disk's bytes as its guest sees them. */
struct disk_reader {
    uint64_t size; /* of the disk */
    /* All of it, or an error. Only called for what lies within `size`. */
    int (*read)(void *context, uint64_t offset, void *data, size_t length, struct error **err);
    void *context;
};

enum partition_table { PARTITION_TABLE_NONE, PARTITION_TABLE_MBR, PARTITION_TABLE_GPT };

/* Which of the two tables of a GPT are good. */
enum gpt_state {
    GPT_WHOLE,
    GPT_NO_BACKUP,  /* the copy at the end is gone, damaged or elsewhere: a disk that grew */
    GPT_NO_PRIMARY, /* only the copy could be read */
};

struct partition {
    unsigned number;      /* as Linux counts: logical ones from 5 */
    uint64_t start, size; /* bytes */
    char type[37];        /* MBR: two hex digits, GPT: the type's UUID in lower case */
    bool extended;        /* holds logical partitions */
};

struct partitions {
    enum partition_table table;
    enum gpt_state gpt;
    uint64_t tail; /* bytes that the table's copy needs at the disk's end */
    struct partition *items;
    size_t count;
};

/* A disk without a table (a file system all over it, nothing yet) is fine:
 * PARTITION_TABLE_NONE. ERROR_CONFIG: a table that is damaged. */
int partitions_read(const struct disk_reader *disk, struct partitions *ret,
                    struct error **err) MUST_CHECK;
void partitions_done(struct partitions *p);
#define auto_partitions __attribute__((cleanup(partitions_done)))

/* "MBR", "GPT", "none". */
const char *partition_table_name(enum partition_table table);
/* The first byte behind all of them, with the copy of a GPT: what the disk cannot do without. 0
 * without partitions. */
uint64_t partitions_end(const struct partitions *p);
/* The one that ends last and holds data, or NULL: what grows when the disk has grown. */
const struct partition *partitions_last(const struct partitions *p);

#endif
