/* SPDX-License-Identifier: Apache-2.0 */
/* What a qcow2 image says of itself, and whether the file holds all that its tables refer to: a
 * download that broke off has a good header. */
#ifndef PROVISION_QCOW2_H
#define PROVISION_QCOW2_H

#include <stdint.h>

#include "util/error.h"

/* `bytes`: the file's size. Refuses backing files, data in another file, encryption, features
 * that no qemu knows, absurd sizes, damaged tables, and references to what lies beyond the end
 * of the file. A hostile image costs no more time and memory than a large one: of tables beyond
 * 64 MiB (half a terabyte of data), only where they lie is checked. */
int qcow2_inspect(int fd, const char *path, uint64_t bytes, uint64_t *ret_capacity,
                  struct error **err) MUST_CHECK;
/* The same of a layer: its backing file is an image of the store, by its name alone, and the
 * format of that is said. */
int qcow2_inspect_layer(int fd, const char *path, uint64_t bytes, uint64_t *ret_capacity,
                        struct error **err) MUST_CHECK;

#endif
