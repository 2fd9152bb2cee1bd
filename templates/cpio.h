/* SPDX-License-Identifier: Apache-2.0 */
/* A cpio archive ("newc", what Linux takes as an initramfs) with libarchive, byte-reproducible.
 */
#ifndef TEMPLATES_CPIO_H
#define TEMPLATES_CPIO_H

#include "templates/iso.h"

/* The files belong to root, who alone reads them. Appends to `out`. */
int cpio_build(const struct iso_file *files, size_t count, struct buffer *out,
               struct error **err) MUST_CHECK;

#endif
