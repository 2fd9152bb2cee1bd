/* SPDX-License-Identifier: Apache-2.0 */
/* Room for what is written into the cache. */
#ifndef PROVISION_SPACE_H
#define PROVISION_SPACE_H

#include <stdint.h>

#include "util/error.h"

/* Refuses when the file system of `path` has no room for so many more bytes. */
int space_check(const char *path, uint64_t bytes, struct error **err) MUST_CHECK;
/* Why writing to `path` failed; -1. */
int space_write_error(const char *path, int code, struct error **err);

#endif
