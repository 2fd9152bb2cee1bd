/* SPDX-License-Identifier: Apache-2.0 */
/* What the header of a qcow2 image says that it is an overlay of. */
#ifndef PROVISION_BACKING_H
#define PROVISION_BACKING_H

#include <stdint.h>

#include "util/error.h"

struct backing {
    char *name;         /* as the header has it; NULL: none */
    char *format;       /* "qcow2", "raw", ...; NULL: not said */
    uint64_t capacity;  /* of the overlay */
    uint64_t bytes;     /* of its file */
    uint32_t snapshots; /* inside of it */
};

/* 1: a qcow2 image, described; 0: no qcow2 image; -1. Refuses what qcow2_inspect refuses of a
 * header, but for the backing file. */
int backing_read(const char *path, struct backing *ret, struct error **err) MUST_CHECK;
void backing_done(struct backing *b);
#define auto_backing __attribute__((cleanup(backing_done)))

#endif
