/* SPDX-License-Identifier: Apache-2.0 */
/* Files that must not be touched: those that a QEMU has open, and those that are virtopo's. */
#ifndef PROVISION_IN_USE_H
#define PROVISION_IN_USE_H

#include "util/error.h"

/* ERROR_BUSY while a QEMU (a guest, a qemu-img) has it open. Sees those of this machine. A file
 * that is not there is fine. */
int in_use_check(const char *path, struct error **err) MUST_CHECK;
/* The same only of one who may write: what such a file holds is of no one moment. */
int in_use_check_written(const char *path, struct error **err) MUST_CHECK;
/* ERROR_CONFLICT for what is in the folder of a host's store, or below: images there are shared
 * and never change, and the disks are nodes'. `doing`: "resize". */
int in_use_check_ours(const char *path, const char *doing, struct error **err) MUST_CHECK;
/* ERROR_CONFLICT for a file that is to be made, or replaced, in a store's folder or below: also
 * by way of links, and where the store has the file under another name. */
int in_use_check_output(const char *path, struct error **err) MUST_CHECK;
/* ERROR_CONFLICT for a file with several names, before it is changed in place: another one may
 * be anybody's, also an image's of a store. */
int in_use_check_names(const char *path, const char *doing, struct error **err) MUST_CHECK;
/* The name that a store has for this file, wherever it was linked or mounted to, or NULL. The
 * caller frees it. */
char *in_use_other_name(const char *path, const char *store);

#endif
