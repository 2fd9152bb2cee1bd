/* SPDX-License-Identifier: Apache-2.0 */
/* A folder in the cache for as long as some work takes. It is locked: what a run that was
 * killed left is known by that nobody holds it, and goes with the next. */
#ifndef PROVISION_SCRATCH_FOLDER_H
#define PROVISION_SCRATCH_FOLDER_H

#include "util/error.h"

struct scratch_folder {
    char *path; /* NULL: none */
    int lock;
};

int scratch_folder_make(struct scratch_folder *ret, struct error **err) MUST_CHECK;
/* With all that is in it. */
void scratch_folder_remove(struct scratch_folder *folder);
#define auto_scratch_folder __attribute__((cleanup(scratch_folder_remove)))

#endif
