/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a larger disk is for: the partition and the file system in the guest, grown by its
 * agent, else over SSH (templates/grow_script.h). A layout that is not understood is left
 * alone.
 *
 * Nothing here is a failure of the run: the disk has grown. What came of it, or what is left to
 * type in the guest, is a note.
 */
#ifndef PROVISION_GROW_H
#define PROVISION_GROW_H

#include "provision/node/machine.h"

/* Before a running node's disk grows: says so on the running domain, until what is on the disk
 * was seen to, so that a run that is cut off in between is taken up by the next. */
void grow_open(virDomainPtr domain, const struct disk *disk);
bool grow_is_open(const struct machine *m, const struct disk *disk);
/* After the root disk (`disk` NULL) or another one of a running node has been given `size`. */
void grow_in_guest(const struct machine *m, const struct disk *disk, uint64_t size,
                   struct task *task);
/* The same for a node that does not run: says what comes at its next boot. */
void grow_at_boot(const struct machine *m, const struct disk *disk, struct task *task);
/* What the script said, as a note: "/ (ext4 on /dev/vda2) has 1.9 GiB now", or what it left to
 * do. The caller frees it. */
char *grow_outcome(int status, const char *output);

#endif
