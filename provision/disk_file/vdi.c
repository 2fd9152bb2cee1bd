/* SPDX-License-Identifier: Apache-2.0 */
/* VirtualBox's images, as qemu's block/vdi.c knows them; little endian. */
#include <string.h>

#include "provision/disk_file/foreign.h"
#include "util/bytes.h"
#include "util/size.h"

#define SIGNATURE 0xbeda107f
#define BLOCK MIB
#define TYPE_DYNAMIC 1
#define TYPE_FIXED 2
/* Entries from here on say that the block is not there. */
#define BLOCK_NONE 0xfffffffe

static bool recognise(const struct foreign *f)
{
    return le32_at(f->header, 64) == SIGNATURE;
}

/* Its last byte: blocks are whole. */
static uint64_t block_place(const void *context, const unsigned char *entry)
{
    const uint64_t *data = context;
    uint32_t block = le32_at(entry, 0);

    return block >= BLOCK_NONE ? 0 : *data + (block + 1) * BLOCK - 1;
}

static int check_kind(const struct foreign *f, struct error **err)
{
    static const unsigned char none[32];
    uint32_t type = le32_at(f->header, 76);

    /* two UUIDs: the image it is a difference to, and that image's state */
    if ((type != TYPE_DYNAMIC && type != TYPE_FIXED) ||
        memcmp(f->header + 424, none, sizeof none) != 0)
        return foreign_refused(f, "is the difference to another one, so it is not a whole disk",
                               "make a whole one of it: VBoxManage clonemedium", err);
    if (le32_at(f->header, 68) != 0x00010001)
        return foreign_refused(f, "is of an unknown version", NULL, err);
    return 0;
}

static int inspect(const struct foreign *f, uint64_t *ret_capacity, struct error **err)
{
    uint64_t map = le32_at(f->header, 340), data = le32_at(f->header, 344);
    uint64_t capacity = le64_at(f->header, 368), blocks = le32_at(f->header, 384);

    if (f->bytes < 512)
        return foreign_damaged(f, "its header is cut off", err);
    if (check_kind(f, err) < 0 || foreign_capacity(f, capacity, err) < 0)
        return -1;
    if (le32_at(f->header, 360) != 512 || le32_at(f->header, 376) != BLOCK)
        return foreign_refused(f, "has blocks of an unknown size", NULL, err);
    if (map % 512 || data % 512 || map < 512 || data < map ||
        (capacity + BLOCK - 1) / BLOCK > blocks)
        return foreign_damaged(f, "its header does not fit its size", err);
    *ret_capacity = (capacity + 511) / 512 * 512;
    return foreign_table(f, map, blocks, sizeof(uint32_t), block_place, &data, err);
}

const struct foreign_format foreign_vdi = {
    .word = "vdi",
    .qemu = "vdi",
    .kind = "VDI",
    .recognise = recognise,
    .inspect = inspect,
};
