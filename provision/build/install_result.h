/* SPDX-License-Identifier: Apache-2.0 */
/* What an installer left on its disk, as an image. */
#ifndef PROVISION_INSTALL_RESULT_H
#define PROVISION_INSTALL_RESULT_H

#include "config/image/image.h"
#include "engine/resource.h"
#include "provision/build/install_console.h"

/* Converts the qcow2 image `disk` of so many bytes to a compact one at `part`. A disk that
 * nothing boots from is an error, with the console's end. */
int install_result_keep(const struct image *image, const char *disk, uint64_t size,
                        const char *part, const struct install_console *console,
                        struct task *task, struct error **err) MUST_CHECK;

#endif
