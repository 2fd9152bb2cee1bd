/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VMware's images, as qemu's block/vmdk.c knows them; little endian. Only the kind that is one
 * file: a sparse extent with its descriptor inside (also of OVA's compressed kind).
 *
 * qemu opens what a descriptor names: extents, when the header says no size, and a parent, by a
 * word found anywhere in the 20 sectors behind the header. Both are refused here.
 */
#include <stdlib.h>
#include <string.h>

#include "provision/disk_file/foreign.h"
#include "util/bytes.h"
#include "util/size.h"

#define SECTOR UINT64_C(512)
#define SECTORS_LIMIT (UINT64_C(1) << 54)
/* Where qemu looks for a parent. */
#define PARENT_PLACE SECTOR
#define PARENT_BYTES (20 * SECTOR)
#define DESCRIPTOR_LIMIT MIB
#define DIRECTORY_LIMIT (64 * MIB)
#define AT_END UINT64_MAX
#define FOOTER_FROM_END 1536
#define FOOTER_HEADER 512
#define HEADER_BYTES 79
/* An entry that says "zeros". */
#define GRAIN_ZERO 1

struct extent {
    uint64_t capacity, grain, descriptor, descriptor_size, directory; /* sectors */
    uint32_t entries;                                                 /* of a table of grains */
};

static bool recognise(const struct foreign *f)
{
    return memcmp(f->header, "KDMV", 4) == 0 || memcmp(f->header, "COWD", 4) == 0 ||
           memcmp(f->header, "# Disk Descriptor", 17) == 0;
}

static struct extent extent_at(const unsigned char *h)
{
    return (struct extent){
        .capacity = le64_at(h, 12),
        .grain = le64_at(h, 20),
        .descriptor = le64_at(h, 28),
        .descriptor_size = le64_at(h, 36),
        .entries = le32_at(h, 44),
        .directory = le64_at(h, 56),
    };
}

static int is_in_parts(const struct foreign *f, struct error **err)
{
    return foreign_refused(
        f, "is made of several files, which it names",
        "make one file of them: vmware-vdiskmanager -r IN.vmdk -t 0 OUT.vmdk", err);
}

static int is_part(const struct foreign *f, struct error **err)
{
    return foreign_refused(f, "is one part of a disk in several files",
                           "make one file of all: vmware-vdiskmanager -r IN.vmdk -t 0 "
                           "OUT.vmdk, where IN.vmdk is the small file that names the parts",
                           err);
}

/* A compressed image is written in one go, and its header again at its end: that one counts. */
static int read_extent(const struct foreign *f, struct extent *e, struct error **err)
{
    unsigned char footer[FOOTER_FROM_END];

    *e = extent_at(f->header);
    if (e->capacity == 0)
        return is_in_parts(f, err);
    if (e->directory != AT_END)
        return 0;
    if (f->bytes % SECTOR || f->bytes < 2 * FOOTER_FROM_END)
        return foreign_damaged(f, "the file is cut off", err);
    if (foreign_read(f, f->bytes - sizeof footer, footer, sizeof footer, err) < 0)
        return -1;
    if (le32_at(footer, 12) != 3 || memcmp(footer + FOOTER_HEADER, "KDMV", 4) != 0)
        return foreign_damaged(f, "the file is cut off", err);
    *e = extent_at(footer + FOOTER_HEADER);
    return e->capacity == 0 || e->directory == AT_END
               ? foreign_damaged(f, "its two headers do not fit", err)
               : 0;
}

static int refuse_parent(const struct foreign *f, struct error **err)
{
    return foreign_refused(
        f, "is the difference to another one, so it is not a whole disk",
        "make a whole one of it: vmware-vdiskmanager -r IN.vmdk -t 0 OUT.vmdk", err);
}

static int check_parent(const struct foreign *f, struct error **err)
{
    static const char word[] = "parentFileNameHint";
    unsigned char text[PARENT_BYTES];
    uint64_t length = f->bytes > PARENT_PLACE ? f->bytes - PARENT_PLACE : 0;

    length = length < PARENT_BYTES ? length : PARENT_BYTES;
    if (length && foreign_read(f, PARENT_PLACE, text, (size_t)length, err) < 0)
        return -1;
    return memmem(text, (size_t)length, word, sizeof word - 1) ? refuse_parent(f, err) : 0;
}

/* A line "NAME=VALUE" of the descriptor, with or without blanks and quotes; the caller frees
 * it. */
static char *descriptor_value(const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = text; line; line = strchr(line, '\n')) {
        const char *at = line + strspn(line, "\n\r\t ");

        line = at;
        if (strncasecmp(at, name, length) != 0)
            continue;
        at += length;
        at += strspn(at, "\t ");
        if (*at != '=')
            continue;
        at++;
        at += strspn(at, "\t \"");
        return xstrndup(at, strcspn(at, "\t\r\n \""));
    }
    return NULL;
}

static int check_descriptor(const struct foreign *f, const struct extent *e, struct error **err)
{
    uint64_t length = e->descriptor_size * SECTOR;
    auto_free char *text = NULL, *type = NULL, *parent = NULL;

    if (e->descriptor == 0)
        return is_part(f, err);
    if (e->descriptor > SECTORS_LIMIT || e->descriptor_size > DESCRIPTOR_LIMIT / SECTOR)
        return foreign_damaged(f, "its descriptor is too large", err);
    text = xcalloc(1, (size_t)length + 1);
    if (length && foreign_read(f, e->descriptor * SECTOR, text, (size_t)length, err) < 0)
        return -1;
    if (!*text)
        return is_part(f, err);
    type = descriptor_value(text, "createType");
    parent = descriptor_value(text, "parentCID");
    if (type && strcmp(type, "monolithicSparse") != 0 && strcmp(type, "streamOptimized") != 0)
        return is_in_parts(f, err);
    if (!type)
        return foreign_damaged(f, "its descriptor says no createType", err);
    if ((parent && strcasecmp(parent, "ffffffff") != 0) || strstr(text, "parentFileNameHint"))
        return refuse_parent(f, err);
    return 0;
}

static uint64_t grain_place(const void *context, const unsigned char *entry)
{
    uint32_t sector = le32_at(entry, 0);

    (void)context;
    return sector == GRAIN_ZERO ? 0 : sector * SECTOR;
}

/* The directory names the tables, and those the grains. */
static int check_tables(const struct foreign *f, const struct extent *e, struct error **err)
{
    uint64_t covered = e->grain * e->entries; /* sectors by one table */
    uint64_t tables = (e->capacity + covered - 1) / covered;
    uint64_t length = tables * sizeof(uint32_t), spent = 0;
    auto_free unsigned char *directory = NULL;

    if (length > DIRECTORY_LIMIT || e->directory > SECTORS_LIMIT)
        return foreign_damaged(f, "its table does not fit its size", err);
    directory = xmalloc((size_t)length);
    if (foreign_read(f, e->directory * SECTOR, directory, (size_t)length, err) < 0)
        return -1;
    for (uint64_t i = tables; i > 0; i--) {
        uint64_t table = le32_at(directory, (i - 1) * sizeof(uint32_t)) * SECTOR;

        spent += e->entries * sizeof(uint32_t);
        if (table >= f->bytes)
            return foreign_cut_off(f, table, err);
        if (table && spent < DIRECTORY_LIMIT &&
            foreign_table(f, table, e->entries, sizeof(uint32_t), grain_place, NULL, err) < 0)
            return -1;
    }
    return 0;
}

static int inspect(const struct foreign *f, uint64_t *ret_capacity, struct error **err)
{
    struct extent e, first;

    if (memcmp(f->header, "# Disk", 6) == 0)
        return is_in_parts(f, err);
    if (memcmp(f->header, "COWD", 4) == 0)
        return foreign_refused(f, "is of an old version that is not taken",
                               "make a newer one of it: vmkfstools -i IN.vmdk OUT.vmdk", err);
    if (f->bytes < HEADER_BYTES)
        return foreign_damaged(f, "its header is cut off", err);
    first = extent_at(f->header);
    if (read_extent(f, &e, err) < 0 || check_parent(f, err) < 0 ||
        check_descriptor(f, &first, err) < 0)
        return -1;
    if (e.capacity > SECTORS_LIMIT || foreign_capacity(f, e.capacity * SECTOR, err) < 0)
        return e.capacity > SECTORS_LIMIT ? foreign_capacity(f, UINT64_MAX, err) : -1;
    if (e.grain == 0 || e.grain > 0x200000 || e.entries == 0 || e.entries > 512)
        return foreign_damaged(f, "its header does not fit its size", err);
    *ret_capacity = e.capacity * SECTOR;
    return check_tables(f, &e, err);
}

const struct foreign_format foreign_vmdk = {
    .word = "vmdk",
    .qemu = "vmdk",
    .kind = "VMDK",
    .recognise = recognise,
    .inspect = inspect,
};
