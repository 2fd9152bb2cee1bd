/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disk images of other programs, by their own bytes: VMDK, VDI, VHDX, VHD. They are looked at
 * before any tool opens them, as these formats can name other files (a descriptor's extents, a
 * parent), which a tool would follow.
 *
 * A table that refers to what lies behind the end of the file shows one that was cut off. As
 * with qcow2, tables beyond a limit are not read: a hostile image costs no more than a large
 * one.
 */
#ifndef PROVISION_FOREIGN_H
#define PROVISION_FOREIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

/* Larger than any guest's disk, small enough for every tool's arithmetic. */
#define DISK_CAPACITY_LIMIT (UINT64_C(1) << 46)
#define FOREIGN_HEADER 1024

struct foreign {
    int fd;
    const char *path;
    uint64_t bytes; /* of the file */
    const char *kind;
    unsigned char header[FOREIGN_HEADER]; /* its first bytes; zero where it is shorter */
};

struct foreign_format {
    const char *word; /* as `format` has it: "vhd" */
    const char *qemu; /* as qemu has it: "vpc" */
    const char *kind; /* as people have it: "VHD" */
    bool (*recognise)(const struct foreign *f);
    /* Its virtual size; refuses what must not be opened or cannot be read in whole. */
    int (*inspect)(const struct foreign *f, uint64_t *ret_capacity, struct error **err);
};

extern const struct foreign_format foreign_vmdk, foreign_vdi, foreign_vhdx, foreign_vhd;

/* The format of an open file by its content, or NULL. Fills `f`. */
const struct foreign_format *foreign_find(struct foreign *f, int fd, const char *path,
                                          uint64_t bytes);
/* By its word, or NULL. */
const struct foreign_format *foreign_named(const char *word);

/* ---- for the formats ---- */

/* "a damaged VDI image (…)". Returns -1, as the others. */
int foreign_damaged(const struct foreign *f, const char *what, struct error **err);
int foreign_cut_off(const struct foreign *f, uint64_t byte, struct error **err);
/* "the VDI image …" */
int foreign_refused(const struct foreign *f, const char *what, const char *hint,
                    struct error **err);
/* All of it, or it is cut off. */
int foreign_read(const struct foreign *f, uint64_t offset, void *data, size_t length,
                 struct error **err) MUST_CHECK;
int foreign_capacity(const struct foreign *f, uint64_t capacity, struct error **err) MUST_CHECK;
/* Goes through a table of `count` entries of `size` bytes; `place` says at which byte of the
 * file an entry's data begins, 0 for none. */
int foreign_table(const struct foreign *f, uint64_t offset, uint64_t count, size_t size,
                  uint64_t (*place)(const void *context, const unsigned char *entry),
                  const void *context, struct error **err) MUST_CHECK;

#endif
