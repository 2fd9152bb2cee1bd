/* SPDX-License-Identifier: Apache-2.0 */
/* What commands read: a file of the user's, or an image out of a host's store. */
#ifndef PROVISION_DISK_INPUT_H
#define PROVISION_DISK_INPUT_H

#include "host/site.h"
#include "provision/disk_file/chain.h"
#include "provision/disk_file/scratch_folder.h"

struct disk_input {
    struct disk_chain chain;
    struct scratch_folder scratch; /* of copies out of a store that cannot be read here */
};

/* disk_chain_read, but nothing that a guest writes to at this moment. */
int disk_input_file(const char *path, int want, bool follow, struct disk_input *ret,
                    struct error **err) MUST_CHECK;
/* An image with all that it stands on: by its files where they can be read, else copied from
 * the host. */
int disk_input_image(struct site_host *host, const char *volume, struct task *task,
                     struct disk_input *ret, struct error **err) MUST_CHECK;
void disk_input_done(struct disk_input *input);
#define auto_disk_input __attribute__((cleanup(disk_input_done)))

#endif
