/* SPDX-License-Identifier: Apache-2.0 */
/* The GUID partition table (UEFI specification, chapter 5), for partitions.c. */
#ifndef PROVISION_PARTITIONS_GPT_H
#define PROVISION_PARTITIONS_GPT_H

#include "provision/image/partitions.h"

/* 1: read into `p`; 0: there is none. `announced`: the MBR says that there is one, so that none
 * that can be read is an error. */
int partitions_gpt_read(const struct disk_reader *disk, bool announced, struct partitions *p,
                        struct error **err) MUST_CHECK;

#endif
