/* SPDX-License-Identifier: Apache-2.0 */
/* Virtual PC's and Hyper-V's older images, as qemu's block/vpc.c knows them; big endian. The
 * footer at the end describes the disk; one that grows has a copy of it at the start. */
#include <string.h>
#include <unistd.h>

#include "provision/disk_file/foreign.h"
#include "util/bytes.h"

#define FOOTER 512
#define TYPE_FIXED 2
#define TYPE_DYNAMIC 3
#define TYPE_DIFFERENCE 4
#define BLOCK_NONE 0xffffffff

/* The sum of the other bytes, inverted. */
static bool footer_is_whole(const unsigned char *footer)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < FOOTER; i++)
        sum += i >= 64 && i < 68 ? 0 : footer[i];
    return be32_at(footer, 64) == ~sum;
}

/* The one at the end of the file. */
static bool read_footer(const struct foreign *f, unsigned char footer[FOOTER])
{
    return f->bytes > FOOTER &&
           pread(f->fd, footer, FOOTER, (off_t)(f->bytes - FOOTER)) == FOOTER &&
           memcmp(footer, "conectix", 8) == 0 && footer_is_whole(footer);
}

/* One of fixed size is the bytes of the disk, and a footer that must fit them to the byte:
 * a disk may end in anything. */
static bool is_fixed(const struct foreign *f)
{
    unsigned char footer[FOOTER];

    return read_footer(f, footer) && be32_at(footer, 60) == TYPE_FIXED &&
           be64_at(footer, 48) == f->bytes - FOOTER;
}

static bool recognise(const struct foreign *f)
{
    return memcmp(f->header, "conectix", 8) == 0 || is_fixed(f);
}

/* Its last byte: blocks are whole, behind a map of their sectors. */
static uint64_t block_place(const void *context, const unsigned char *entry)
{
    const uint64_t *length = context;
    uint32_t sector = be32_at(entry, 0);

    return sector == BLOCK_NONE ? 0 : (uint64_t)sector * 512 + *length - 1;
}

static int inspect_dynamic(const struct foreign *f, uint64_t capacity, struct error **err)
{
    unsigned char header[64], footer[FOOTER];
    uint64_t blocks, block;

    if (!read_footer(f, footer))
        return foreign_damaged(f, "its end is missing", err);
    if (foreign_read(f, be64_at(f->header, 16), header, sizeof header, err) < 0)
        return -1;
    blocks = be32_at(header, 28);
    block = be32_at(header, 32);
    if (memcmp(header, "cxsparse", 8) != 0 || block < 512 || (block & (block - 1)) ||
        (capacity + block - 1) / block > blocks)
        return foreign_damaged(f, "its header does not fit its size", err);
    block += (block / 512 / 8 + 511) / 512 * 512;
    return foreign_table(f, be64_at(header, 16), blocks, sizeof(uint32_t), block_place, &block,
                         err);
}

static int inspect(const struct foreign *f, uint64_t *ret_capacity, struct error **err)
{
    if (memcmp(f->header, "conectix", 8) != 0) {
        *ret_capacity = f->bytes - FOOTER;
        return foreign_capacity(f, *ret_capacity, err);
    }
    if (f->bytes < FOOTER)
        return foreign_damaged(f, "its header is cut off", err);
    if (!footer_is_whole(f->header))
        return foreign_damaged(f, "its header's checksum is wrong", err);
    if (be32_at(f->header, 60) == TYPE_DIFFERENCE)
        return foreign_refused(f, "is the difference to another one, so it is not a whole disk",
                               "make a whole one of it: Convert-VHD", err);
    if (be32_at(f->header, 60) != TYPE_DYNAMIC)
        return foreign_refused(f, "is of an unknown type", NULL, err);
    *ret_capacity = be64_at(f->header, 48);
    if (foreign_capacity(f, *ret_capacity, err) < 0)
        return -1;
    return inspect_dynamic(f, *ret_capacity, err);
}

const struct foreign_format foreign_vhd = {
    .word = "vhd",
    .qemu = "vpc",
    .kind = "VHD",
    .recognise = recognise,
    .inspect = inspect,
};
